"""Figures of groups of people, exact and additive: a parent's figure is the sum of its parts.

What may be shown of them is decided in `suppression`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Final

from assessments.scoring import round_half_up

TOTAL: Final = ""
"""The slot of the total; the other slots are pillar codes."""

Key = tuple[str, str]
"""Whose levels (SELF, VERIFIED) and which slot."""


@dataclass(frozen=True)
class Figure:
    """Scores of `n` people in one slot: their exact sum, and how many are in each band.

    `common` is the score that all of them share, None where they differ or it is not known any more.
    """

    n: int = 0
    total: Fraction = Fraction(0)
    bands: Mapping[str, int] = field(default_factory=dict)
    common: Fraction | None = field(default=None, compare=False)

    @classmethod
    def of(cls, score: Fraction, band: str, *, n: int = 1) -> "Figure":
        """The figure of `n` people with the same score."""
        return cls(n, n * score, {band: n}, score)

    def __add__(self, other: "Figure") -> "Figure":
        if not self:
            return other
        if not other:
            return self
        return Figure(
            self.n + other.n,
            self.total + other.total,
            add_counts(self.bands, other.bands),
            self.common if self.common == other.common else None,
        )

    def __bool__(self) -> bool:
        """Whether there is anything in it; a difference may hold nobody more and another sum."""
        return bool(self.n or self.total or self.bands)

    def __neg__(self) -> "Figure":
        """What takes the figure away again when it is added."""
        return Figure(-self.n, -self.total, {band: -n for band, n in self.bands.items()})

    def mean(self, decimals: int) -> Decimal | None:
        """The mean, rounded once, half-up; None where there is nobody to average."""
        return round_half_up(self.total / self.n, decimals) if self.n else None

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """Exact and canonical: equal figures are equal documents. Made once: several rows hold the same figure."""
        return {
            "n": self.n,
            "total": str(self.total),
            "bands": {band: self.bands[band] for band in sorted(self.bands)},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Figure":
        """The inverse of `document`."""
        return cls(document["n"], _fraction(document["total"]), document["bands"])


@dataclass(frozen=True, slots=True)
class Participation:
    """How far people are. Each count includes the next: who submitted has started."""

    invited: int = 0
    started: int = 0
    submitted: int = 0
    verified: int = 0

    def __add__(self, other: "Participation") -> "Participation":
        return Participation(
            self.invited + other.invited,
            self.started + other.started,
            self.submitted + other.submitted,
            self.verified + other.verified,
        )

    def __neg__(self) -> "Participation":
        """What takes the counts away again when it is added."""
        return Participation(-self.invited, -self.started, -self.submitted, -self.verified)

    @property
    def not_started(self) -> int:
        """Invited, and nothing more."""
        return self.invited - self.started

    @property
    def drafting(self) -> int:
        """Started and not handed in, or not again after a return."""
        return self.started - self.submitted

    @property
    def waiting(self) -> int:
        """Handed in and not verified."""
        return self.submitted - self.verified

    def to_json(self) -> list[int]:
        """The four counts in order."""
        return [self.invited, self.started, self.submitted, self.verified]


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything known of one group: how far its people are, and their figures."""

    people: Participation = Participation()
    figures: Mapping[Key, Figure] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        figures = dict(self.figures)
        for key, figure in other.figures.items():
            if key not in figures:
                figures[key] = figure
            elif found := figures[key] + figure:
                figures[key] = found
            else:
                del figures[key]
        return Tally(self.people + other.people, figures)

    def __sub__(self, other: "Tally") -> "Tally":
        return self + Tally(-other.people, {key: -each for key, each in other.figures.items()})

    def of(self, source: str) -> dict[str, Figure]:
        """Figures of one source by slot."""
        return {slot: figure for (found, slot), figure in self.figures.items() if found == source}

    def figure(self, source: str, slot: str = TOTAL) -> Figure:
        """One figure; the empty one where nobody has a score."""
        return self.figures.get((source, slot), Figure())

    def to_json(self) -> dict[str, Any]:
        """Exact and canonical: equal tallies are equal documents, whatever they were summed from."""
        figures: dict[str, dict[str, Any]] = {}
        for source, slot in sorted(self.figures):
            figures.setdefault(source, {})[slot] = self.figures[source, slot].document
        return {"people": self.people.to_json(), "figures": figures}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Tally":
        """The inverse of `to_json`."""
        return cls(
            Participation(*document["people"]),
            {
                (source, slot): Figure.from_json(figure)
                for source, slots in document["figures"].items()
                for slot, figure in slots.items()
            },
        )


def _fraction(text: str) -> Fraction:
    """The inverse of `str`, four times as fast as `Fraction(text)`, which also reads decimals."""
    return Fraction(*map(int, text.split("/")))


def add_counts(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Sum counts by name; a name with nothing left is dropped."""
    sums = dict(one)
    for name, number in other.items():
        sums[name] = sums.get(name, 0) + number
        if not sums[name]:
            del sums[name]
    return sums


def roll_up(parents: Mapping[int, int | None], own: Mapping[int, Tally]) -> dict[int, Tally]:
    """Merge own tallies into subtree tallies, from the leaves up; `parents` in preorder."""
    nobody = Tally()
    sums = {unit: own.get(unit, nobody) for unit in parents}
    denominators = _common_denominators(own.values())
    growing: dict[int, _Sum] = {}
    for unit in reversed(list(parents)):
        if unit in growing:
            sums[unit] = growing[unit].tally()
        parent = parents[unit]
        if parent in sums and parent is not None:
            if parent not in growing:
                growing[parent] = _Sum(denominators)
                growing[parent].add_tally(sums[parent])
            below = growing.pop(unit, None)
            growing[parent].add(below) if below else growing[parent].add_tally(sums[unit])
    return sums


class _Sum:
    """Tallies being added: scores as integers over one denominator, since fractions are reduced at each step."""

    def __init__(self, denominators: Mapping[Key, int]) -> None:
        self.denominators = denominators
        self.people = Participation()
        self.n: dict[Key, int] = {}
        self.totals: dict[Key, int] = {}
        self.bands: dict[Key, dict[str, int]] = {}

    def add_tally(self, tally: Tally) -> None:
        self.people += tally.people
        for key, figure in tally.figures.items():
            total = figure.total.numerator * (self.denominators[key] // figure.total.denominator)
            self._add(key, figure.n, total, figure.bands)

    def add(self, other: "_Sum") -> None:
        self.people += other.people
        for key, n in other.n.items():
            self._add(key, n, other.totals[key], other.bands[key])

    def _add(self, key: Key, n: int, total: int, bands: Mapping[str, int]) -> None:
        if key not in self.n:
            self.n[key], self.totals[key], self.bands[key] = n, total, dict(bands)
            return
        self.n[key] += n
        self.totals[key] += total
        sums = self.bands[key]
        for band, number in bands.items():
            sums[band] = sums.get(band, 0) + number

    def tally(self) -> Tally:
        figures = {}
        for key, n in self.n.items():
            bands = {band: number for band, number in self.bands[key].items() if number}
            figure = Figure(n, Fraction(self.totals[key], self.denominators[key]), bands)
            if figure:
                figures[key] = figure
        return Tally(self.people, figures)


def _common_denominators(tallies: Iterable[Tally]) -> dict[Key, int]:
    found: dict[Key, set[int]] = {}
    for tally in tallies:
        for key, figure in tally.figures.items():
            found.setdefault(key, set()).add(figure.total.denominator)
    return {key: lcm(*each) for key, each in found.items()}
