"""File formats of assessments: answers in, and schemes out of instrument files. No database."""

from assessments.files.answers import AnswerFault, AnswerRow, AnswersFileError, read_answers
from assessments.files.schemes import scheme_from_document

__all__ = [
    "AnswerFault",
    "AnswerRow",
    "AnswersFileError",
    "read_answers",
    "scheme_from_document",
]
