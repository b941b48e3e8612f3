"""Small groups: which are shown, and which batches enter, by examples that people know.

`test_suppression_attacks.py` tries to undo everything ever shown.
"""

from fractions import Fraction
from itertools import pairwise

from dashboards.rollup import Figure
from dashboards.suppression import Arrival, Move, Place, decide, is_wide, plan

RANGES = {
    slot: {"H": (Fraction(50), Fraction(100)), "L": (Fraction(0), Fraction(50))}
    for slot in ("", "P", "Q")
}
Parents = dict[int, int | None]


def shown(places: dict[int, Place]) -> set[int]:
    return {unit for unit, place in places.items() if place.shows_subtree}


# --- Which groups


def test_group_at_the_minimum_is_shown_and_one_below_it_is_not() -> None:
    assert plan({1: None}, {1: 5}, k=5) == {1: Place(1, None, True, True)}
    assert plan({1: None}, {1: 4}, k=5) == {1: Place()}


def test_twelve_of_nine_and_three_hides_the_nine_too() -> None:
    assert shown(plan({1: None, 2: 1, 3: 1}, {2: 9, 3: 3}, k=5)) == {1}


def test_smallest_sibling_joins_a_small_remainder_and_the_others_stay() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    places = plan(parents, {1: 1, 2: 20, 3: 8, 4: 30}, k=5)
    assert shown(places) == {1, 2, 4}
    assert places[1] == Place(1, 1, False, True)
    assert places[3] == Place(1, 1, False, False)
    assert places[2] == Place(2, 1, True, True)


def test_two_small_siblings_may_hide_each_other() -> None:
    assert shown(plan({1: None, 2: 1, 3: 1, 4: 1}, {2: 3, 3: 2, 4: 30}, k=5)) == {1, 4}


def test_below_a_hidden_unit_those_are_shown_that_leave_enough_behind() -> None:
    # 1 has its head; 2 joins the head, and of 2's children the smaller: 1 + 1 + 6.
    parents = {1: None, 2: 1, 3: 2, 4: 2, 5: 1}
    assert shown(plan(parents, {1: 1, 2: 1, 3: 6, 4: 7, 5: 30}, k=5)) == {1, 4, 5}


def test_top_units_are_divided_like_any_others_since_the_whole_cycle_is_counted() -> None:
    parents: Parents = {1: None, 2: None, 3: None}
    assert shown(plan(parents, {1: 3, 2: 9, 3: 30}, k=5)) == {3}
    assert shown(plan(parents, {1: 5, 2: 9, 3: 30}, k=5)) == {1, 2, 3}


# --- Which batches


def figures(*scores: int) -> dict[str, Figure]:
    sums: dict[str, Figure] = {}
    for score in scores:
        for slot in RANGES:
            one = Figure.of(Fraction(score), "LH"[score >= 50])
            sums[slot] = sums.get(slot, Figure()) + one
    return sums


def batch(*scores: int, size: int = 9) -> Arrival:
    return Arrival(len(scores), figures(*scores), size=size, above=1)


def test_people_near_the_end_of_their_band_are_not_wide_nor_are_those_who_agree() -> None:
    assert is_wide(figures(60, 70, 80, 65, 75), RANGES)
    assert not is_wide(figures(100, 99, 99, 99, 99), RANGES)
    assert not is_wide(figures(50, 50, 51, 50, 52), RANGES)
    assert not is_wide(figures(75, 75, 75, 75, 75), RANGES)


def test_four_new_scores_wait_and_the_fifth_brings_them_in() -> None:
    assert decide({(2, "SELF"): batch(60, 70, 80, 65)}, {}, RANGES, k=5) == {}
    five = {(2, "SELF"): batch(60, 70, 80, 65, 75)}
    assert decide(five, {}, RANGES, k=5) == {(2, "SELF"): Move.ENTER}


def test_unanimous_batch_hides_behind_the_smallest_block_beside_it() -> None:
    arrivals = {
        (2, "SELF"): batch(75, 75, 75, 75, 75),
        (3, "SELF"): batch(60, 70, 80, 65, 75, size=20),
        (4, "SELF"): batch(60, 70, 80, 65, 75, size=8),
    }
    moves = decide(arrivals, {}, RANGES, k=5)
    assert [moves[unit, "SELF"] for unit in (2, 3, 4)] == [Move.POOL, Move.ENTER, Move.POOL]


def test_unanimous_batch_alone_is_held_and_joins_the_next_beside_it() -> None:
    alone = batch(75, 75, 75, 75, 75)
    assert decide({(2, "SELF"): alone}, {}, RANGES, k=5) == {(2, "SELF"): Move.HOLD}
    moves = decide(
        {(3, "SELF"): batch(60, 70, 80, 65, 75)},
        {(2, "SELF"): (1, alone.figures)},
        RANGES,
        k=5,
    )
    assert moves == {(2, "SELF"): Move.JOIN, (3, "SELF"): Move.POOL}


def test_held_people_enter_with_those_who_differ_from_them() -> None:
    held = {(2, "SELF"): (1, figures(75, 75, 75, 75, 75))}
    arrivals = {(2, "SELF"): batch(60, 70, 80, 65, 75)}
    assert decide(arrivals, held, RANGES, k=5) == {(2, "SELF"): Move.ENTER}


def test_counting_changes_alone_would_leak() -> None:
    """Why people who leave do not count: ten people, five changes at each step, and two are singled out."""
    releases = [{1, 2, 3, 4, 5}, set(range(1, 11)), {5, 7, 8, 9, 10}]
    assert all(len(one ^ two) >= 5 for one, two in pairwise(releases))
    combination = {
        person: (person in releases[0]) - (person in releases[1]) + (person in releases[2])
        for person in range(1, 11)
    }
    assert {person for person, factor in combination.items() if factor} == {5, 6}
