"""Everything that changes assessments: one verb each, atomic, audited, keyword-only."""

from assessments.operations.cycles import open_cycle, plan_cycle, reschedule
from assessments.operations.deciding import (
    establish,
    return_assessment,
    time_to_redo,
    verify,
)
from assessments.operations.dispatching import announce, dispatch_pending, due_jobs
from assessments.operations.extending import end_extension, extend
from assessments.operations.filling import (
    NO_ANSWER_YET,
    AnswerInput,
    SaveResult,
    save_answers,
    save_held,
)
from assessments.operations.freezing import hash_of
from assessments.operations.importing import ImportedAnswers, import_answers
from assessments.operations.reminding import plan_reminders, remind_people
from assessments.operations.reopening import (
    approve_reopening,
    propose_reopening,
    reject_reopening,
)
from assessments.operations.reporting import reject_report, report_supervisor, resolve_report
from assessments.operations.retention import destroy_expired, lift_hold, place_hold
from assessments.operations.reviewing import (
    NO_RATING_YET,
    RatingInput,
    RatingResult,
    agree_with_rest,
    open_review,
    save_ratings,
)
from assessments.operations.scores import retry_failed, score_jobs
from assessments.operations.submitting import submit, withdraw

__all__ = [
    "NO_ANSWER_YET",
    "NO_RATING_YET",
    "AnswerInput",
    "ImportedAnswers",
    "RatingInput",
    "RatingResult",
    "SaveResult",
    "agree_with_rest",
    "announce",
    "approve_reopening",
    "destroy_expired",
    "dispatch_pending",
    "due_jobs",
    "end_extension",
    "establish",
    "extend",
    "hash_of",
    "import_answers",
    "lift_hold",
    "open_cycle",
    "open_review",
    "place_hold",
    "plan_cycle",
    "plan_reminders",
    "propose_reopening",
    "reject_reopening",
    "reject_report",
    "remind_people",
    "report_supervisor",
    "reschedule",
    "resolve_report",
    "retry_failed",
    "return_assessment",
    "save_answers",
    "save_held",
    "save_ratings",
    "score_jobs",
    "submit",
    "time_to_redo",
    "verify",
    "withdraw",
]
