"""Which figures may be shown, so that nobody's score can be computed from all that are (docs/security.md).

Rule: what is shown of one source, in any linear combination, concerns nobody or at least `k` people,
whoever compares notes with whom. Proof: the comments at `disclose`, and a solver in the tests.
"""

import heapq
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import partial, reduce
from itertools import count
from typing import Any, Final, Generic, TypeVar

from assessments.scoring import Scheme, round_half_up
from dashboards.rollup import TOTAL, Figure, Tally, add_counts


class Grade(StrEnum):
    """How much of a figure is shown: all of it, or the band instead of the exact mean."""

    EXACT = "EXACT"
    BAND = "BAND"


@dataclass(frozen=True, slots=True)
class Group:
    """People of one unit: all below it, or (`own`) those whose own unit it is."""

    unit: int
    own: bool = False


Disclosure = dict[str, Grade]
"""Slots that are shown, and how. A slot without an entry is hidden."""


def disclose(
    parents: Mapping[int, int | None], own: Mapping[int, Tally], *, source: str, k: int
) -> dict[Group, Disclosure]:
    """Decide for every unit of a cycle, in preorder, what of `source` is shown.

    Groups without an entry are hidden, or empty. The choice depends on counts and on who was
    invited, never on how good a score is, and is the same for the same input.
    """
    slots = sorted(
        {slot for tally in own.values() for found, slot in tally.figures if found == source}
    )
    forest = _forest(parents, own, source, slots)
    # 1. All pillars of a group are shown, or none. Shown groups lie within each other or apart, so
    #    their sums span the same space as the sums over "atoms": a shown group without the shown ones
    #    inside it. Atoms are disjoint; each has 0 or >= k people in every slot, and so has every
    #    combination of pillar sums.
    forest = _thin(forest, _counts, partial(_no_small_count, k))
    shown = {group: dict.fromkeys(slots, Grade.BAND) for group in _groups(forest)}
    # 2. A total is a weighted sum of pillar scores. Subtracting those leaves nothing of the people
    #    with the profile that an atom's pillars cancel, but something of everyone else in it:
    #    these must be 0 or >= k together. Otherwise the total is not shown.
    totals = _thin(forest, partial(_odd_profiles, k), partial(_no_odd_few, k))
    for group in shown.keys() - set(_groups(totals)):
        shown[group].pop(TOTAL, None)
    # 3. A mean of people who all have the same score is everybody's score: no exact sum may stand
    #    for a unanimous atom. The band is shown instead.
    for index, slot in enumerate(slots):
        exact = _thin(totals if slot == TOTAL else forest, partial(_common, index), _is_mixed)
        for group in _groups(exact):
            shown[group][slot] = Grade.EXACT
    return shown


def release(
    tally: Tally, disclosure: Disclosure | None, *, source: str, scheme: Scheme
) -> dict[str, Any] | None:
    """What is shown of one group, rounded and banded: the document that pages and exports are made of.

    None: hidden. An empty document: nobody has a score. A slot of None is hidden, a `mean` of None
    stands behind its band.
    """
    figures = {slot: figure for (found, slot), figure in tally.figures.items() if found == source}
    if not disclosure:
        return None if figures else {}
    return {
        slot: _release_figure(figure, disclosure[slot], scheme) if slot in disclosure else None
        for slot, figure in sorted(figures.items())
    }


def grades_of(document: dict[str, Any] | None) -> Disclosure | None:
    """The decision behind a released document."""
    if not document:
        return None
    return {
        slot: Grade.BAND if figure["mean"] is None else Grade.EXACT
        for slot, figure in document.items()
        if figure is not None
    }


def _release_figure(figure: Figure, grade: Grade, scheme: Scheme) -> dict[str, Any]:
    mean = round_half_up(figure.total / figure.n, scheme.decimals)
    return {
        "n": figure.n,
        "mean": format(mean, "f") if grade is Grade.EXACT else None,
        "band": scheme.band_of(mean) or "",
        "bands": figure.bands,
    }


