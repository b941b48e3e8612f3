"""Small groups: examples that people know, and a solver that tries to undo the suppression."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.rollup import Figure, Participation, Tally
from dashboards.suppression import Disclosure, Grade, Group, disclose

SELF = "SELF"
EXACT = Grade.EXACT


def people(scores: list[int | None], *, invited: int | None = None) -> Tally:
    """People of one pillar, with a total that is the pillar."""
    tally = Tally(Participation(invited=len(scores) if invited is None else invited))
    for score in scores:
        if score is not None:
            tally += person({"": Fraction(score), "P": Fraction(score)}, "11")
    return tally


def person(scores: dict[str, Fraction], profile: str) -> Tally:
    figures = {(SELF, slot): Figure.of(score, "A") for slot, score in scores.items()}
    return Tally(figures=figures, profiles={SELF: {profile: 1}})


def spread(n: int) -> Tally:
    return people([50 + number for number in range(n)])


def shown_units(result: dict[Group, Disclosure]) -> set[int]:
    return {
        group.unit for group, slots in result.items() if not group.own and slots.get("") == EXACT
    }


def test_group_at_the_minimum_is_shown_and_one_below_it_is_not() -> None:
    assert disclose({1: None}, {1: spread(5)}, source=SELF, k=5) == {
        Group(1): {"": EXACT, "P": EXACT},
        Group(1, own=True): {"": EXACT, "P": EXACT},
    }
    assert disclose({1: None}, {1: spread(4)}, source=SELF, k=5) == {}


def test_twelve_of_nine_and_three_hides_the_nine_too() -> None:
    parents = {1: None, 2: 1, 3: 1}
    assert shown_units(disclose(parents, {2: spread(9), 3: spread(3)}, source=SELF, k=5)) == {1}


def test_smallest_sibling_joins_a_small_remainder_and_the_others_stay() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    own = {1: spread(1), 2: spread(20), 3: spread(8), 4: spread(30)}
    assert shown_units(disclose(parents, own, source=SELF, k=5)) == {1, 2, 4}


def test_two_small_siblings_may_hide_each_other() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    own = {2: spread(3), 3: spread(2), 4: spread(30)}
    assert shown_units(disclose(parents, own, source=SELF, k=5)) == {1, 4}


def test_below_a_hidden_unit_those_are_shown_that_leave_enough_behind() -> None:
    # 1 has its head; 2 joins the head, and of 2's children the smaller: 1 + 1 + 6.
    parents = {1: None, 2: 1, 3: 2, 4: 2, 5: 1}
    own = {1: spread(1), 2: spread(1), 3: spread(6), 4: spread(7), 5: spread(30)}
    assert shown_units(disclose(parents, own, source=SELF, k=5)) == {1, 4, 5}


def test_children_of_a_group_that_is_too_small_as_a_whole_are_judged_by_themselves() -> None:
    nobody_yet = people([], invited=9)
    result = disclose({1: None, 2: 1}, {1: nobody_yet, 2: spread(4)}, source=SELF, k=5)
    assert shown_units(result) == set()


def test_choice_follows_invited_people_so_that_more_scores_do_not_move_it() -> None:
    parents = {1: None, 2: 1, 3: 1}
    early = {1: spread(1), 2: people([60, 70, 80, 81, 90], invited=40), 3: spread(8)}
    late = {1: spread(1), 2: people([*range(50, 90)], invited=40), 3: spread(8)}
    for own in (early, late):
        assert shown_units(disclose(parents, own, source=SELF, k=5)) == {1, 2}


def test_unanimous_group_shows_a_band_and_so_does_the_sibling_that_would_give_it_away() -> None:
    parents = {1: None, 2: 1, 3: 1}
    result = disclose(parents, {2: people([75] * 6), 3: spread(9)}, source=SELF, k=5)
    assert [result[Group(unit)][""] for unit in parents] == [EXACT, Grade.BAND, Grade.BAND]


def test_unanimous_whole_tree_shows_bands_only() -> None:
    result = disclose({1: None, 2: 1}, {2: people([75] * 6)}, source=SELF, k=5)
    assert {slots[""] for slots in result.values()} == {Grade.BAND}


def partial_people(complete: int, lacking: int) -> Tally:
    return sum(
        [
            *(
                person({"": Fraction(n), "P": Fraction(n), "Q": Fraction(2 * n)}, "111")
                for n in range(complete)
            ),
            *(person({"P": Fraction(n)}, "010") for n in range(lacking)),
        ],
        Tally(),
    )


@pytest.mark.parametrize(("lacking", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_total_is_hidden_where_it_sets_a_few_apart_who_lack_a_pillar(
    lacking: int, shown: bool
) -> None:
    result = disclose({1: None}, {1: partial_people(9, lacking)}, source=SELF, k=5)
    assert result[Group(1)] == {"P": EXACT, "Q": EXACT} | ({"": EXACT} if shown else {})


def test_few_who_lack_a_pillar_in_several_units_hide_each_other_above() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    own = {2: partial_people(9, 2), 3: partial_people(8, 3), 4: partial_people(7, 0)}
    result = disclose(parents, own, source=SELF, k=5)
    assert {unit for unit in parents if "" in result[Group(unit)]} == {1, 4}
    assert {unit for unit in parents if "P" in result[Group(unit)]} == {1, 2, 3, 4}


def test_remainder_without_a_name_shows_no_total_of_its_own() -> None:
    # 1's own three and 3's three are the remainder beside 2, in which one person lacks a pillar.
    own = {1: partial_people(3, 0), 2: partial_people(9, 1), 3: partial_people(3, 0)}
    result = disclose({1: None, 2: 1, 3: 1}, own, source=SELF, k=5)
    assert {group.unit: set(slots) for group, slots in result.items()} == {
        1: {"P", "Q"},
        2: {"P", "Q"},
    }


def test_unit_to_which_a_pillar_does_not_apply_keeps_its_total() -> None:
    scores = [person({"": Fraction(n), "P": Fraction(n)}, "110") for n in range(6)]
    own = {2: partial_people(9, 0), 3: sum(scores, Tally())}
    result = disclose({1: None, 2: 1, 3: 1}, own, source=SELF, k=5)
    assert {group.unit for group, slots in result.items() if "" in slots} == {1, 2, 3}


# --- A solver against random trees. People have scores in up to two pillars of different weight.

PILLARS = {"P": 2, "Q": 3}


@dataclass(frozen=True)
class Person:
    unit: int
    pillars: tuple[str, ...]
    has_total: bool
    score: int


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[int, int | None], list[Person]]:
    size = draw(st.integers(1, 6))
    parents: dict[int, int | None] = {0: None}
    for unit in range(1, size):
        parents[unit] = draw(st.integers(0, unit - 1))
    makeup = st.sampled_from(
        [(("P", "Q"), True)] * 6
        + [(("P",), False), (("Q",), False), (("P",), True), (("Q",), True)]
    )
    everybody = draw(
        st.lists(
            st.builds(
                lambda unit, parts, score: Person(unit, *parts, score),
                st.integers(0, size - 1),
                makeup,
                st.integers(1, 4),
            ),
            max_size=14,
        )
    )
    return parents, everybody


def tally_of(one: Person) -> Tally:
    scores = {pillar: Fraction(one.score) for pillar in one.pillars}
    if one.has_total:
        scores[""] = Fraction(one.score)
    profile = "".join("01"[has] for has in (one.has_total, "P" in one.pillars, "Q" in one.pillars))
    return person(scores, profile)


def in_preorder(parents: dict[int, int | None]) -> list[int]:
    def walk(unit: int) -> Iterator[int]:
        yield unit
        for child in (child for child, parent in parents.items() if parent == unit):
            yield from walk(child)

    return list(walk(0))


def members(parents: dict[int, int | None], group: Group, everybody: list[Person]) -> list[int]:
    def is_below(unit: int | None) -> bool:
        return unit is not None and (unit == group.unit or is_below(parents[unit]))

    return [
        number
        for number, one in enumerate(everybody)
        if (one.unit == group.unit if group.own else is_below(one.unit))
    ]


def equation(
    slot: str, group: list[int], everybody: list[Person]
) -> dict[tuple[int, str], Fraction]:
    """A sum that is shown, as coefficients of the pillar scores of each person."""
    row: dict[tuple[int, str], Fraction] = {}
    for number in group:
        one = everybody[number]
        if slot:
            if slot in one.pillars:
                row[number, slot] = Fraction(1)
        elif one.has_total:
            weight = sum(PILLARS[pillar] for pillar in one.pillars)
            for pillar in one.pillars:
                row[number, pillar] = Fraction(PILLARS[pillar], weight)
    return row


def rank(rows: list[dict[tuple[int, str], Fraction]]) -> int:
    rows = [dict(row) for row in rows if row]
    found = 0
    while rows:
        pivot = rows.pop()
        found += 1
        column, value = next(iter(pivot.items()))
        reduced = []
        for row in rows:
            factor = row.get(column, Fraction(0)) / value
            left = {
                key: rest
                for key in row.keys() | pivot.keys()
                if (rest := row.get(key, Fraction(0)) - factor * pivot.get(key, Fraction(0)))
            }
            if left:
                reduced.append(left)
        rows = reduced
    return found


def assert_no_few_can_be_singled_out(
    rows: list[dict[tuple[int, str], Fraction]], everybody: int, k: int
) -> None:
    """A combination that concerns only `few` exists if and only if the rank falls without them."""
    full = rank(rows)
    for few in combinations(range(everybody), k - 1):
        others = [{key: value for key, value in row.items() if key[0] not in few} for row in rows]
        assert rank(others) == full, f"{few} can be computed"


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(2, 4))
def test_no_combination_of_what_is_shown_concerns_few_people(
    world: tuple[dict[int, int | None], list[Person]], k: int
) -> None:
    parents, everybody = world
    parents = {unit: parents[unit] for unit in in_preorder(parents)}
    own: dict[int, Tally] = {}
    for one in everybody:
        own[one.unit] = own.get(one.unit, Tally()) + tally_of(one)
    result = disclose(parents, own, source=SELF, k=k)
    rows = [
        equation(slot, members(parents, group, everybody), everybody)
        for group, slots in result.items()
        for slot, grade in slots.items()
        if grade is EXACT
    ]
    unique = list({tuple(sorted(row.items())): row for row in rows if row}.values())
    assert_no_few_can_be_singled_out(unique, len(everybody), min(k, len(everybody) + 1))
    counts = [
        {
            (number, slot): Fraction(1)
            for number in group_members
            if slot in (*everybody[number].pillars, "T")
        }
        for group, slots in result.items()
        for slot in slots
        if slot
        for group_members in [members(parents, group, everybody)]
    ]
    assert_no_few_can_be_singled_out(counts, len(everybody), min(k, len(everybody) + 1))


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_what_is_shown_does_not_depend_on_the_order_of_siblings_or_people(
    world: tuple[dict[int, int | None], list[Person]],
) -> None:
    parents, everybody = world
    parents = {unit: parents[unit] for unit in in_preorder(parents)}
    forward: dict[int, Tally] = {}
    backward: dict[int, Tally] = {}
    for one in everybody:
        forward[one.unit] = forward.get(one.unit, Tally()) + tally_of(one)
    for one in reversed(everybody):
        backward[one.unit] = tally_of(one) + backward.get(one.unit, Tally())
    assert disclose(parents, forward, source=SELF, k=3) == disclose(
        parents, backward, source=SELF, k=3
    )


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(2, 4))
def test_hiding_is_no_excuse_to_show_nothing(
    world: tuple[dict[int, int | None], list[Person]], k: int
) -> None:
    parents, everybody = world
    own: dict[int, Tally] = {}
    for one in everybody:
        own[one.unit] = own.get(one.unit, Tally()) + tally_of(one)
    parents = {unit: parents[unit] for unit in in_preorder(parents)}
    counts = [sum(own.values(), Tally()).figure(SELF, slot).n for slot in PILLARS]
    counts.append(sum(own.values(), Tally()).figure(SELF).n)
    if all(n == 0 or n >= k for n in counts) and any(counts):
        assert Group(0) in disclose(parents, own, source=SELF, k=k)
