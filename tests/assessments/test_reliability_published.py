"""More published values, and what must hold of every statistic whatever the answers.

A data set of fewer people than the portal asks for is repeated: alpha and omega do not change by that.
"""

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest

from assessments.reliability import (
    LEAST_PEOPLE,
    UNDEFINED,
    Item,
    Pair,
    agreement,
    consistency,
)
from tests import bfi
from tests.assessments.test_reliability import ATTITUDE, scale

DATA = Path(__file__).parents[1] / "data"


def rows_of(path):
    with path.open(newline="") as file:
        return [{code: float(cell) for code, cell in row.items()} for row in csv.DictReader(file)]


def statistics(rows, *, low, high, times=1, missing="listwise"):
    items = [Item(code, low, high) for code in rows[0]]
    return consistency(items, rows * times, missing=missing)


def test_lsat6_gives_the_values_of_descript():
    found = statistics(rows_of(DATA / "lsat6.csv"), low=0, high=1)
    assert (found["n"], found["alpha"]["may_be_judged"]) == (1_000, True)
    assert found["alpha"]["value"] == pytest.approx(0.295, abs=2e-4)
    items = found["items"].values()
    assert [item["rest_correlation"]["value"] for item in items] == pytest.approx(
        [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=2e-4
    )
    # The share of right answers is what is at the upper end.
    assert [item["ceiling"] for item in items] == [0.924, 0.709, 0.553, 0.763, 0.87]
    assert [item["flags"] for item in items] == [
        ["weak", "ceiling"],
        ["weak"],
        ["weak"],
        ["weak"],
        ["weak", "ceiling"],
    ]


def test_alpha_of_eleven_people_is_withheld_and_of_their_copies_the_published_one():
    people: dict[str, dict[str, float]] = {}
    with (DATA / "pg_cronbach_alpha.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            people.setdefault(row["Subj"], {})[row["Items"]] = float(row["Scores"])
    rows = list(people.values())
    assert statistics(rows, low=0, high=10)["alpha"]["value"] is None
    alpha = statistics(rows, low=0, high=10, times=LEAST_PEOPLE)["alpha"]
    assert alpha["value"] == pytest.approx(0.592, abs=5e-4)


def test_omega_of_attitude_is_that_of_psych():
    rows = rows_of(ATTITUDE)
    assert statistics(rows, low=0, high=100)["omega_total"]["value"] is None
    omega = statistics(rows, low=0, high=100, times=4)["omega_total"]
    assert omega["value"] == pytest.approx(0.840545, abs=5e-5)


def test_omega_of_thurstones_tests_is_that_of_psych():
    """People made to measure: whatever their scores, their correlations are Thurstone's."""
    with (DATA / "thurstone.csv").open(newline="") as file:
        wanted = np.array([list(map(float, row[1:])) for row in list(csv.reader(file))[1:]])
    raw = np.random.default_rng(1).normal(size=(213, len(wanted)))
    independent, _ = np.linalg.qr(raw - raw.mean(axis=0))
    scores = independent @ np.linalg.cholesky(wanted).T
    rows = [{f"T{n}": float(score) for n, score in enumerate(person)} for person in scores]
    omega = statistics(rows, low=-9, high=9)["omega_total"]
    assert omega["value"] == pytest.approx(0.883358, abs=5e-5)


# --- Whatever the answers


def test_neither_the_unit_nor_the_order_of_answers_matters():
    rows = rows_of(DATA / "lsat6.csv")[::2]
    plain = statistics(rows, low=0, high=1)
    moved = [{code: 3 * level + 2 for code, level in row.items()} for row in rows]
    shuffled = [dict(random.Random(1).sample(sorted(row.items()), len(row))) for row in rows]
    random.Random(2).shuffle(shuffled)
    for found in (
        statistics(moved, low=2, high=5),
        statistics(shuffled, low=0, high=1),
        statistics(rows, low=0, high=1, times=3),
    ):
        assert found["alpha"]["value"] == plain["alpha"]["value"]
        assert found["omega_total"]["value"] == pytest.approx(
            plain["omega_total"]["value"], abs=2e-6
        )
        for code, item in plain["items"].items():
            assert found["items"][code]["rest_correlation"] == item["rest_correlation"]


def test_two_items_have_an_alpha_by_spearman_and_brown_and_no_omega():
    turns = random.Random(3)
    rows = [{"X": float(turns.randint(1, 4))} for _ in range(200)]
    for row in rows:
        row["Y"] = row["X"] if turns.random() < 0.6 else float(turns.randint(1, 4))
    table = np.array([[row["X"], row["Y"]] for row in rows])
    table = (table - table.mean(axis=0)) / table.std(axis=0, ddof=1)
    rows = [{"X": float(x), "Y": float(y)} for x, y in table]
    found = statistics(rows, low=-9, high=9)
    r = float(np.corrcoef(table.T)[0, 1])
    assert found["alpha"]["value"] == pytest.approx(2 * r / (1 + r), abs=1e-6)
    assert found["omega_total"]["reason"] == UNDEFINED


def test_an_item_that_is_turned_back_twice_changes_nothing():
    people = [
        {code: float(person[code]) for code in bfi.CODES if person[code] != "NA"}
        for person in bfi.people()[:600]
    ]
    turned = [
        {code: 7 - level if code in bfi.REVERSED else level for code, level in person.items()}
        for person in people
    ]
    plain = consistency(scale("E"), people, missing="item-median")
    items = [Item(item.code, item.minimum, item.maximum) for item in scale("E")]
    assert consistency(items, turned, missing="item-median")["alpha"] == plain["alpha"]


# --- Answers of which no figure can be made


def answers(level, *, items=4, people=150):
    return [{f"I{i}": float(level(p, i)) for i in range(items)} for p in range(people)]


@pytest.mark.parametrize("missing", ["item-median", "pairwise", "listwise"])
@pytest.mark.parametrize(
    ("rows", "alpha", "omega"),
    [
        (answers(lambda p, i: 3), None, None),
        (answers(lambda p, i: p % 4 + 1), 1.0, None),  # four times the same item
        (answers(lambda p, i: p % 4 + 1 if i % 2 else 4 - p % 4), None, None),  # its own opposite
        (answers(lambda p, i: p % 4 + 1, items=1), None, None),
        (answers(lambda p, i: (p * 7 + i * p // 3) % 4 + 1, items=160, people=110), 0.0, None),
    ],
    ids=["all the same", "one item four times", "opposites", "one item", "more items than people"],
)
def test_a_figure_that_cannot_be_made_is_said_to_be_none(rows, alpha, omega, missing):
    found = statistics(rows, low=1, high=4, missing=missing)
    json.dumps(found, allow_nan=False)
    assert found["omega_total"]["value"] is omega
    assert found["omega_total"]["reason"] == UNDEFINED
    if alpha is None:
        assert (found["alpha"]["value"], found["alpha"]["reason"]) == (None, UNDEFINED)
        assert found["alpha"].get("interval") is None
    elif alpha:
        assert (found["alpha"]["value"], found["alpha"]["interval"]) == (alpha, [1.0, 1.0])


@pytest.mark.parametrize("missing", ["item-median", "pairwise", "listwise"])
def test_an_item_that_nobody_answered_is_left_out(missing):
    rows = answers(lambda p, i: (p * (i + 3) // 5 + p // 7) % 4 + 1)
    without = [{code: level for code, level in row.items() if code != "I1"} for row in rows]
    items = [Item(f"I{i}", 1, 4) for i in range(4)]
    found = consistency(items, without, missing=missing)
    plain = consistency([items[0], *items[2:]], without, missing=missing)
    assert (found["alpha"], found["omega_total"]) == (plain["alpha"], plain["omega_total"])
    assert found["items"]["I1"]["n"] == 0


def test_the_same_answers_give_the_same_omega_to_the_last_decimal():
    rows = rows_of(DATA / "lsat6.csv")
    one, other = (statistics(rows, low=0, high=1)["omega_total"] for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("given", "a1", "c1"),
    [(lambda own: own, 1.0, 1.0), (lambda own: own + 25, None, 1.0)],
    ids=["always agree", "always one level apart"],
)
def test_raters_who_never_differ_otherwise_have_no_interval(given, a1, c1):
    pairs = [
        Pair(scores=(own, given(own)), levels=((own / 25, given(own) / 25),))
        for own in [25.0, 50.0, 75.0] * 14
    ]
    found = agreement(pairs)
    json.dumps(found, allow_nan=False)
    assert (found["icc_c1"]["value"], found["icc_c1"]["interval"]) == (c1, None)
    if a1:
        assert (found["icc_a1"]["value"], found["icc_a1"]["interval"]) == (a1, None)
