"""When new scores enter the figures: in batches of people who hide each other.

What has entered is kept in ledgers (`State`). A ledger changes only together with at least `k` people
whose scores were in none before, and they enter no other ledger. So a combination of everything ever shown,
looked at where it last uses a changed ledger, has those `k` people in it (ADR 0016 has the whole proof).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Final

from assessments.scoring import PillarScheme, Scheme
from dashboards.rollup import TOTAL, Figure

WIDTH: Final = 5
"""Points out of 100 within which each person's score has to stay open, given every sum that is shown
and everybody's band."""

Key = tuple[int, str]
"""A block and a source (SELF, VERIFIED)."""

Figures = Mapping[str, Figure]
"""By slot."""

Range = tuple[Fraction, Fraction]


class State(StrEnum):
    """Where a score stands. NEW is in no figure; GONE was, and is not any more."""

    NEW = ""
    ENTERED = "E"
    POOLED = "P"
    HELD = "H"
    GONE = "S"


class Move(StrEnum):
    """What becomes of a batch, or (JOIN) of people who are held.

    ENTER: counted in the block and everywhere above. POOL: counted above, where others hide it; the block
    shows bands. HOLD: counted in bands only.
    """

    ENTER = "ENTER"
    POOL = "POOL"
    HOLD = "HOLD"
    JOIN = "JOIN"


@dataclass(frozen=True, slots=True)
class Arrival:
    """New scores of one block, of people who have scores in the same slots as enough others of them.

    `alike` counts the people of the rarest of these `patterns`; whoever lacks a score that the others have
    waits until there are enough of the same kind. `size` is the number invited to the block.
    """

    alike: int
    figures: Figures
    patterns: tuple[str, ...] = ("",)
    size: int = 0
    above: int | None = None


def ranges_of(scheme: Scheme) -> dict[str, dict[str, Range]]:
    """By slot and band: between which bounds a score in it lies."""
    half = Fraction(1, 2 * 10**scheme.decimals)
    lows = {pillar.code: _lowest(pillar, scheme) for pillar in scheme.pillars}
    weighed = [pillar for pillar in scheme.pillars if pillar.weight] or list(scheme.pillars)
    lows[TOTAL] = sum(
        (Fraction(pillar.weight or 1) * lows[pillar.code] for pillar in weighed), Fraction(0)
    ) / sum(Fraction(pillar.weight or 1) for pillar in weighed)
    edges = [("", Fraction(0))] + [
        (band.code, Fraction(band.lower) - half) for band in reversed(scheme.bands)
    ]
    bounds = [*edges, ("", Fraction(100))]
    return {
        slot: {
            code: (max(low, lower), max(low, min(Fraction(100), upper)))
            for (code, lower), (_, upper) in pairwise(bounds)
        }
        for slot, low in lows.items()
    }


def _lowest(pillar: PillarScheme, scheme: Scheme) -> Fraction:
    """The score of whoever chooses the lowest level everywhere."""
    weights = [Fraction(item.weight) for item in pillar.items]
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    scores = [
        min(item.score(value, scheme.conversion) for value in item.values) for item in pillar.items
    ]
    return sum(
        (weight * score for weight, score in zip(weights, scores, strict=True)), Fraction(0)
    ) / sum(weights)


def is_wide(figures: Figures, ranges: Mapping[str, Mapping[str, Range]]) -> bool:
    """Whether the sums of a batch leave each person's score open within WIDTH points, or its band.

    `down` is how far all could fall together without leaving their bands, `up` how far they could rise. Someone
    rises only as far as the others can fall. People who all have the same score are never wide, since many know
    it of each other. More people never make a batch less wide.
    """
    for slot, figure in figures.items():
        if not figure.n:
            continue
        bands = {band: ranges[slot][band] for band in figure.bands}
        low = sum(figure.bands[band] * bounds[0] for band, bounds in bands.items())
        high = sum(figure.bands[band] * bounds[1] for band, bounds in bands.items())
        widest = max(upper - lower for lower, upper in bands.values())
        open_ = min(figure.total - low, high - figure.total, high - low - widest)
        if open_ < WIDTH or figure.common is not None:
            return False
    return True


