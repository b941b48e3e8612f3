"""Figures of groups of people, exact and additive: a parent's figure is the sum of its parts.

What may be shown of them is decided in `suppression`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from assessments.scoring import round_half_up

TOTAL: Final = ""
"""The slot of the total; the other slots are pillar codes."""

Key = tuple[str, str]
"""Whose levels (SELF, VERIFIED) and which slot."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Scores of `n` people in one slot: their exact sum, and how many are in each band.

    `common` is the score that all of them share, None where they differ or there are none: a mean
    of a unanimous group would tell everybody's score.
    """

    n: int = 0
    total: Fraction = Fraction(0)
    common: Fraction | None = None
    bands: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, score: Fraction, band: str, *, n: int = 1) -> "Figure":
        """The figure of `n` people with the same score."""
        return cls(n, n * score, score, {band: n})

    def __add__(self, other: "Figure") -> "Figure":
        if not self.n:
            return other
        if not other.n:
            return self
        return Figure(
            self.n + other.n,
            self.total + other.total,
            self.common if self.common == other.common else None,
            add_counts(self.bands, other.bands),
        )

    def mean(self, decimals: int) -> Decimal | None:
        """The mean, rounded once, half-up; None where there is nobody to average."""
        return round_half_up(self.total / self.n, decimals) if self.n else None

    def to_json(self) -> dict[str, Any]:
        """Exact and canonical: equal figures are equal documents."""
        return {
            "n": self.n,
            "total": str(self.total),
            "common": None if self.common is None else str(self.common),
            "bands": {band: self.bands[band] for band in sorted(self.bands)},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Figure":
        """The inverse of `to_json`."""
        common = document["common"]
        return cls(
            document["n"],
            _fraction(document["total"]),
            None if common is None else _fraction(common),
            document["bands"],
        )


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
    """Everything known of one group: participation, figures, and who has which scores.

    `profiles` counts people of each source by the slots they have a score in, as a text of 0 and 1:
    the total first, then the pillars that weigh in it. A total is a sum of pillar scores, so people
    with another profile than most could be read from the difference (see `suppression`).
    """

    people: Participation = Participation()
    figures: Mapping[Key, Figure] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        figures = dict(self.figures)
        for key, figure in other.figures.items():
            figures[key] = figures[key] + figure if key in figures else figure
        profiles = dict(self.profiles)
        for source, counts in other.profiles.items():
            profiles[source] = add_counts(profiles.get(source, {}), counts)
        return Tally(self.people + other.people, figures, profiles)

    def figure(self, source: str, slot: str = TOTAL) -> Figure:
        """One figure; the empty one where nobody has a score."""
        return self.figures.get((source, slot), Figure())

    def to_json(self) -> dict[str, Any]:
        """Exact and canonical: equal tallies are equal documents, whatever they were summed from."""
        figures: dict[str, dict[str, Any]] = {}
        for source, slot in sorted(self.figures):
            figures.setdefault(source, {})[slot] = self.figures[source, slot].to_json()
        profiles = {
            source: {profile: counts[profile] for profile in sorted(counts)}
            for source, counts in sorted(self.profiles.items())
        }
        return {"people": self.people.to_json(), "figures": figures, "profiles": profiles}

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
            document["profiles"],
        )


def _fraction(text: str) -> Fraction:
    """The inverse of `str`, four times as fast as `Fraction(text)`, which also reads decimals."""
    return Fraction(*map(int, text.split("/")))


def add_counts(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Sum counts by name."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in one.keys() | other.keys()}


def roll_up(
    parents: Mapping[int, int | None],
    own: Mapping[int, Tally],
    known: Mapping[int, Tally] | None = None,
) -> dict[int, Tally]:
    """Merge own tallies into subtree tallies, from the leaves up.

    `parents` maps units to their parents, in preorder. `known` are subtree tallies of units that
    stand below a unit of `parents` without being in it themselves, keyed by their parent.
    """
    sums = {unit: own.get(unit, Tally()) + (known or {}).get(unit, Tally()) for unit in parents}
    for unit in reversed(list(parents)):
        parent = parents[unit]
        if parent in sums and parent is not None:
            sums[parent] = sums[parent] + sums[unit]
    return sums
