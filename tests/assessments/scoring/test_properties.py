"""What must hold for every scheme and every answer, and an oracle: the contract's sentences written out plainly."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    NOT_APPLICABLE,
    BandScheme,
    Conversion,
    ItemScheme,
    PillarScheme,
    Scheme,
    aggregate,
    score,
)

weights = st.decimals(0, 1000, places=3) | st.sampled_from([Decimal(0), Decimal(1)])
scales = st.lists(st.decimals(0, 20, places=2), min_size=2, max_size=6, unique=True).map(
    lambda points: tuple(sorted(points))
)


@st.composite
def schemes(draw):
    pillars = []
    for p in range(draw(st.integers(1, 3))):
        items = [
            ItemScheme(
                f"{p}-{i}", draw(weights), draw(scales), draw(st.booleans()), draw(st.booleans())
            )
            for i in range(draw(st.integers(1, 4)))
        ]
        pillars.append(PillarScheme(f"P{p}", draw(weights), tuple(items)))
    lowers = draw(st.lists(st.decimals(0, 100, places=2), max_size=4, unique=True))
    return Scheme(
        code="S",
        version="1",
        conversion=draw(st.sampled_from(Conversion)),
        minimum_coverage=draw(st.decimals(0, 1, places=2)),
        decimals=draw(st.integers(0, 6)),
        bands=tuple(BandScheme(f"B{n}", low) for n, low in enumerate(sorted(lowers, reverse=True))),
        pillars=tuple(pillars),
    )


@st.composite
def cases(draw):
    scheme = draw(schemes())
    return scheme, draw(answers_to(scheme))


@st.composite
def answers_to(draw, scheme):
    answers = {}
    for item in scheme.items:
        choices = [None, *item.values, *item.values]
        choices += [NOT_APPLICABLE] if item.not_applicable else []
        answer = draw(st.sampled_from(choices))
        if answer is not None:
            answers[item.code] = answer
    return answers


def oracle_pillar(scheme, pillar, answers):
    """Score and applicable weight of a pillar, from the contract's sentences, without a shortcut."""
    numerator = answered = applicable = Fraction(0)
    for item in pillar.items:
        answer, weight = answers.get(item.code), Fraction(item.weight)
        if answer is NOT_APPLICABLE:
            continue
        applicable += weight
        if answer is None:
            continue
        low, high, value = Fraction(min(item.values)), Fraction(max(item.values)), Fraction(answer)
        if item.reversed:
            value = low + high - value
        if scheme.conversion == "share-of-maximum":
            item_score = 100 * value / high
        else:
            item_score = 100 * (value - low) / (high - low)
        numerator += weight * item_score
        answered += weight
    if answered == 0:
        return None, "no-answers", applicable
    if answered / applicable < Fraction(scheme.minimum_coverage):
        return None, "coverage", applicable
    return numerator / answered, None, applicable


def oracle_total(scheme, pillars):
    reasons = {reason for exact, reason, applicable in pillars if exact is None and applicable > 0}
    if reasons:
        return None, "coverage" if "coverage" in reasons else "no-answers"
    scored = [
        (Fraction(pillar.weight), exact)
        for pillar, (exact, _, _) in zip(scheme.pillars, pillars, strict=True)
        if exact is not None
    ]
    weight = sum(weight for weight, _ in scored)
    if not weight:
        return None, "no-answers"
    return sum(weight * exact for weight, exact in scored) / weight, None


def oracle_round(exact, places):
    """A hundred digits are enough to tell a half of a fraction with such small denominators."""
    context = Context(prec=100)
    quotient = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return quotient.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=context)


def oracle_band(scheme, rounded):
    reached = [band for band in scheme.bands if band.lower <= rounded]
    return max(reached, key=lambda band: band.lower).code if reached else None


