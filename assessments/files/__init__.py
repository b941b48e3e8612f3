"""File formats of assessments: answers in, and schemes out of instrument files. No database."""

from assessments.files.answers import AnswerRow, read_answers
from assessments.files.schemes import scheme_from_document

__all__ = [
    "AnswerRow",
    "read_answers",
    "scheme_from_document",
]
