"""Solvers that try to undo everything ever shown of random trees over time.

People have scores in up to two pillars of different weight.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from django.conf import settings as portal
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dashboards.operations.releasing import settled_of
from dashboards.rollup import Figure, Participation
from dashboards.suppression import WIDTH, Place, State, next_state, plan
from tests.dashboards.test_suppression import RANGES, Parents

WEIGHTS = {"P": 2, "Q": 3}
ALL = ("", "P", "Q")
PATTERNS = [ALL] * 8 + [("P",), ("Q",), ("", "P")]
MIXED = [ALL] * 4 + [("P",), ("Q",), ("", "P")] * 2
"""So many lack a score that there are enough of a kind."""
Row = dict[tuple[int, str], Fraction]


@dataclass(frozen=True)
class Score:
    person: int
    unit: int
    slots: tuple[str, ...]
    values: tuple[int, int]

    def value(self, slot: str) -> Fraction:
        if slot:
            return Fraction(self.values[slot == "Q"])
        weights = {pillar: WEIGHTS[pillar] for pillar in self.slots if pillar}
        weighed = sum(weight * self.value(pillar) for pillar, weight in weights.items())
        return Fraction(weighed, sum(weights.values()))

    @property
    def pattern(self) -> str:
        whole = all(slot in self.slots for slot in RANGES)
        return "" if whole else "".join("01"[slot in self.slots] for slot in RANGES)

    @property
    def figures(self) -> dict[str, Figure]:
        return {
            slot: Figure.of(self.value(slot), "LH"[self.value(slot) >= 50]) for slot in self.slots
        }


@dataclass
class World:
    """Submits, replacements and withdrawals, and what the portal's own rules make of them."""

    parents: Parents
    units: list[int]
    scores: list[Score] = field(default_factory=list)
    current: dict[int, int] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        invited = {unit: self.units.count(unit) for unit in self.parents}
        self.people = {unit: Participation(invited=n) for unit, n in invited.items()}
        self.places = plan(self.parents, invited, k=portal.MIN_GROUP)

    def refresh(self) -> None:
        parts: dict[object, list[dict[str, Figure]]] = defaultdict(list)
        counting = set(self.current.values())
        for number, score in enumerate(self.scores):
            state, counts = self.states.get(number, State.NEW), number in counting
            if not counts and state in (State.NEW, State.GONE):
                continue
            parts[score.unit, "SELF", state, counts, score.pattern].append(score.figures)
        merged = {part: _merged(each) for part, each in parts.items()}
        rows = {unit: SimpleNamespace(**_fields(place)) for unit, place in self.places.items()}
        settled = settled_of(merged, rows, self.people, RANGES)
        for number, score in enumerate(self.scores):
            block = self.places[score.unit].block
            state = self.states.get(number, State.NEW)
            counts = number in counting
            if block and (block, "SELF") in settled.moves and (counts or state is not State.NEW):
                move, patterns = settled.moves[block, "SELF"]
                alike = score.pattern in patterns
                self.states[number] = next_state(state, move, counts=counts, alike=alike)
        self.collect()

    def collect(self) -> None:
        """Note every sum and every count that is shown now."""
        for unit, place in self.places.items():
            for own, is_shown in ((True, place.shows_own), (False, place.shows_subtree)):
                if is_shown:
                    self._collect(unit, own)

    def _collect(self, unit: int, own: bool) -> None:
        inside = {unit} if own else {each for each in self.parents if unit in self.above(each)}
        members = {
            number: state
            for number, state in self.states.items()
            if self.scores[number].unit in inside
        }
        entered = [
            number
            for number, state in members.items()
            if state is State.ENTERED
            or (
                state is State.POOLED
                and not own
                and self.places[self.scores[number].unit].above in inside
            )
        ]
        apart = [n for n, state in members.items() if state in (State.HELD, State.POOLED)]
        for slot in RANGES:
            counted = [n for n in entered or apart if slot in self.scores[n].slots]
            self.rows[f"count {slot}"].append({(n, slot): Fraction(1) for n in counted})
            if entered:
                self.rows[f"sum {slot}"].append({(n, slot): Fraction(1) for n in counted})
                self.rows["sums"].append(self.equation(counted, slot))

    def above(self, unit: int) -> list[int]:
        way = [unit]
        while (parent := self.parents[way[-1]]) is not None:
            way.append(parent)
        return way

    def equation(self, numbers: list[int], slot: str) -> Row:
        """A sum that is shown, as coefficients of the pillar scores behind it."""
        row: Row = {}
        for number in numbers:
            pillars = [slot] if slot else [each for each in self.scores[number].slots if each]
            whole = sum(WEIGHTS[pillar] for pillar in pillars)
            for pillar in pillars:
                row[number, pillar] = Fraction(WEIGHTS[pillar], whole)
        return row


def _fields(place: Place) -> dict[str, object]:
    return {name: getattr(place, name) for name in Place.__dataclass_fields__}


def _merged(parts: list[dict[str, Figure]]) -> dict[str, Figure]:
    sums: dict[str, Figure] = {}
    for part in parts:
        for slot, figure in part.items():
            sums[slot] = sums.get(slot, Figure()) + figure
    return sums


