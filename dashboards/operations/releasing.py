"""Which scores of some units enter the figures now, and what the units' figures are then."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from assessments.models import Cycle
from assessments.queries import scheme_of
from dashboards.models import UnitRelease
from dashboards.queries import Standing, participation, standing
from dashboards.rollup import Figure, Participation, Tally
from dashboards.suppression import (
    Arrival,
    Key,
    Move,
    Range,
    State,
    decide,
    next_state,
    ranges_of,
)
from dashboards.suppression.batches import Figures, merge

SHOWN: Final = (State.ENTERED, State.POOLED, State.HELD)

Own = dict[State, Tally]
"""Figures of a unit's own people by where their scores stand."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Own tallies of units as they count now (`live`) and as they stand in figures (`own`).

    `moves` go with the patterns that may arrive and leave.
    """

    live: Mapping[int, Tally]
    own: Mapping[int, Own]
    moves: Mapping[Key, tuple[Move, tuple[str, ...]]]


def settle(
    cycle: Cycle, releases: Mapping[int, UnitRelease], units: Collection[int] | None = None
) -> Settled:
    """Decide for whole blocks of units (all unless given) what enters; writes nothing."""
    return settled_of(
        standing(cycle, units),
        {unit: releases[unit] for unit in (releases if units is None else units)},
        participation(cycle, units),
        ranges_of(scheme_of(cycle.instrument_id)),
    )


def settled_of(
    found: Standing,
    releases: Mapping[int, UnitRelease],
    people: Mapping[int, Participation],
    ranges: Mapping[str, Mapping[str, Range]],
) -> Settled:
    """The same from what was read."""
    arrivals = _arrivals(found, releases, people)
    moves = decide(arrivals, _held(found, releases), ranges, k=settings.MIN_GROUP)
    live: dict[int, dict[tuple[str, str], Figure]] = defaultdict(dict)
    own: dict[int, dict[State, dict[tuple[str, str], Figure]]] = defaultdict(
        lambda: {state: {} for state in SHOWN}
    )
    for (unit, kind, state, counts, pattern), figures in found.items():
        if counts:
            _add(live[unit], kind, figures)
        key = (releases[unit].block or 0, kind)
        if key in moves:
            arrival = arrivals.get(key)
            alike = arrival is not None and pattern in arrival.patterns
            after = next_state(state, moves[key], counts=counts, alike=alike)
        else:
            after = state
        if after in SHOWN:
            _add(own[unit][after], kind, figures)
    return Settled(
        {unit: Tally(people.get(unit, Participation()), live.get(unit, {})) for unit in releases},
        {
            unit: {state: Tally(figures=figures) for state, figures in states.items() if figures}
            for unit, states in own.items()
        },
        {
            key: (move, arrivals[key].patterns if key in arrivals else ())
            for key, move in moves.items()
        },
    )


def _add(sums: dict[tuple[str, str], Figure], kind: str, figures: Figures) -> None:
    for slot, figure in figures.items():
        sums[kind, slot] = sums[kind, slot] + figure if (kind, slot) in sums else figure


def _arrivals(
    found: Standing, releases: Mapping[int, UnitRelease], people: Mapping[int, Participation]
) -> dict[Key, Arrival]:
    aboves = {row.block: row.above for row in releases.values() if row.block}
    sizes: dict[int, int] = defaultdict(int)
    for unit, counts in people.items():
        if block := releases[unit].block:
            sizes[block] += counts.invited
    alike: dict[Key, Counter[str]] = defaultdict(Counter)
    for (unit, kind, state, _, pattern), each in found.items():
        if state is State.NEW and (block := releases[unit].block):
            # People of one pattern have scores in the same slots, so that each figure counts them all.
            alike[block, kind][pattern] += next(iter(each.values())).n
    enough = {
        key: {pattern: n for pattern, n in patterns.items() if n >= settings.MIN_GROUP}
        for key, patterns in alike.items()
    }
    figures: dict[Key, list[Figures]] = defaultdict(list)
    for (unit, kind, state, _, pattern), each in found.items():
        key = (releases[unit].block or 0, kind)
        if state is State.NEW and pattern in enough.get(key, ()):
            figures[key].append(each)
    return {
        key: Arrival(
            alike=min(patterns.values()),
            figures=merge(figures[key]),
            patterns=tuple(sorted(patterns)),
            size=sizes[key[0]],
            above=aboves[key[0]],
        )
        for key, patterns in enough.items()
        if patterns
    }


def _held(
    found: Standing, releases: Mapping[int, UnitRelease]
) -> dict[Key, tuple[int | None, Figures]]:
    parts: dict[Key, list[Figures]] = defaultdict(list)
    aboves = {}
    for (unit, kind, state, _, _), figures in found.items():
        row = releases[unit]
        if state is State.HELD and row.block:
            parts[row.block, kind].append(figures)
            aboves[row.block] = row.above
    return {key: (aboves[key[0]], merge(each)) for key, each in parts.items()}
