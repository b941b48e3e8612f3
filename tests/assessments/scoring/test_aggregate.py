from fractions import Fraction

import pytest

from assessments.scoring import NOT_APPLICABLE, Reason, aggregate, score
from tests.assessments.schemes import make_item, make_pillar, make_scheme, values

ELEMENT = make_scheme()


@pytest.mark.parametrize(
    ("total", "people", "shown"),
    [(100, 29, ("86.21", "B")), (115, 29, ("99.14", "A")), (116, 29, ("100.00", "A"))],
)
def test_an_element_over_respondents(total, people, shown):
    threes = 4 * people - total
    answers = [3] * threes + [4] * (people - threes)
    result = aggregate(ELEMENT, [score(ELEMENT, values(I1=answer)) for answer in answers])
    assert (str(result.total.rounded), result.total.band) == shown
    assert (result.n, result.scored, result.pillars[0].scored) == (29, 29, 29)


def test_the_mean_is_of_exact_scores():
    # Rounded first, 33.33 and 66.67 and 66.67 would give 55.56 as well; one place shows the difference.
    scheme = make_scheme(
        make_pillar("P", *[make_item(f"I{n}", values=["0", "1"]) for n in range(3)]),
        decimals=0,
        bands=(),
    )
    cards = [score(scheme, values(I0=1, I1=0, I2=0)) for _ in range(2)]
    cards.append(score(scheme, values(I0=1, I1=1, I2=1)))
    result = aggregate(scheme, cards)
    assert result.pillars[0].exact == Fraction(500, 9)
    assert str(result.pillars[0].rounded) == "56"  # of 33, 33 and 100 it would be 55


def test_people_without_a_score_are_counted_but_not_averaged():
    scheme = make_scheme(
        make_pillar("P", make_item("I1")),
        make_pillar("Q", make_item("J1", not_applicable=True)),
    )
    cards = [
        score(scheme, values(I1=4, J1=2)),
        score(scheme, values(I1=2) | {"J1": NOT_APPLICABLE}),
        score(scheme, values(I1=1)),
        score(scheme, {}),
    ]
    result = aggregate(scheme, iter(cards))
    assert (result.n, result.scored) == (4, 2)
    assert str(result.total.rounded) == "62.50"
    assert [(p.code, str(p.rounded), p.scored) for p in result.pillars] == [
        ("P", "58.33", 3),
        ("Q", "50.00", 1),
    ]


def test_nobody_has_a_score():
    scheme = make_scheme(make_pillar("P", make_item("I1"), make_item("I2")), minimum_coverage="1")
    nobody = aggregate(scheme, [])
    assert (nobody.n, nobody.total.rounded, nobody.total.reason) == (0, None, Reason.NO_ANSWERS)
    silent = aggregate(scheme, [score(scheme, {})])
    assert (silent.n, silent.pillars[0].reason) == (1, Reason.NO_ANSWERS)
    partial = aggregate(scheme, [score(scheme, values(I1=4)), score(scheme, {})])
    assert (partial.n, partial.scored, partial.total.reason) == (2, 0, Reason.COVERAGE)
    assert (partial.pillars[0].exact, partial.pillars[0].reason) == (None, Reason.COVERAGE)
