"""The shape of `Submission.answers` and `Review.ratings`, which nothing else knows.

By indicator code a level alone, `"3"`, or with anything beside it an object of `value`, `na`, `reason`,
`note`, `evidence`, `files`, `return`. Older documents hold objects throughout; their hashes stay what they were.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assessments.models import Answer, Submission
from pillars.files.document import plain
from pillars.queries import Questionnaire

Stored = str | Mapping[str, Any]
Document = Mapping[str, Stored]


def opened(stored: Stored) -> Mapping[str, Any]:
    """An entry as an object, whichever way it is written."""
    return {"value": stored} if isinstance(stored, str) else stored


def compact(entry: Mapping[str, Any]) -> Stored:
    """An entry as it is written."""
    return entry["value"] if entry.keys() == {"value"} else entry


def written(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Stored]:
    """A document of entries given as objects."""
    return {code: compact(entry) for code, entry in entries.items()}


def frozen(
    answers: Mapping[str, Answer], files: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Stored]:
    """The document of working answers and of the files beside them, each with id, name and sha256.

    `thawed` gives the same answers back; files stay where they are, so there is nothing to give back.
    """
    entries = {code: _entry(answer) for code, answer in answers.items()}
    for code, named in files.items():
        entries.setdefault(code, {})["files"] = list(named)
    return written(entries)


def thawed(submission: Submission | None, questions: Questionnaire) -> dict[str, Answer]:
    """The working answers that were frozen, unsaved, by code; none without a submission.

    Their revision is above every one that a page from before the freezing can name.
    """
    if submission is None:
        return {}
    return {
        code: _answer(submission, questions.indicators[code].id, opened(stored))
        for code, stored in submission.answers.items()
        if opened(stored).keys() != {"files"}
    }


def _entry(answer: Answer) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if answer.value is not None:
        entry["value"] = plain(answer.value)
    if answer.not_applicable:
        entry["na"] = True
    if answer.reason:
        entry["reason"] = answer.reason
    if answer.note:
        entry["note"] = answer.note
    if answer.evidence:
        entry["evidence"] = answer.evidence
    return entry


def _answer(submission: Submission, indicator_id: int, entry: Mapping[str, Any]) -> Answer:
    value = entry.get("value")
    return Answer(
        assessment_id=submission.assessment_id,
        indicator_id=indicator_id,
        value=None if value is None else Decimal(value),
        not_applicable=entry.get("na", False),
        reason=entry.get("reason", ""),
        note=entry.get("note", ""),
        evidence=list(entry.get("evidence", ())),
        revision=submission.last_revision + 1,
        saved_at=submission.submitted_at,
    )