def merge(parts: Iterable[Figures]) -> dict[str, Figure]:
    """Sum figures by slot."""

    def add(one: dict[str, Figure], other: Figures) -> dict[str, Figure]:
        for slot, figure in other.items():
            one[slot] = one.get(slot, Figure()) + figure
        return one

    return reduce(add, parts, {})


def decide(
    arrivals: Mapping[Key, Arrival],
    held: Mapping[Key, tuple[int | None, Figures]],
    ranges: Mapping[str, Mapping[str, Range]],
    *,
    k: int,
) -> dict[Key, Move]:
    """Say what becomes of each batch; those that have to wait for more people are left out.

    `held` are figures of the people who are held, with the `above` of their block, at least those under the same
    `above` as an arrival. A batch that is not wide is pooled with held ones beside it; if that is not
    enough, with the batch of the smallest block there that is wide.
    """
    moves: dict[Key, Move] = {}
    wide, narrow = _sorted(arrivals, held, ranges, k)
    for place, keys in narrow.items():
        beside = sorted(wide.get(place, []), key=lambda key: (arrivals[key].size, key))
        arriving = [key for key in keys if _arrives(key, arrivals, k)]
        if not arriving and not beside:
            continue
        sums = merge(held[key][1] for key in keys if key in held)
        is_open = is_wide(merge([sums, *(arrivals[key].figures for key in arriving)]), ranges)
        is_pooled = place[0] is not None and (is_open or bool(beside))
        moves |= dict.fromkeys(arriving, Move.POOL if is_pooled else Move.HOLD)
        if is_pooled:
            moves |= {key: Move.JOIN for key in keys if key not in moves}
            moves |= {} if is_open else {beside[0]: Move.POOL}
    for keys in wide.values():
        moves |= {key: Move.ENTER for key in keys if key not in moves}
    return moves


_Keys = dict[tuple[int | None, str], list[Key]]


def _sorted(
    arrivals: Mapping[Key, Arrival],
    held: Mapping[Key, tuple[int | None, Figures]],
    ranges: Mapping[str, Mapping[str, Range]],
    k: int,
) -> tuple[_Keys, _Keys]:
    """Batches that are wide, and those that are not, with the held ones beside them, by `above` and source."""
    wide: _Keys = {}
    narrow: _Keys = {}
    for key, arrival in sorted(arrivals.items()):
        if _arrives(key, arrivals, k):
            before = held[key][1] if key in held else {}
            group = wide if is_wide(merge([before, arrival.figures]), ranges) else narrow
            group.setdefault((arrival.above, key[1]), []).append(key)
    for key, (above, _) in sorted(held.items()):
        if not _arrives(key, arrivals, k):
            narrow.setdefault((above, key[1]), []).append(key)
    return wide, narrow


def _arrives(key: Key, arrivals: Mapping[Key, Arrival], k: int) -> bool:
    return key in arrivals and arrivals[key].alike >= k


def next_state(state: State, move: Move, *, counts: bool, alike: bool) -> State:
    """Where a score of the block stands after the move.

    `counts`: it is what counts now, not withdrawn or replaced. `alike`: it has a pattern of the batch, and may
    arrive or leave with it. `operations.remembering` says the same in SQL.
    """
    if state is State.NEW and not alike:
        return state
    goes = alike and not counts
    if move is Move.ENTER and state in (State.NEW, State.ENTERED, State.HELD):
        return State.GONE if goes else State.ENTERED
    if move is Move.HOLD and state in (State.NEW, State.HELD):
        return State.GONE if goes else State.HELD
    if move is Move.POOL and state in (State.NEW, State.HELD):
        return State.POOLED
    if move is Move.JOIN and state is State.HELD:
        return State.POOLED
    return state
