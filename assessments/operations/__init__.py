"""Everything that changes assessments: one verb each, atomic, audited, keyword-only."""

from assessments.operations.cycles import extend, open_cycle, reschedule
from assessments.operations.dispatching import announce, dispatch_pending
from assessments.operations.filling import NO_ANSWER_YET, AnswerInput, SaveResult, save_answers
from assessments.operations.importing import ImportedAnswers, import_answers
from assessments.operations.reporting import report_supervisor
from assessments.operations.scores import retry_failed, score_jobs
from assessments.operations.submitting import hash_of, submit, withdraw

__all__ = [
    "NO_ANSWER_YET",
    "AnswerInput",
    "ImportedAnswers",
    "SaveResult",
    "announce",
    "dispatch_pending",
    "extend",
    "hash_of",
    "import_answers",
    "open_cycle",
    "report_supervisor",
    "reschedule",
    "retry_failed",
    "save_answers",
    "score_jobs",
    "submit",
    "withdraw",
]
