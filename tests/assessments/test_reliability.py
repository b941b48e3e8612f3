"""Published data sets give their published statistics; too little data gives none."""

import csv
from pathlib import Path

import pytest

from assessments.reliability import (
    TOO_FEW,
    UNDEFINED,
    Item,
    Pair,
    agreement,
    carelessness,
    consistency,
)
from tests import bfi

ATTITUDE = Path(__file__).parents[1] / "data" / "attitude.csv"


@pytest.fixture(scope="module")
def attitude() -> tuple[list[Item], list[dict[str, float]]]:
    """30 departments, seven items (R datasets::attitude, Chatterjee & Price)."""
    with ATTITUDE.open(newline="") as file:
        rows = [{code: float(cell) for code, cell in row.items()} for row in csv.DictReader(file)]
    return [Item(code, 0, 100) for code in rows[0]], rows


def scale(letter: str) -> list[Item]:
    return [Item(code, 1, 6, code in bfi.REVERSED) for code in bfi.CODES if code[0] == letter]


@pytest.fixture(scope="module")
def people() -> list[dict[str, float]]:
    return [
        {code: float(person[code]) for code in bfi.CODES if person[code] != "NA"}
        for person in bfi.people()
    ]


def test_alpha_and_item_totals_of_attitude_are_those_of_psych(attitude):
    items, rows = attitude
    result = consistency(items, rows, missing="listwise")

    assert result["alpha"]["value"] == pytest.approx(0.843143, abs=2e-6)
    assert result["alpha"]["interval"] == [0.739, 0.916]
    assert result["alpha"]["may_be_judged"] is False
    found = {code: item["rest_correlation"]["value"] for code, item in result["items"].items()}
    assert found == pytest.approx(
        {
            "rating": 0.671262,
            "complaints": 0.742110,
            "privileges": 0.560711,
            "learning": 0.714445,
            "raises": 0.786276,
            "critical": 0.265034,
            "advance": 0.460811,
        },
        abs=2e-6,
    )
    assert result["omega_total"] == {
        "value": None,
        "reason": TOO_FEW,
        "method": "one factor, maximum likelihood",
        "missing": "listwise",
        "n": 30,
    }


@pytest.mark.parametrize(
    ("missing", "expected"), [("pairwise", 0.703018), ("listwise", 0.7038), ("item-median", 0.7012)]
)
def test_alpha_depends_on_what_is_done_about_gaps(people, missing, expected):
    alpha = consistency(scale("A"), people, missing=missing)["alpha"]
    assert alpha["value"] == pytest.approx(expected, abs=5e-5)
    assert alpha["missing"] == missing


def test_omega_of_neuroticism_is_that_of_psych(people):
    omega = consistency(scale("N"), people, missing="listwise")["omega_total"]
    assert (omega["value"], omega["n"]) == (pytest.approx(0.814967, abs=5e-5), 2694)


def test_twenty_nine_people_give_no_statistic(attitude):
    items, rows = attitude
    result = consistency(items, rows[:29], missing="listwise")
    assert result["alpha"]["value"] is None
    assert result["alpha"]["reason"] == TOO_FEW
    assert {item["rest_correlation"]["reason"] for item in result["items"].values()} == {TOO_FEW}


def test_everybody_the_same_is_undefined_and_not_zero():
    items = [Item(code, 1, 4) for code in ("A", "B", "C")]
    rows = [dict.fromkeys("ABC", 3.0) for _ in range(120)]
    result = consistency(items, rows, missing="item-median")
    assert result["alpha"]["reason"] == UNDEFINED
    assert result["omega_total"]["reason"] == UNDEFINED
    pairs = [Pair((50.0, 50.0), ((3.0, 3.0),)) for _ in range(120)]
    found = agreement(pairs)
    assert {
        found[key]["reason"] for key in ("kappa", "icc_a1", "icc_c1", "krippendorff_alpha")
    } == {UNDEFINED}
    assert found["bias"] == {
        "value": 0.0,
        "method": "Bland-Altman",
        "limits": [0.0, 0.0],
    }


def test_a_lenient_reviewer_shifts_agreement_and_leaves_consistency():
    own = [20.0 + place % 50 for place in range(60)]
    same = agreement([Pair((score, score + place % 3), ()) for place, score in enumerate(own)])
    lenient = agreement(
        [Pair((score, score + place % 3 + 20), ()) for place, score in enumerate(own)]
    )
    assert lenient["icc_c1"]["value"] == same["icc_c1"]["value"]
    assert lenient["icc_a1"]["value"] < same["icc_a1"]["value"]
    assert lenient["bias"]["value"] == pytest.approx(same["bias"]["value"] + 20)


def test_signs_of_few_people_are_not_counted_out():
    items = [Item(f"I{place}", 1, 4) for place in range(10)]
    careful = [
        {f"I{place}": float(1 + (place + shift) % 4) for place in range(10)} for shift in (0, 1)
    ]
    rows = careful * 30 + [{f"I{place}": 4.0 for place in range(10)}] * 3
    result = carelessness(items, rows, least=5)
    assert (result["n"], result["long_string"], result["two_signs"]) == (63, "< 5", 0)
