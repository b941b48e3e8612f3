"""Scores in words: the formula, the remarks, the rounding and the band, by tables and by properties."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.queries.explaining import BandRange, explain, reason_text
from assessments.queries.formulas import exactly, pillar_formula, plain, signed, total_formula
from assessments.scoring import NOT_APPLICABLE, Conversion, Reason, score
from pillars.queries import IndicatorItem, LevelItem, PillarItem, Questionnaire
from tests.assessments.schemes import make_item, make_pillar, make_scheme, values

BANDS = (
    BandRange("A", "Sangat Baik", Decimal("88.31"), None),
    BandRange("B", "B", Decimal("76.61"), Decimal("88.31")),
    BandRange("C", "C", Decimal(65), Decimal("76.61")),
    BandRange("D", "D", Decimal(25), Decimal(65)),
)
LABELS = ("Perlu dibimbing", "Sesuai tata kerja", "Mandiri", "Menjadi rujukan")


def questions_of(scheme):
    pillars = tuple(
        PillarItem(
            id=place,
            code=pillar.code,
            name=f"Pilar {pillar.code}",
            description="",
            weight=pillar.weight,
            indicators=tuple(
                IndicatorItem(
                    id=place,
                    code=item.code,
                    statement=f"Pernyataan {item.code}",
                    weight=item.weight,
                    reversed=item.reversed,
                    not_applicable=item.not_applicable,
                    evidence_from=Decimal(0),
                    levels=tuple(
                        LevelItem(value, label, "")
                        for value, label in zip(item.values, LABELS, strict=False)
                    ),
                )
                for item in pillar.items
            ),
        )
        for place, pillar in enumerate(scheme.pillars)
    )
    return Questionnaire(1, scheme.code, scheme.version, "", pillars)


def explained(scheme, answers):
    return explain(score(scheme, answers), scheme, questions_of(scheme), BANDS)


def one(*items, answers, **fields):
    return explained(make_scheme(make_pillar("P", *items), **fields), answers).pillars[0].figure


def items(*weights, **fields):
    return [
        make_item(f"I{place}", weight=weight, **fields)
        for place, weight in enumerate(weights, start=1)
    ]


# --- Numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(75), "75"),
        (Fraction(0), "0"),
        (Fraction(325, 4), "81,25"),
        (Fraction(1, 8), "0,125"),
        (Fraction(1, 5), "0,2"),
        (Fraction(-5, 2), "-2,5"),
        (Fraction(475, 6), "475/6"),
        (Fraction(200, 3), "200/3"),
    ],
)
def test_an_exact_value_is_a_decimal_where_that_ends(value, text):
    assert exactly(value) == text


@given(st.fractions(min_value=0, max_value=100, max_denominator=10_000))
def test_no_digit_of_an_exact_value_is_lost(value):
    assert Fraction(exactly(value).replace(",", ".")) == value


@pytest.mark.parametrize(
    ("number", "text"), [("80.0", "80"), ("0.8", "0,8"), ("100", "100"), ("66.6700", "66,67")]
)
def test_a_decimal_has_no_needless_zeros(number, text):
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "text"), [("6.25", "+6,25"), ("-6.25", "−6,25"), ("0.00", "0,00")]
)
def test_a_difference_has_its_sign(number, text):
    assert signed(Decimal(number)) == text


# --- Formulas


@pytest.mark.parametrize(
    ("weights", "answers", "fields", "line"),
    [
        (
            "111111",
            (3, 4, 2, 3, 4, 3),
            {},
            "(3 + 4 + 2 + 3 + 4 + 3) × 25 ÷ 6 = 475/6, dibulatkan menjadi 79,17",
        ),
        ("1111", (3, 4, 2, 3), {}, "(3 + 4 + 2 + 3) × 25 ÷ 4 = 75,00"),
        ("1", (3,), {}, "3 × 25 = 75,00"),
        ("22", (3, 4), {}, "(3 + 4) × 25 ÷ 2 = 87,50"),
        ("211", (3, 4, 2), {}, "(2 × 3 + 1 × 4 + 1 × 2) × 25 ÷ 4 = 75,00"),
        ("101", (3, 1, 4), {}, "(3 + 4) × 25 ÷ 2 = 87,50"),
        (
            "11",
            (2, 6),
            {"values": ("1", "2", "3", "4", "5", "6")},
            "(2 + 6) × 100 ÷ 6 ÷ 2 = 200/3, dibulatkan menjadi 66,67",
        ),
    ],
)
def test_a_pillar_is_shown_as_the_sum_behind_it(weights, answers, fields, line):
    given = {f"I{place}": Decimal(value) for place, value in enumerate(answers, start=1)}
    assert one(*items(*weights, **fields), answers=given).formula == line


def test_min_max_counts_from_the_lowest_value_and_says_so():
    figure = one(*items("1", "1"), answers=values(I1=3, I2=4), conversion=Conversion.MIN_MAX)
    assert figure.formula == "(2 + 3) × 100 ÷ 3 ÷ 2 = 250/3, dibulatkan menjadi 83,33"
    assert "Setiap nilai sudah dikurangi nilai terendah skala, yaitu 1." in figure.remarks


def test_a_scale_from_zero_needs_no_such_word():
    scale = {"values": ("0", "1", "2")}
    figure = one(
        *items("1", "1", **scale), answers=values(I1=2, I2=1), conversion=Conversion.MIN_MAX
    )
    assert figure.formula == "(2 + 1) × 50 ÷ 2 = 75,00"
    assert figure.remarks == ("75,00 termasuk predikat C: mulai 65 dan di bawah 76,61.",)


def test_different_scales_are_averaged_as_scores_of_a_hundred():
    mixed = [make_item("I1"), make_item("I2", values=("1", "2", "3"))]
    figure = one(*mixed, answers=values(I1=3, I2=2))
    assert figure.formula == "(75 + 200/3) ÷ 2 = 425/6, dibulatkan menjadi 70,83"


def test_a_reversed_answer_is_shown_as_it_counts():
    turned = [make_item("I1", reversed=True), make_item("I2")]
    figure = one(*turned, answers=values(I1=1, I2=3))
    assert figure.formula == "(4 + 3) × 25 ÷ 2 = 87,50"
    assert "I1 dibalik: jawaban 1 dihitung 4." in figure.remarks


def test_the_total_uses_the_pillars_exact_scores():
    scheme = make_scheme(
        make_pillar("P", *items("1", "1", "1"), weight="20"),
        make_pillar("Q", make_item("J1"), weight="80"),
    )
    found = explained(scheme, values(I1=3, I2=3, I3=4, J1=4))
    assert (
        found.total.formula == "(20 × (250/3) + 80 × 100) ÷ 100 = 290/3, dibulatkan menjadi 96,67"
    )
    assert found.total.remarks == ("96,67 termasuk predikat A (Sangat Baik): mulai 88,31.",)


def test_equal_pillars_are_simply_averaged():
    scheme = make_scheme(
        make_pillar("P", *items("1", "1", "1"), weight="5"),
        make_pillar("Q", make_item("J1"), weight="5"),
        make_pillar("R", make_item("K1"), weight="0"),
    )
    found = explained(scheme, values(I1=3, I2=3, I3=4, J1=4, K1=1))
    assert found.total.formula.startswith("(250/3 + 100) ÷ 2 = ")
    assert (
        "Pilar ini berbobot 0: nilainya ditampilkan, tetapi tidak masuk nilai total."
        in found.pillars[2].figure.remarks
    )


def test_without_bands_there_is_a_number_and_no_predicate():
    figure = explained(make_scheme(bands=()), values(I1=3)).pillars[0].figure
    assert (figure.text, figure.band, figure.remarks) == ("75,00", None, ())


# --- What was left out


def test_not_relevant_leaves_with_its_weight():
    several = items("1", "1", "1", not_applicable=True)
    figure = one(*several, answers={**values(I1=3, I2=4), "I3": NOT_APPLICABLE})
    assert figure.formula == "(3 + 4) × 25 ÷ 2 = 87,50"
    assert figure.remarks[0] == (
        "1 dari 3 pernyataan tidak relevan; bobotnya dikeluarkan dari hitungan."
    )


def test_a_pillar_without_anything_relevant_stays_out_of_the_total():
    scheme = make_scheme(
        make_pillar("P", *items("1", "1", not_applicable=True)), make_pillar("Q", make_item("J1"))
    )
    found = explained(scheme, {"I1": NOT_APPLICABLE, "I2": NOT_APPLICABLE, "J1": Decimal(3)})
    assert found.pillars[0].figure.text == "belum ada data"
    assert found.pillars[0].figure.remarks == (
        "Semua pernyataan tidak relevan; pilar ini tidak ikut dalam nilai total.",
    )
    assert found.total.formula == "75 = 75,00"


def test_too_little_answered_is_no_number_and_says_why():
    scheme = make_scheme(
        make_pillar("P", *items("1", "1", "1")),
        make_pillar("Q", make_item("J1")),
        minimum_coverage="0.8",
    )
    found = explained(scheme, values(I1=3, I2=4, J1=4))
    figure = found.pillars[0].figure
    assert (figure.text, figure.formula, figure.is_scored) == ("belum cukup data", "", False)
    assert figure.remarks == (
        "1 dari 3 pernyataan tidak dijawab; tidak dihitung nol, tetapi mengurangi bagian yang terjawab.",
        "Bobot yang terjawab 2 dari 3 yang relevan (66,67%); batas minimum 80%.",
    )
    assert found.total.text == "belum cukup data"
    assert found.total.remarks == (
        "Belum ada nilai total karena pilar ini belum mempunyai nilai: Pilar P.",
    )


def test_nothing_answered_is_no_data():
    figure = one(*items("1", "1"), answers={}, minimum_coverage="0.8")
    assert figure.text == "belum ada data"
    assert reason_text(Reason.COVERAGE) == "belum cukup data"


def test_weight_zero_is_asked_and_not_counted():
    figure = one(*items("1", "0"), answers=values(I1=3, I2=1))
    assert "1 pernyataan berbobot 0: ditanyakan, tetapi tidak dihitung." in figure.remarks


def test_only_weight_zero_answered_is_no_formula():
    scheme = make_scheme(make_pillar("P", *items("0", "0")))
    found = explained(scheme, values(I1=3, I2=1))
    assert found.pillars[0].figure.formula == ""
    assert found.total.formula == ""


def test_every_indicator_says_what_it_brought_in():
    mixed = [*items("1", "2.5"), make_item("I3", not_applicable=True), make_item("I4")]
    scheme = make_scheme(make_pillar("P", *mixed))
    (pillar,) = explained(scheme, {**values(I1=3, I2=4), "I3": NOT_APPLICABLE}).pillars
    assert [(each.code, each.answer, each.weight, each.points) for each in pillar.items] == [
        ("I1", "3 · Mandiri", "1", "75"),
        ("I2", "4 · Menjadi rujukan", "2,5", "100"),
        ("I3", "Tidak relevan", "1", ""),
        ("I4", "Tidak dijawab", "1", ""),
    ]


def test_the_rules_name_conversion_coverage_and_rounding():
    fields = {"minimum_coverage": "0.8", "decimals": 1}
    share = explained(make_scheme(**fields), values(I1=3)).rules
    assert share[0].endswith("100 × nilai jawaban ÷ nilai tertinggi skala.")
    assert "sedikitnya 80% dari bobot yang relevan" in share[3]
    assert "sampai 1 angka di belakang koma" in share[5]
    least = explained(make_scheme(conversion=Conversion.MIN_MAX), values(I1=3))
    assert "nilai jawaban − nilai terendah" in least.rules[0]
    assert (least.instrument, least.method) == ("UJI 1", "prima-score/1")


# --- A formula is what it says

weights = st.sampled_from(["0", "0.5", "1", "2", "2.25"])
scales = st.sampled_from(
    [("1", "2", "3", "4"), ("0", "1"), ("0", "0.33", "0.67", "1"), tuple("123456")]
)


@st.composite
def schemes_and_answers(draw):
    pillars, answers = [], {}
    for number in range(draw(st.integers(1, 3))):
        parts = []
        for place in range(draw(st.integers(1, 4))):
            code = f"P{number}-{place}"
            scale = draw(scales)
            parts.append(
                make_item(
                    code,
                    weight=draw(weights),
                    values=scale,
                    reversed=draw(st.booleans()),
                    not_applicable=True,
                )
            )
            choice = draw(st.sampled_from([None, "NA", *scale]))
            if choice is not None:
                answers[code] = NOT_APPLICABLE if choice == "NA" else Decimal(choice)
        pillars.append(make_pillar(f"P{number}", *parts, weight=draw(weights)))
    conversion = draw(st.sampled_from(list(Conversion)))
    return make_scheme(*pillars, conversion=conversion), answers


def worth(formula):
    """What a formula comes to when it is worked out by hand, exactly."""
    text = formula.replace(",", ".").replace("×", "*").replace("÷", "/")
    return eval(re.sub(r"\d+(\.\d+)?", r"Fraction('\g<0>')", text), {"Fraction": Fraction})  # noqa: S307 - our own formula


@given(schemes_and_answers())
def test_whoever_works_a_formula_out_gets_the_score(case):
    scheme, answers = case
    card = score(scheme, answers)
    by_code = {item.code: item for item in scheme.items}
    for pillar in card.pillars:
        if pillar.exact is not None:
            assert worth(pillar_formula(card, pillar, by_code)) == pillar.exact
    if card.total.exact is not None:
        assert worth(total_formula(card)) == card.total.exact