@st.composite
def histories(draw: st.DrawFn, *, patterns: list[tuple[str, ...]] = PATTERNS) -> World:
    """A tree with people, and acts of them with refreshes in between."""
    size = draw(st.integers(1, 5))
    parents: Parents = {0: None}
    for unit in range(1, size):
        parents[unit] = draw(st.integers(0, unit - 1))
    numbered = {unit: place + 1 for place, unit in enumerate(_preorder(parents))}
    parents = {
        numbered[unit]: None if parents[unit] is None else numbered[parents[unit]]
        for unit in numbered
    }
    units = draw(st.lists(st.integers(1, size), min_size=4, max_size=13))
    world = World(parents, units)
    values = st.sampled_from([0, 20, 50, 51, 75, 99, 100, 100])
    act = st.one_of(
        st.tuples(
            st.integers(0, len(units) - 1), st.sampled_from(patterns), st.tuples(values, values)
        ),
        st.integers(0, len(units) - 1),
        st.none(),
    )
    for each in [*draw(st.lists(act, min_size=6, max_size=45)), None]:
        if each is None:
            world.refresh()
        elif isinstance(each, int):
            world.current.pop(each, None)
        else:
            person, slots, pair = each
            world.current[person] = len(world.scores)
            world.scores.append(Score(person, units[person], slots, pair))
    return world


def _preorder(parents: Parents) -> Iterator[int]:
    def walk(unit: int) -> Iterator[int]:
        yield unit
        for child in [child for child, parent in parents.items() if parent == unit]:
            yield from walk(child)

    return walk(0)


def rank(rows: list[Row]) -> int:
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


def assert_no_few_can_be_singled_out(world: World, rows: list[Row], k: int) -> None:
    """A combination that concerns only `few` people exists if and only if the rank falls without them."""
    unique = list({tuple(sorted(row.items())): row for row in rows if row}.values())
    full = rank(unique)
    concerned = sorted({world.scores[number].person for row in unique for number, _ in row})
    for few in combinations(concerned, min(k - 1, len(concerned))):
        others = [
            {key: value for key, value in row.items() if world.scores[key[0]].person not in few}
            for row in unique
        ]
        assert rank(others) == full, f"{few} can be computed"


@pytest.mark.parametrize("patterns", [PATTERNS, MIXED], ids=["few lack scores", "many lack scores"])
@pytest.mark.parametrize("k", [2, 3, 4])
def test_no_combination_of_everything_ever_shown_concerns_few_people(
    k: int, patterns: list[tuple[str, ...]]
) -> None:
    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        world = data.draw(histories(patterns=patterns))
        assert_no_few_can_be_singled_out(world, world.rows["sums"], k)
        for slot in RANGES:
            assert_no_few_can_be_singled_out(world, world.rows[f"count {slot}"], k)

    with override_settings(MIN_GROUP=k):
        attack()


@pytest.mark.parametrize("k", [3, 4])
def test_everything_ever_shown_leaves_each_score_open_within_the_width(k: int) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        world = data.draw(histories())
        for slot in RANGES:
            assert_open(world, slot)

    with override_settings(MIN_GROUP=k):
        attack()


def assert_open(world: World, slot: str) -> None:
    """Whoever knows every sum of one slot and everybody's band still does not know a score."""
    unique = list({tuple(sorted(row)): row for row in world.rows[f"sum {slot}"] if row}.values())
    numbers = sorted({number for row in unique for number, _ in row})
    if not numbers:
        return
    matrix = np.array([[(number, slot) in row for number in numbers] for row in unique], float)
    scores = [world.scores[number].value(slot) for number in numbers]
    bounds = [tuple(map(float, RANGES[slot]["LH"[score >= 50]])) for score in scores]
    values = np.array(scores, float)
    limits, sums = np.vstack([matrix, -matrix]), matrix @ values
    slack = np.concatenate([sums, -sums]) + 1e-6  # floating point; means are rounded far more
    for place, (low, high) in enumerate(bounds):
        goal = np.eye(len(numbers))[place]
        least, most = (
            sign * linprog(sign * goal, A_ub=limits, b_ub=slack, bounds=bounds).fun
            for sign in (1, -1)
        )
        assert most - least >= min(WIDTH, high - low) - 1e-4


@settings(max_examples=60, deadline=None)
@given(histories(patterns=MIXED))
def test_hiding_is_no_excuse_to_show_nothing(world: World) -> None:
    """Whenever a block has the minimum of new scores of one pattern, they are in a figure after the refresh."""
    waiting = Counter(
        (world.places[world.scores[number].unit].block, world.scores[number].pattern)
        for number in world.current.values()
        if world.places[world.scores[number].unit].block
        and world.states.get(number, State.NEW) is State.NEW
    )
    assert all(n < portal.MIN_GROUP for n in waiting.values())


def test_who_lacks_a_score_waits_and_hides_nobodys_total() -> None:
    with override_settings(MIN_GROUP=3):
        world = World({1: None}, [1] * 8)
        for person, slots in enumerate([ALL, ALL, ALL, ("P",)]):
            world.current[person] = len(world.scores)
            world.scores.append(Score(person, 1, slots, (60 + 10 * person, 70 + 5 * person)))
        world.refresh()
        assert world.rows["sum "][-1].keys() == {(0, ""), (1, ""), (2, "")}
        assert world.rows["sum P"][-1].keys() == {(0, "P"), (1, "P"), (2, "P")}
        for person in (4, 5):  # now there are three who lack the same
            world.current[person] = len(world.scores)
            world.scores.append(Score(person, 1, ("P",), (55 + person, 0)))
        world.refresh()
        assert world.rows["sum "][-1].keys() == {(0, ""), (1, ""), (2, "")}
        assert len(world.rows["sum P"][-1]) == 6
