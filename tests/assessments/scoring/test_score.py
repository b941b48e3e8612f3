"""The scoring rules of the operator contract, one by one, by figures that a person can check."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from assessments.scoring import (
    METHOD,
    NOT_APPLICABLE,
    Conversion,
    NotApplicableDenied,
    Reason,
    UnknownItem,
    ValueOffScale,
    score,
)
from tests.assessments.schemes import make_item, make_pillar, make_scheme, values


def shown(figure):
    return (None if figure.rounded is None else str(figure.rounded), figure.band, figure.reason)


def items(*weights, **fields):
    return [
        make_item(f"I{number}", weight=weight, **fields)
        for number, weight in enumerate(weights, start=1)
    ]


def one_item_score(item, value, conversion=Conversion.SHARE_OF_MAXIMUM):
    scheme = make_scheme(make_pillar("P", item), conversion=conversion, bands=())
    return str(score(scheme, {item.code: Decimal(value)}).total.rounded)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (1, ("25.00", "D", None)),
        (2, ("50.00", "D", None)),
        (3, ("75.00", "C", None)),
        (4, ("100.00", "A", None)),
    ],
)
def test_skm_of_nine_equal_elements(answer, expected):
    scheme = make_scheme(make_pillar("SKM", *items(*["1"] * 9)))
    card = score(scheme, values(**{f"I{number}": answer for number in range(1, 10)}))
    assert shown(card.pillars[0]) == expected
    assert shown(card.total) == expected


@pytest.mark.parametrize(
    ("scale", "answer", "expected"),
    [
        (["0", "1"], "1", "100.00"),
        (["0", "1"], "0", "0.00"),
        (["0", "0.5", "1"], "0.5", "50.00"),
        (["0", "0.33", "0.67", "1"], "0.67", "67.00"),
        (["0", "0.33", "0.67", "1"], "0.33", "33.00"),
        (["0", "0.25", "0.5", "0.75", "1"], "0.25", "25.00"),
    ],
)
def test_lke_rows(scale, answer, expected):
    for conversion in Conversion:
        assert one_item_score(make_item(values=scale), answer, conversion) == expected


@pytest.mark.parametrize(
    ("conversion", "is_reversed", "answer", "expected"),
    [
        (Conversion.SHARE_OF_MAXIMUM, False, "3", "60.00"),
        (Conversion.SHARE_OF_MAXIMUM, True, "5", "20.00"),
        (Conversion.SHARE_OF_MAXIMUM, True, "1", "100.00"),
        (Conversion.MIN_MAX, False, "1", "0.00"),
        (Conversion.MIN_MAX, False, "2", "25.00"),
        (Conversion.MIN_MAX, True, "2", "75.00"),
        (Conversion.MIN_MAX, True, "5", "0.00"),
    ],
)
def test_conversion_and_reversal(conversion, is_reversed, answer, expected):
    item = make_item(values=["1", "2", "3", "4", "5"], reversed=is_reversed)
    assert one_item_score(item, answer, conversion) == expected


def test_a_scale_below_zero_by_min_max():
    assert one_item_score(make_item(values=["-2", "-1", "2"]), "-1", Conversion.MIN_MAX) == "25.00"


def test_a_reversed_item_without_rounding():
    item = make_item(values=["0", "0.33", "0.67", "1"], reversed=True)
    assert one_item_score(item, "0.67") == "33.00"


def test_weights_count_within_a_pillar_and_between_pillars():
    scheme = make_scheme(
        make_pillar("P", *items("2", "1"), weight="3"),
        make_pillar("Q", make_item("J"), weight="0.5"),
    )
    card = score(scheme, values(I1=4, I2=1, J=2))
    assert card.pillars[0].exact == Fraction(2 * 100 + 25, 3)
    assert card.total.exact == (3 * Fraction(225, 3) + Fraction(1, 2) * 50) / Fraction(7, 2)


def test_the_total_is_made_of_exact_pillars_not_of_rounded_ones():
    scheme = make_scheme(
        make_pillar("P", *items("1", "1", "1", values=["0", "1"])),
        make_pillar("Q", *[make_item(f"J{n}", values=["0", "1"]) for n in range(3)]),
        make_pillar("R", *[make_item(f"K{n}", values=["0", "1"]) for n in range(3)]),
        decimals=0,
        bands=(),
    )
    answers = values(I1=1, I2=1, I3=0, J0=1, J1=1, J2=0, K0=1, K1=0, K2=0)
    card = score(scheme, answers)
    assert [str(pillar.rounded) for pillar in card.pillars] == ["67", "67", "33"]
    assert card.total.exact == Fraction(500, 9)
    assert str(card.total.rounded) == "56"


def test_the_band_is_of_the_rounded_score():
    # 88.305 exactly: a half at the third place, which is rounded up into the band.
    item = make_item(values=["0", "88.305", "100"])
    card = score(make_scheme(make_pillar("P", item)), values(I1="88.305"))
    assert shown(card.total) == ("88.31", "A", None)
    card = score(
        make_scheme(make_pillar("P", make_item(values=["0", "88.3049", "100"]))),
        values(I1="88.3049"),
    )
    assert shown(card.total) == ("88.30", "B", None)


def test_missing_is_not_zero_and_counts_against_coverage():
    pillar = make_pillar("P", *items("1", "1", "1", "1", "1"))
    answers = values(I1=4, I2=4, I3=4, I4=4)
    at_the_bound = score(make_scheme(pillar, minimum_coverage="0.8"), answers)
    assert shown(at_the_bound.total) == ("100.00", "A", None)
    above = score(make_scheme(pillar, minimum_coverage="0.800001"), answers)
    assert shown(above.pillars[0]) == (None, None, Reason.COVERAGE)
    assert shown(above.total) == (None, None, Reason.COVERAGE)
    assert (above.pillars[0].answered, above.pillars[0].missing) == (4, 1)


def test_coverage_is_compared_exactly():
    # One third of the weight is just above 0.333333 and just below 0.333334.
    pillar = make_pillar("P", *items("1", "1", "1"))
    reached = score(make_scheme(pillar, minimum_coverage="0.333333"), values(I1=4))
    assert shown(reached.pillars[0]) == ("100.00", "A", None)
    short = score(make_scheme(pillar, minimum_coverage="0.333334"), values(I1=4))
    assert shown(short.pillars[0]) == (None, None, Reason.COVERAGE)


def test_coverage_is_of_weight_not_of_number():
    pillar = make_pillar("P", *items("8", "1", "1"))
    scheme = make_scheme(pillar, minimum_coverage="0.8")
    assert shown(score(scheme, values(I1=2)).total) == ("50.00", "D", None)
    assert shown(score(scheme, values(I2=2, I3=2)).total) == (None, None, Reason.COVERAGE)


def test_not_applicable_leaves_both_sums():
    pillar = make_pillar("P", *items("1", "1", "2", not_applicable=True))
    card = score(
        make_scheme(pillar, minimum_coverage="1"), values(I1=4, I2=2) | {"I3": NOT_APPLICABLE}
    )
    scored = card.pillars[0]
    assert shown(scored) == ("75.00", "C", None)
    assert (scored.answered, scored.not_applicable, scored.missing) == (2, 1, 0)
    assert (scored.answered_weight, scored.applicable_weight) == (Decimal(2), Decimal(2))


def test_a_pillar_that_is_wholly_not_applicable_does_not_stand_in_the_way():
    scheme = make_scheme(
        make_pillar("P", make_item("I1", not_applicable=True), weight="9"),
        make_pillar("Q", make_item("J1")),
        minimum_coverage="1",
    )
    card = score(scheme, {"I1": NOT_APPLICABLE} | values(J1=3))
    assert shown(card.pillars[0]) == (None, None, Reason.NO_ANSWERS)
    assert shown(card.total) == ("75.00", "C", None)


def test_a_pillar_without_an_answer_stands_in_the_way():
    scheme = make_scheme(make_pillar("P", make_item("I1")), make_pillar("Q", make_item("J1")))
    card = score(scheme, values(I1=4))
    assert shown(card.pillars[1]) == (None, None, Reason.NO_ANSWERS)
    assert shown(card.total) == (None, None, Reason.NO_ANSWERS)


def test_too_little_coverage_is_named_before_no_answers():
    scheme = make_scheme(
        make_pillar("P", make_item("I1")),
        make_pillar("Q", make_item("J1"), make_item("J2")),
        minimum_coverage="0.6",
    )
    assert score(scheme, values(J1=4)).total.reason is Reason.COVERAGE


@pytest.mark.parametrize("coverage", ["0", "0.5", "1"])
def test_nothing_answered(coverage):
    card = score(make_scheme(minimum_coverage=coverage), {})
    assert shown(card.pillars[0]) == (None, None, Reason.NO_ANSWERS)
    assert shown(card.total) == (None, None, Reason.NO_ANSWERS)


def test_an_indicator_of_weight_zero_is_asked_and_not_scored():
    pillar = make_pillar("P", *items("0", "1"))
    card = score(make_scheme(pillar, minimum_coverage="1"), values(I1=1, I2=4))
    assert shown(card.pillars[0]) == ("100.00", "A", None)
    assert card.pillars[0].answered == 2
    card = score(make_scheme(pillar), values(I1=4))
    assert shown(card.pillars[0]) == (None, None, Reason.NO_ANSWERS)
    assert card.pillars[0].answered == 1


def test_a_pillar_of_weight_zero_has_a_score_outside_the_total():
    scheme = make_scheme(
        make_pillar("P", make_item("I1"), weight="0"), make_pillar("Q", make_item("J1"))
    )
    card = score(scheme, values(I1=1, J1=4))
    assert shown(card.pillars[0]) == ("25.00", "D", None)
    assert shown(card.total) == ("100.00", "A", None)


def test_a_pillar_of_weight_zero_must_be_answered_too():
    scheme = make_scheme(
        make_pillar("P", make_item("I1"), weight="0"), make_pillar("Q", make_item("J1"))
    )
    assert shown(score(scheme, values(J1=4)).total) == (None, None, Reason.NO_ANSWERS)


def test_a_pillar_whose_indicators_all_weigh_zero_does_not_stand_in_the_way():
    scheme = make_scheme(
        make_pillar("P", make_item("I1", weight="0"), weight="0"), make_pillar("Q", make_item("J1"))
    )
    card = score(scheme, values(I1=1, J1=4))
    assert shown(card.pillars[0]) == (None, None, Reason.NO_ANSWERS)
    assert shown(card.total) == ("100.00", "A", None)


def test_no_total_where_only_pillars_of_weight_zero_have_a_score():
    scheme = make_scheme(
        make_pillar("P", make_item("I1"), weight="0"),
        make_pillar("Q", make_item("J1", not_applicable=True)),
    )
    card = score(scheme, values(I1=4) | {"J1": NOT_APPLICABLE})
    assert shown(card.total) == (None, None, Reason.NO_ANSWERS)


def test_an_instrument_without_bands_gives_no_band():
    assert shown(score(make_scheme(bands=()), values(I1=4)).total) == ("100.00", None, None)


def test_none_is_missing():
    assert score(make_scheme(), {"I1": None}) == score(make_scheme(), {})


def test_equal_numbers_are_one_value():
    assert score(make_scheme(), values(I1="3.0")) == score(make_scheme(), values(I1="3"))


@pytest.mark.parametrize("value", ["0", "5", "-1", "3.5", "1E+9", "NaN", "sNaN", "Infinity"])
def test_a_value_outside_the_scale_is_refused(value):
    with pytest.raises(ValueOffScale) as caught:
        score(make_scheme(), values(I1=value))
    assert caught.value.indicator == "I1"


def test_an_answer_to_another_instrument_is_refused():
    with pytest.raises(UnknownItem) as caught:
        score(make_scheme(), values(I1=1, Z=1, X=1))
    assert caught.value.indicator == "X"


def test_not_applicable_is_refused_where_it_is_not_offered():
    with pytest.raises(NotApplicableDenied) as caught:
        score(make_scheme(), {"I1": NOT_APPLICABLE})
    assert caught.value.indicator == "I1"


def test_the_card_says_how_the_figure_came_about():
    scheme = make_scheme(
        make_pillar(
            "P",
            make_item("I1", weight="1.5", reversed=True),
            make_item("I2", not_applicable=True),
            make_item("I3", weight="0.25"),
            weight="20",
        ),
        minimum_coverage="0.5",
    )
    card = score(scheme, values(I1=2) | {"I2": NOT_APPLICABLE})
    pillar = card.pillars[0]
    assert [(c.code, c.answer, c.weight, c.score, c.reversed) for c in pillar.contributions] == [
        ("I1", Decimal(2), Decimal("1.5"), Fraction(75), True),
        ("I2", NOT_APPLICABLE, Decimal(1), None, False),
        ("I3", None, Decimal("0.25"), None, False),
    ]
    assert (pillar.answered, pillar.not_applicable, pillar.missing) == (1, 1, 1)
    assert (pillar.answered_weight, pillar.applicable_weight) == (Decimal("1.5"), Decimal("1.75"))
    assert (card.instrument, card.version, card.method) == ("UJI", "1", METHOD)
    assert (card.conversion, card.minimum_coverage) == (scheme.conversion, Decimal("0.5"))


def test_the_ambient_decimal_context_has_no_say():
    scheme = make_scheme(make_pillar("P", *items("0.123456", "999999.999999")))
    answers = values(I1=1, I2=4)
    expected = score(scheme, answers)
    with localcontext() as context:
        context.prec = 3
        # A scheme of other identity, so that nothing compiled before is taken.
        again = score(make_scheme(*scheme.pillars, decimals=4), answers)
    assert again.total.exact == expected.total.exact
    assert again.pillars[0].applicable_weight == Decimal("1000000.123455")
