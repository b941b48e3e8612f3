"""Tallies: exact, additive, canonical."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.rollup import Figure, Participation, Tally, roll_up

scores = st.fractions(min_value=0, max_value=100, max_denominator=30)
figures = st.lists(scores, min_size=1, max_size=6).map(
    lambda found: sum((Figure.of(score, "AB"[score > 50]) for score in found), Figure())
)
tallies = st.builds(
    Tally,
    st.builds(Participation, *[st.integers(0, 9)] * 4),
    st.dictionaries(st.sampled_from([("SELF", ""), ("SELF", "P"), ("VERIFIED", "")]), figures),
)


def as_bytes(tally: Tally) -> bytes:
    return json.dumps(tally.to_json()).encode()


@given(tallies)
def test_json_round_trip_is_the_identity(tally: Tally) -> None:
    assert Tally.from_json(json.loads(as_bytes(tally))) == tally


@given(st.lists(tallies, max_size=5), st.randoms(use_true_random=False))
def test_order_of_summing_does_not_change_a_byte(parts: list[Tally], random) -> None:
    shuffled = random.sample(parts, len(parts))
    half = len(parts) // 2
    grouped = sum(shuffled[:half], Tally()) + sum(shuffled[half:], Tally())
    assert as_bytes(grouped) == as_bytes(sum(parts, Tally()))


@given(tallies)
def test_nobody_adds_nothing(tally: Tally) -> None:
    assert as_bytes(tally + Tally()) == as_bytes(Tally() + tally) == as_bytes(tally)


def test_thirds_add_up_exactly() -> None:
    third = Figure.of(Fraction(100, 3), "D")
    assert (third + third + third).total == 100
    assert (third + third + third).document == {
        "n": 3,
        "total": "100",
        "bands": {"D": 3},
    }


@pytest.mark.parametrize(
    ("total", "n", "decimals", "mean"),
    [
        (Fraction(10000, 116), 1, 2, "86.21"),
        (Fraction(1345, 100), 10, 2, "1.35"),  # 1.345: a half goes up
        (Fraction(1345, 100), 10, 0, "1"),
        (Fraction(0), 4, 2, "0.00"),
    ],
)
def test_mean_is_rounded_once_half_up(total: Fraction, n: int, decimals: int, mean: str) -> None:
    assert Figure(n, total).mean(decimals) == Decimal(mean)


def test_mean_of_nobody_is_none_and_not_zero() -> None:
    assert Figure().mean(2) is None


def test_group_is_unanimous_until_one_differs() -> None:
    four = Figure.of(Fraction(75), "C", n=4)
    assert four.common == 75
    assert (four + Figure()).common == 75
    assert (four + Figure.of(Fraction(76), "C")).common is None
    assert Figure().common is None


def test_roll_up_pools_people_not_means_of_units() -> None:
    one = Tally(figures={("SELF", ""): Figure.of(Fraction(100), "A")})
    nine = Tally(figures={("SELF", ""): Figure.of(Fraction(50), "D", n=9)})
    pooled = roll_up({1: None, 2: 1, 3: 1}, {2: one, 3: nine})[1]
    assert pooled.figure("SELF").mean(2) == Decimal("55.00")


@given(st.lists(tallies, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_roll_up_of_any_tree_is_the_sum_of_each_unit_and_all_below(own, random) -> None:
    parents = {unit: random.randrange(unit) if unit else None for unit in range(len(own))}
    below = {unit: [unit] for unit in parents}
    for unit in reversed(parents):
        if (parent := parents[unit]) is not None:
            below[parent] += below[unit]
    assert {
        unit: as_bytes(tally) for unit, tally in roll_up(parents, dict(enumerate(own))).items()
    } == {
        unit: as_bytes(sum((own[each] for each in units), Tally())) for unit, units in below.items()
    }


@given(tallies)
def test_roll_up_of_what_cancels_out_is_nobody(tally: Tally) -> None:
    sums = roll_up({0: None, 1: 0, 2: 0}, {1: tally, 2: Tally() - tally})
    assert as_bytes(sums[0]) == as_bytes(Tally())


@given(tallies, tallies)
def test_what_was_added_can_be_taken_away(one: Tally, other: Tally) -> None:
    assert as_bytes(one + other - other) == as_bytes(one)
