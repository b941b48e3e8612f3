"""The scoring core: exact arithmetic over an instrument's scheme and one person's answers.

Standard library only. Rules: docs/scoring.md. What is stored, shown or exported lives elsewhere.
"""

from assessments.scoring.aggregation import Aggregate, AggregatePillar, aggregate
from assessments.scoring.calculation import (
    METHOD,
    NotApplicableDenied,
    ScoringError,
    UnknownItem,
    ValueOffScale,
    score,
)
from assessments.scoring.rounding import round_half_up
from assessments.scoring.scheme import (
    NOT_APPLICABLE,
    Answer,
    BandScheme,
    Conversion,
    InvalidScheme,
    ItemScheme,
    NotApplicable,
    PillarScheme,
    Scheme,
)
from assessments.scoring.scorecard import (
    Contribution,
    Figure,
    PillarScore,
    Reason,
    Scorecard,
    UnknownMethod,
)

__all__ = [
    "METHOD",
    "NOT_APPLICABLE",
    "Aggregate",
    "AggregatePillar",
    "Answer",
    "BandScheme",
    "Contribution",
    "Conversion",
    "Figure",
    "InvalidScheme",
    "ItemScheme",
    "NotApplicable",
    "NotApplicableDenied",
    "PillarScheme",
    "PillarScore",
    "Reason",
    "Scheme",
    "Scorecard",
    "ScoringError",
    "UnknownItem",
    "UnknownMethod",
    "ValueOffScale",
    "aggregate",
    "round_half_up",
    "score",
]