@given(cases())
def test_the_scorer_agrees_with_the_oracle(case):
    scheme, answers = case
    card = score(scheme, answers)
    pillars = [oracle_pillar(scheme, pillar, answers) for pillar in scheme.pillars]
    assert [(p.exact, p.reason, p.applicable_weight) for p in card.pillars] == pillars
    assert (card.total.exact, card.total.reason) == oracle_total(scheme, pillars)
    for figure in (card.total, *card.pillars):
        if figure.exact is None:
            assert (figure.rounded, figure.band) == (None, None)
        else:
            assert str(figure.rounded) == str(oracle_round(figure.exact, scheme.decimals))
            assert figure.band == oracle_band(scheme, figure.rounded)


@given(cases())
def test_scores_stay_within_their_bounds(case):
    card = score(*case)
    for figure in (card.total, *card.pillars):
        assert figure.exact is None or 0 <= figure.exact <= 100
    for pillar in card.pillars:
        assert pillar.answered + pillar.not_applicable + pillar.missing == len(pillar.contributions)
        assert 0 <= pillar.answered_weight <= pillar.applicable_weight


@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, random):
    scheme, answers = case
    pillars = [
        replace(pillar, items=tuple(random.sample(pillar.items, len(pillar.items))))
        for pillar in scheme.pillars
    ]
    random.shuffle(pillars)
    shuffled = replace(scheme, pillars=tuple(pillars))
    given_order = list(answers.items())
    random.shuffle(given_order)
    card, other = score(scheme, answers), score(shuffled, dict(given_order))
    assert other.total == card.total
    assert {pillar.code: pillar.exact for pillar in other.pillars} == {
        pillar.code: pillar.exact for pillar in card.pillars
    }


@given(cases(), st.decimals("0.01", 100, places=2), st.decimals("0.01", 100, places=2))
def test_only_the_ratio_of_weights_matters(case, by, between):
    scheme, answers = case
    scaled = replace(
        scheme,
        pillars=tuple(
            replace(
                pillar,
                weight=pillar.weight * between,
                items=tuple(replace(item, weight=item.weight * by) for item in pillar.items),
            )
            for pillar in scheme.pillars
        ),
    )
    card, other = score(scheme, answers), score(scaled, answers)
    assert other.total == card.total
    assert [pillar.exact for pillar in other.pillars] == [pillar.exact for pillar in card.pillars]


@given(scales, st.sampled_from(Conversion), st.data())
def test_a_mirrored_answer_to_a_reversed_item_is_the_plain_answer(scale, conversion, data):
    value = data.draw(st.sampled_from(scale))
    plain = ItemScheme("I", Decimal(1), scale)
    mirror = ItemScheme("I", Decimal(1), scale, reversed=True)
    mirrored = scale[0] + scale[-1] - value
    assert mirror.score(mirrored, conversion) == plain.score(value, conversion)
    assert mirror.score(scale[0], conversion) == 100


@given(cases(), st.integers(1, 5))
def test_the_mean_of_identical_people_is_that_person(case, people):
    scheme, answers = case
    card = score(scheme, answers)
    result = aggregate(scheme, [card] * people)
    assert result.total == card.total
    assert [(pillar.exact, pillar.band) for pillar in result.pillars] == [
        (pillar.exact, pillar.band) for pillar in card.pillars
    ]
    assert (result.n, result.scored) == (people, people if card.total.exact is not None else 0)


@given(st.data())
def test_an_aggregate_is_pooled(data):
    scheme = data.draw(schemes())
    cards = [
        score(scheme, data.draw(answers_to(scheme))) for _ in range(data.draw(st.integers(0, 6)))
    ]
    result = aggregate(scheme, cards)
    for number, pillar in enumerate(result.pillars):
        scored = [
            card.pillars[number].exact for card in cards if card.pillars[number].exact is not None
        ]
        assert pillar.scored == len(scored)
        assert pillar.exact == (sum(scored) / Fraction(len(scored)) if scored else None)
