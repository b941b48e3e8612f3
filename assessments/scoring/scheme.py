"""The part of an instrument that scoring needs, checked when it is made.

Texts, labels and reasons belong to the instrument, not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from itertools import chain, pairwise
from typing import Final, Literal

MAXIMUM_DECIMALS: Final = 6


class Conversion(StrEnum):
    """How a value of a scale min..max becomes an item score of 0..100."""

    SHARE_OF_MAXIMUM = "share-of-maximum"
    MIN_MAX = "min-max"


class NotApplicable(Enum):
    """The answer "tidak relevan": it leaves both sums of its pillar."""

    NOT_APPLICABLE = "NA"


NOT_APPLICABLE: Final = NotApplicable.NOT_APPLICABLE

Answer = Decimal | Literal[NotApplicable.NOT_APPLICABLE]


class InvalidScheme(ValueError):
    """A scheme that no score can be computed from without guessing."""


@dataclass(frozen=True, slots=True)
class ItemScheme:
    """One indicator: its weight within the pillar and the values that may be answered, lowest first."""

    code: str
    weight: Decimal
    values: tuple[Decimal, ...]
    reversed: bool = False
    not_applicable: bool = False
    evidence_from: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        _require_weight(self.weight, self.code)
        if len(self.values) < 2:
            raise InvalidScheme(f"{self.code}: a scale needs two values or more")
        if not all(value.is_finite() for value in self.values):
            raise InvalidScheme(f"{self.code}: a scale value is not a finite number")
        if any(lower >= higher for lower, higher in pairwise(self.values)):
            raise InvalidScheme(f"{self.code}: scale values must ascend")

    @property
    def minimum(self) -> Decimal:
        """The lowest value that may be answered."""
        return self.values[0]

    @property
    def maximum(self) -> Decimal:
        """The highest value that may be answered."""
        return self.values[-1]

    def score(self, value: Decimal, conversion: Conversion) -> Fraction:
        """Return the exact item score, 0..100, of a value of this scale."""
        low, high, given = Fraction(self.minimum), Fraction(self.maximum), Fraction(value)
        effective = low + high - given if self.reversed else given
        if conversion is Conversion.SHARE_OF_MAXIMUM:
            return 100 * effective / high
        return 100 * (effective - low) / (high - low)


@dataclass(frozen=True, slots=True)
class PillarScheme:
    """One pillar: its weight in the total and its indicators in order."""

    code: str
    weight: Decimal
    items: tuple[ItemScheme, ...]

    def __post_init__(self) -> None:
        _require_weight(self.weight, self.code)
        if not self.items:
            raise InvalidScheme(f"{self.code}: a pillar needs an indicator")


@dataclass(frozen=True, slots=True)
class BandScheme:
    """A band holds the rounded scores from ``lower`` up to the band above it."""

    code: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """An instrument version as the scorer sees it.

    ``minimum_coverage`` is a share of 0..1 of a pillar's applicable weight; ``bands`` come highest first
    and may be empty.
    """

    code: str
    version: str
    conversion: Conversion
    minimum_coverage: Decimal
    decimals: int
    bands: tuple[BandScheme, ...]
    pillars: tuple[PillarScheme, ...]

    def __post_init__(self) -> None:
        if not (self.minimum_coverage.is_finite() and 0 <= self.minimum_coverage <= 1):
            raise InvalidScheme("minimum coverage must lie within 0..1")
        if not 0 <= self.decimals <= MAXIMUM_DECIMALS:
            raise InvalidScheme(f"decimals must lie within 0..{MAXIMUM_DECIMALS}")
        if any(higher.lower <= lower.lower for higher, lower in pairwise(self.bands)):
            raise InvalidScheme("lower bounds of bands must descend")
        if not self.pillars:
            raise InvalidScheme("an instrument needs a pillar")
        _require_unique([band.code for band in self.bands], "band")
        _require_unique([pillar.code for pillar in self.pillars], "pillar")
        _require_unique([item.code for item in self.items], "indicator")
        if self.conversion is Conversion.SHARE_OF_MAXIMUM:
            for item in self.items:
                if item.minimum < 0 or item.maximum <= 0:
                    raise InvalidScheme(
                        f"{item.code}: a share of the maximum needs values from 0 up"
                    )

    def __hash__(self) -> int:
        # Equal schemes share code and version; hashing the whole tree for every score would cost more than scoring.
        return hash((self.code, self.version))

    @property
    def items(self) -> tuple[ItemScheme, ...]:
        """Every indicator of every pillar, in order."""
        return tuple(chain.from_iterable(pillar.items for pillar in self.pillars))

    def band_of(self, rounded: Decimal) -> str | None:
        """Return the code of the first band whose lower bound a rounded score reaches."""
        return next((band.code for band in self.bands if rounded >= band.lower), None)


def _require_weight(weight: Decimal, code: str) -> None:
    if not (weight.is_finite() and weight >= 0):
        raise InvalidScheme(f"{code}: a weight must be a number from 0 up")


def _require_unique(codes: Sequence[str], kind: str) -> None:
    if len(set(codes)) != len(codes):
        raise InvalidScheme(f"a {kind} code is repeated")