@dataclass(frozen=True, slots=True)
class _People:
    """What decides about a group of people: by slot, how many have a score and which all share."""

    n: tuple[int, ...]
    common: tuple[Fraction | None, ...]
    profiles: Mapping[str, int]

    def __add__(self, other: "_People") -> "_People":
        return _People(
            tuple(one + two for one, two in zip(self.n, other.n, strict=True)),
            tuple(map(_shared, self.n, self.common, other.n, other.common)),
            add_counts(self.profiles, other.profiles),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """A set of people that may be shown as a whole; `kids` divide it. `atom`: it has no kids.

    A part without a group is a remainder that no page names. `rank` orders what to hide first.
    """

    group: Group | None
    rank: tuple[int, int]
    kids: tuple["_Part", ...] = ()
    atom: _People | None = None


def _shared(n: int, one: Fraction | None, m: int, other: Fraction | None) -> Fraction | None:
    """The score that two groups share, if each has one and it is the same; an empty group agrees."""
    if not n or not m:
        return one if n else other
    return one if one == other else None


def _forest(
    parents: Mapping[int, int | None], own: Mapping[int, Tally], source: str, slots: list[str]
) -> list[_Part]:
    """The units in which anybody has a score, smaller ones ranking first.

    The parts of a unit are its children, and its own people as one more.

    Size is the number of invited people, which does not move during a cycle: a choice by the number
    of scores would change from release to release, and give away by that what it hides.
    """
    kids: dict[int | None, list[_Part]] = {}
    invited = dict.fromkeys(parents, 0)
    for place, unit in reversed(list(enumerate(parents))):
        tally = own.get(unit, Tally())
        figures = [tally.figures.get((source, slot), Figure()) for slot in slots]
        people = _People(
            tuple(figure.n for figure in figures),
            tuple(figure.common for figure in figures),
            tally.profiles.get(source, {}),
        )
        below = kids.pop(unit, [])
        invited[unit] += tally.people.invited
        if any(people.n):
            below.append(_Part(Group(unit, own=True), (tally.people.invited, place), atom=people))
        if below:
            part = _Part(Group(unit), (invited[unit], place), tuple(below))
            kids.setdefault(parents[unit], []).append(part)
        if (parent := parents[unit]) in invited:
            invited[parent] += invited[unit]
    return [part for top in kids.values() for part in top]


_Mass = TypeVar("_Mass", bound=Any)


@dataclass(frozen=True, slots=True)
class _Weighed(Generic[_Mass]):
    """A part with the additive measure by which a step judges it."""

    part: _Part
    mass: _Mass
    kids: tuple["_Weighed[_Mass]", ...]


def _weigh(part: _Part, measure: Callable[[_People], _Mass]) -> _Weighed[_Mass]:
    if part.atom is not None:
        return _Weighed(part, measure(part.atom), ())
    kids = tuple(_weigh(kid, measure) for kid in part.kids)
    return _Weighed(part, reduce(operator.add, (kid.mass for kid in kids)), kids)


def _thin(
    forest: Iterable[_Part],
    measure: Callable[[_People], _Mass],
    is_safe: Callable[[_Mass], bool],
) -> list[_Part]:
    """Keep the parts that can stay shown when every atom has to be safe.

    `is_safe` judges a measured set of people. A top part that is not safe gives way to its kids.
    """
    kept = []
    waiting = [_weigh(part, measure) for part in forest]
    while waiting:
        whole = waiting.pop()
        if not is_safe(whole.mass):
            waiting.extend(whole.kids)
        elif whole.part.group is not None:
            kept.append(_divide(whole, is_safe))
    return kept


def _divide(whole: _Weighed[_Mass], is_safe: Callable[[_Mass], bool]) -> _Part:
    """A part that is shown, with those kids shown that leave a safe remainder.

    The remainder starts with what is not safe by itself. While it is not safe, the smallest kid is
    hidden, which leaves its own kids to be shown or to join. In the end the remainder is empty or
    safe: at the worst it is the whole, which is safe.
    """
    if whole.part.atom is not None:
        return whole.part
    rest: list[_Weighed[_Mass]] = []
    mass: _Mass | None = None
    choices: list[tuple[tuple[int, int], int, _Weighed[_Mass]]] = []
    numbers = count()
    opened = list(whole.kids)
    while True:
        while opened:
            kid = opened.pop()
            if kid.part.group is not None and is_safe(kid.mass):
                heapq.heappush(choices, (kid.part.rank, next(numbers), kid))
            elif kid.kids:
                opened.extend(kid.kids)
            else:
                rest.append(kid)
                mass = kid.mass if mass is None else mass + kid.mass
        if not choices or mass is None or is_safe(mass):
            break
        smallest = heapq.heappop(choices)[2]
        if smallest.kids:
            opened.extend(smallest.kids)
        else:
            rest.append(smallest)
            mass += smallest.mass
    kids = [_divide(kid, is_safe) for _, _, kid in sorted(choices)]
    if rest:
        atoms = [kid.part.atom for kid in rest if kid.part.atom is not None]
        kids.append(_Part(None, (0, 0), atom=reduce(operator.add, atoms)))
    return _Part(whole.part.group, whole.part.rank, tuple(kids))


def _groups(forest: Iterable[_Part]) -> Iterator[Group]:
    for part in forest:
        if part.group is not None:
            yield part.group
        yield from _groups(part.kids)


@dataclass(frozen=True, slots=True)
class _Counts:
    n: tuple[int, ...]

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(tuple(one + two for one, two in zip(self.n, other.n, strict=True)))


def _counts(people: _People) -> _Counts:
    return _Counts(people.n)


def _no_small_count(k: int, counts: _Counts) -> bool:
    return all(n == 0 or n >= k for n in counts.n)


@dataclass(frozen=True, slots=True)
class _Odd:
    """People whose total differs in make-up from their atom's, and atoms that nothing can be said of."""

    people: int
    unclear: int

    def __add__(self, other: "_Odd") -> "_Odd":
        return _Odd(self.people + other.people, self.unclear + other.unclear)


_NOBODY: Final = _Odd(0, 0)


def _odd_profiles(k: int, people: _People) -> _Odd:
    """Who stays visible when an atom's pillar sums are subtracted from its total.

    Where all share a profile, or nobody has a total: nobody. Where at least `k` have every score:
    the others. Else it is not clear, and the total is not shown.
    """
    profiles = people.profiles
    if len(profiles) <= 1 or all(profile.startswith("0") for profile in profiles):
        return _NOBODY
    complete = profiles.get("1" * len(next(iter(profiles))), 0)
    return _Odd(sum(profiles.values()) - complete, int(complete < k))


def _no_odd_few(k: int, odd: _Odd) -> bool:
    return not odd.unclear and (odd.people == 0 or odd.people >= k)


@dataclass(frozen=True, slots=True)
class _Common:
    n: int
    score: Fraction | None

    def __add__(self, other: "_Common") -> "_Common":
        return _Common(self.n + other.n, _shared(self.n, self.score, other.n, other.score))


def _common(index: int, people: _People) -> _Common:
    return _Common(people.n[index], people.common[index])


def _is_mixed(common: _Common) -> bool:
    return common.score is None
