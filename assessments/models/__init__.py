"""What people answered, and what it scores."""

from assessments.models.assessment import Answer, Assessment, Submission, SupervisorReport
from assessments.models.cycle import Cycle, CycleUnit, StaleUnit
from assessments.models.evidence import Evidence
from assessments.models.reminding import ReminderPlan, ReminderRound
from assessments.models.reopening import Reopening
from assessments.models.retention import LegalHold, Tombstone
from assessments.models.review import Rating, Review
from assessments.models.score import Score, ScoringJob

__all__ = [
    "Answer",
    "Assessment",
    "Cycle",
    "CycleUnit",
    "Evidence",
    "LegalHold",
    "Rating",
    "ReminderPlan",
    "ReminderRound",
    "Reopening",
    "Review",
    "Score",
    "ScoringJob",
    "StaleUnit",
    "Submission",
    "SupervisorReport",
    "Tombstone",
]
