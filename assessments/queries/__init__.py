"""Reading assessments: querysets and frozen values for pages, operations and the scorer."""

from assessments.queries.clock import database_now
from assessments.queries.schemes import scheme_of, scorable, scorecard_of
from assessments.queries.sheet import (
    Gap,
    GapKind,
    PillarProgress,
    answers_of,
    gap_of,
    gaps,
    progress,
    questionnaire_of,
)
from assessments.queries.visibility import reviewable_by, reviewer_of

__all__ = [
    "Gap",
    "GapKind",
    "PillarProgress",
    "answers_of",
    "database_now",
    "gap_of",
    "gaps",
    "progress",
    "questionnaire_of",
    "reviewable_by",
    "reviewer_of",
    "scheme_of",
    "scorable",
    "scorecard_of",
]
