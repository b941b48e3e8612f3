"""What scoring one person yields: pure values, and the trace by which a stored score explains itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Self

from assessments.scoring.scheme import NOT_APPLICABLE, Answer, Conversion

METHOD: Final = "prima-score/1"


class UnknownMethod(ValueError):
    """A trace written by another scoring method than this one."""


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
    # Written once for each possible answer: a pillar's contributions are shared by all who chose the same.
    trace: list[str | bool | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "trace", _contribution_to_trace(self))

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

    def to_trace(self) -> dict[str, Any]:
        """Return the scorecard as JSON-able data; every number is text, so that no digit is lost."""
        return {
            "method": self.method,
            "instrument": [self.instrument, self.version],
            "conversion": self.conversion.value,
            "minimum_coverage": _text(self.minimum_coverage),
            "decimals": self.decimals,
            "total": _figure_to_trace(self.total),
            "pillars": [
                {
                    "code": pillar.code,
                    "weight": _text(pillar.weight),
                    **_figure_to_trace(pillar),
                    "answered_weight": _text(pillar.answered_weight),
                    "applicable_weight": _text(pillar.applicable_weight),
                    "items": [contribution.trace for contribution in pillar.contributions],
                }
                for pillar in self.pillars
            ],
        }

    @classmethod
    def from_trace(cls, trace: Mapping[str, Any]) -> Self:
        """Return the scorecard that ``to_trace`` was called on.

        Raises UnknownMethod when another method wrote the trace: its figures must not be read by these rules.
        """
        if trace["method"] != METHOD:
            raise UnknownMethod(trace["method"])
        instrument, version = trace["instrument"]
        return cls(
            instrument=instrument,
            version=version,
            conversion=Conversion(trace["conversion"]),
            minimum_coverage=Decimal(trace["minimum_coverage"]),
            decimals=trace["decimals"],
            total=Figure(**_figure_from_trace(trace["total"])),
            pillars=tuple(
                PillarScore(
                    code=pillar["code"],
                    weight=Decimal(pillar["weight"]),
                    **_figure_from_trace(pillar),
                    answered_weight=Decimal(pillar["answered_weight"]),
                    applicable_weight=Decimal(pillar["applicable_weight"]),
                    contributions=tuple(_contribution_from_trace(item) for item in pillar["items"]),
                )
                for pillar in trace["pillars"]
            ),
        )


def _text(number: Decimal) -> str:
    return format(number, "f")


def _figure_to_trace(figure: Figure) -> dict[str, str | None]:
    return {
        "exact": None if figure.exact is None else str(figure.exact),
        "score": None if figure.rounded is None else _text(figure.rounded),
        "band": figure.band,
        "reason": None if figure.reason is None else figure.reason.value,
    }


def _figure_from_trace(trace: Mapping[str, str | None]) -> dict[str, Any]:
    exact, rounded, reason = trace["exact"], trace["score"], trace["reason"]
    return {
        "exact": None if exact is None else Fraction(exact),
        "rounded": None if rounded is None else Decimal(rounded),
        "band": trace["band"],
        "reason": None if reason is None else Reason(reason),
    }


def _contribution_to_trace(contribution: Contribution) -> list[str | bool | None]:
    match contribution.answer:
        case Decimal() as value:
            answer: str | None = _text(value)
        case None:
            answer = None
        case not_applicable:
            answer = not_applicable.value
    score = None if contribution.score is None else str(contribution.score)
    return [contribution.code, answer, _text(contribution.weight), score, contribution.reversed]


def _contribution_from_trace(item: Sequence[Any]) -> Contribution:
    code, answer, weight, score, is_reversed = item
    return Contribution(
        code=code,
        answer=_answer_from_trace(answer),
        weight=Decimal(weight),
        score=None if score is None else Fraction(score),
        reversed=is_reversed,
    )


def _answer_from_trace(text: str | None) -> Answer | None:
    if text is None:
        return None
    return NOT_APPLICABLE if text == NOT_APPLICABLE.value else Decimal(text)
