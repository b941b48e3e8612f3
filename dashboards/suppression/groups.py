"""Which groups of a cycle are shown at all, and the blocks of people that they are made of.

Chosen once, by who was invited: a choice by scores would move from release to release, and give
away by that what it hides.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit's own people are shown.

    `block` names the block they belong to by a unit in it; `above` is the unit with the least shown
    group that holds more than the block, None where there is none. People without a block are in no
    figure. `shows_own` and `shows_subtree` say which groups of the unit are shown.
    """

    block: int | None = None
    above: int | None = None
    shows_own: bool = False
    shows_subtree: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """People that may be shown as a whole: of one unit (no kids), or of all below it."""

    unit: int
    size: int
    place: int
    kids: tuple["_Part", ...] = ()


def plan(
    parents: Mapping[int, int | None], invited: Mapping[int, int], *, k: int
) -> dict[int, Place]:
    """Choose blocks of at least `k` invited people, so that every shown group is a union of them.

    `parents` are the units in preorder, `invited` counts the people whose own unit it is. Of two
    groups that cannot both be shown the smaller one is hidden: 12 people less a shown 9 are 3. All
    people of the cycle are one shown group, since whoever manages it is told how many they are.
    """
    blocks: dict[int, tuple[int, int | None]] = {}
    own: set[int] = set()
    subtree: set[int] = set()
    waiting: list[tuple[_Part, int | None]] = [
        (top, None) for top in _divide(_forest(parents, invited), k)[0]
    ]
    while waiting:
        part, above = waiting.pop()
        if not part.kids:
            own.add(part.unit)
            blocks[part.unit] = (part.unit, above)
            continue
        subtree.add(part.unit)
        shown, rest = _divide(part.kids, k)
        inner = part.unit if len(shown) + bool(rest) > 1 else above
        waiting.extend((kid, inner) for kid in shown)
        name = min(rest, default=part.unit)
        blocks |= dict.fromkeys(rest, (name, inner))
    return {
        unit: Place(block, above, unit in own, unit in subtree)
        for unit in parents
        for block, above in [blocks.get(unit, (None, None))]
    }


def _forest(parents: Mapping[int, int | None], invited: Mapping[int, int]) -> list[_Part]:
    """Units with people, each divided into its children and, as one more part, its own people."""
    kids: dict[int | None, list[_Part]] = {}
    for place, unit in reversed(list(enumerate(parents))):
        below = kids.pop(unit, [])
        if own := invited.get(unit, 0):
            below.append(_Part(unit, own, place))
        if below:
            part = _Part(unit, sum(kid.size for kid in below), place, tuple(below))
            kids.setdefault(parents[unit], []).append(part)
    return [part for top in kids.values() for part in top]


def _divide(parts: Iterable[_Part], k: int) -> tuple[list[_Part], list[int]]:
    """Parts that are shown, and the units whose own people are the remainder that no page names.

    The remainder starts with what is too small by itself. While it is, the smallest part is hidden,
    which leaves its own kids to be shown or to join. It ends empty or of at least `k`.
    """
    rest: list[int] = []
    size = 0
    choices: list[tuple[int, int, _Part]] = []
    opened = list(parts)
    while True:
        while opened:
            part = opened.pop()
            if part.size >= k:
                heapq.heappush(choices, (part.size, _rank(part), part))
            elif part.kids:
                opened.extend(part.kids)
            else:
                rest.append(part.unit)
                size += part.size
        if not choices or not 0 < size < k:
            return [part for _, _, part in choices], rest
        smallest = heapq.heappop(choices)[2]
        if smallest.kids:
            opened.extend(smallest.kids)
        else:
            rest.append(smallest.unit)
            size += smallest.size


def _rank(part: _Part) -> int:
    """Unlike for any two parts: own people and all below one unit stand at the same place."""
    return 2 * part.place + bool(part.kids)
