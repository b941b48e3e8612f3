"""What scoring one person yields: pure values that say how each figure came about."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from assessments.scoring.scheme import NOT_APPLICABLE, Answer, Conversion

METHOD: Final = "prima-score/1"


class UnknownMethod(ValueError):
    """A score computed by another method than this one: its figures must not be read by these rules."""


class Reason(StrEnum):
    """Why there is no score."""

    COVERAGE = "coverage"
    NO_ANSWERS = "no-answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A score of 0..100: exact, rounded once and banded; or none, with the reason."""

    exact: Fraction | None
    rounded: Decimal | None
    band: str | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one indicator brought into its pillar: a weighted item score, or nothing.

    ``answer`` is the value as chosen (before reversal), NOT_APPLICABLE, or None when missing; ``score`` is the
    exact item score of 0..100 and None unless a value was chosen.
    """

    code: str
    answer: Answer | None
    weight: Decimal
    score: Fraction | None
    reversed: bool

    @property
    def is_answered(self) -> bool:
        """Whether a value was chosen."""
        return self.score is not None

    @property
    def value(self) -> Decimal:
        """The value that was chosen; raises ValueError where none was."""
        if self.answer is None or self.answer is NOT_APPLICABLE:
            raise ValueError(f"{self.code} has no value")
        return self.answer

    @property
    def is_not_applicable(self) -> bool:
        """Whether "tidak relevan" was chosen."""
        return self.answer is NOT_APPLICABLE

    @property
    def is_missing(self) -> bool:
        """Whether nothing was chosen."""
        return self.answer is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarScore(Figure):
    """A pillar's figure with everything it was computed from.

    ``weight`` is the pillar's weight in the total. ``answered_weight`` / ``applicable_weight`` is the coverage.
    """

    code: str
    weight: Decimal
    answered_weight: Decimal
    applicable_weight: Decimal
    contributions: tuple[Contribution, ...]

    @property
    def answered(self) -> int:
        """How many indicators have a value; those of weight 0 count too."""
        return sum(contribution.is_answered for contribution in self.contributions)

    @property
    def not_applicable(self) -> int:
        """How many indicators were said not to be relevant; they leave both sums."""
        return sum(contribution.is_not_applicable for contribution in self.contributions)

    @property
    def missing(self) -> int:
        """How many indicators have no answer; they count against the coverage."""
        return sum(contribution.is_missing for contribution in self.contributions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """One person's scores by one instrument version, with the rules they were computed under."""

    instrument: str
    version: str
    conversion: Conversion
    minimum_coverage: Decimal
    decimals: int
    pillars: tuple[PillarScore, ...]
    total: Figure
    method: str = METHOD
