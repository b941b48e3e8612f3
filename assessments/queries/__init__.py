"""Reading assessments: querysets and frozen values for pages, operations and the scorer."""

from assessments.queries.clock import database_now
from assessments.queries.documents import Entry, scorable
from assessments.queries.reviewing import (
    Comparison,
    RatingGap,
    RatingGapKind,
    ReviewSheet,
    last_return,
    marked_notes,
    ratings_of,
    return_notes,
    return_of,
    review_of,
    sheet_of,
)
from assessments.queries.schemes import scheme_of, scorecard_of
from assessments.queries.sheet import (
    Gap,
    GapKind,
    PillarProgress,
    answers_of,
    gap_of,
    gaps,
    gaps_at,
    progress,
    questionnaire_of,
)
from assessments.queries.visibility import readable_by, reviewable_by, reviewer_of

__all__ = [
    "Comparison",
    "Entry",
    "Gap",
    "GapKind",
    "PillarProgress",
    "RatingGap",
    "RatingGapKind",
    "ReviewSheet",
    "answers_of",
    "database_now",
    "gap_of",
    "gaps",
    "gaps_at",
    "last_return",
    "marked_notes",
    "progress",
    "questionnaire_of",
    "ratings_of",
    "readable_by",
    "return_notes",
    "return_of",
    "review_of",
    "reviewable_by",
    "reviewer_of",
    "scheme_of",
    "scorable",
    "scorecard_of",
    "sheet_of",
]
