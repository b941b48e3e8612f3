"""The shape of `Submission.answers` and `Review.ratings`, which nothing else knows.

By indicator code a level alone, `"3"`, or with anything beside it an object of `value`, `na`, `reason`,
`note`, `evidence`, `files`, `return`. Older documents hold objects throughout; their hashes stay what they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from assessments.models import Answer, Rating, Submission
from assessments.scoring import NOT_APPLICABLE
from assessments.scoring import Answer as Choice
from pillars.files.document import plain
from pillars.queries import Questionnaire

Stored = str | Mapping[str, Any]
Document = Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as a submission names it."""

    pk: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one of the two gave for an indicator: a level, "tidak relevan", or nothing yet."""

    value: Decimal | None = None
    not_applicable: bool = False
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    files: tuple[NamedFile, ...] = ()
    to_redo: bool = False
    revision: int = 0

    @classmethod
    def from_document(cls, stored: Stored) -> Self:
        """Read one entry of `Submission.answers` or `Review.ratings`."""
        entry = opened(stored)
        value = entry.get("value")
        return cls(
            value=None if value is None else Decimal(value),
            not_applicable=entry.get("na", False),
            reason=entry.get("reason", ""),
            note=entry.get("note", ""),
            evidence=tuple(entry.get("evidence", ())),
            files=tuple(
                NamedFile(file["id"], file["name"], file["sha256"])
                for file in entry.get("files", ())
            ),
            to_redo=entry.get("return", False),
        )

    @classmethod
    def from_rating(cls, rating: Rating) -> Self:
        """Read a working rating."""
        return cls(
            value=rating.value,
            not_applicable=rating.not_applicable,
            note=rating.note,
            to_redo=rating.to_redo,
            revision=rating.revision,
        )

    @classmethod
    def from_answer(cls, answer: Answer, files: Sequence[NamedFile] = ()) -> Self:
        """Read a working answer and the files beside it."""
        return cls(
            value=answer.value,
            not_applicable=answer.not_applicable,
            reason=answer.reason,
            note=answer.note,
            evidence=tuple(answer.evidence),
            files=tuple(files),
            revision=answer.revision,
        )

    def to_document(self) -> dict[str, Any]:
        """What is kept of it; the inverse of `from_document`, which asks for no revision."""
        parts = {
            "value": None if self.value is None else plain(self.value),
            "na": self.not_applicable,
            "reason": self.reason,
            "note": self.note,
            "evidence": list(self.evidence),
            "files": [
                {"id": each.pk, "name": each.name, "sha256": each.sha256} for each in self.files
            ],
            "return": self.to_redo,
        }
        return {key: part for key, part in parts.items() if part}

    @property
    def is_given(self) -> bool:
        """Whether a level or "tidak relevan" was chosen."""
        return self.value is not None or self.not_applicable


def opened(stored: Stored) -> Mapping[str, Any]:
    """An entry as an object, whichever way it is written."""
    return {"value": stored} if isinstance(stored, str) else stored


def compact(entry: Mapping[str, Any]) -> Stored:
    """An entry as it is written."""
    return entry["value"] if entry.keys() == {"value"} else entry


def written(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Stored]:
    """A document of entries given as objects."""
    return {code: compact(entry) for code, entry in entries.items()}


def entries_of(document: Document) -> dict[str, Entry]:
    """A frozen document of answers or ratings as entries by code."""
    return {code: Entry.from_document(stored) for code, stored in document.items()}


def frozen(
    answers: Mapping[str, Answer], files: Mapping[str, Sequence[NamedFile]]
) -> dict[str, Stored]:
    """The document of working answers and of the files beside them.

    `thawed` gives the same answers back; files stay where they are, so there is nothing to give back.
    """
    entries = {code: Entry(files=tuple(named)) for code, named in files.items()}
    entries |= {
        code: Entry.from_answer(answer, files.get(code, ())) for code, answer in answers.items()
    }
    return written({code: entry.to_document() for code, entry in entries.items()})


def frozen_ratings(ratings: Mapping[str, Entry]) -> dict[str, Stored]:
    """The document of a supervisor's levels; where nothing was given, nothing is written."""
    entries = {code: rating.to_document() for code, rating in ratings.items()}
    return written({code: entry for code, entry in entries.items() if entry})


def thawed(submission: Submission | None, questions: Questionnaire) -> dict[str, Answer]:
    """The working answers that were frozen, unsaved, by code; none without a submission.

    Their revision is above every one that a page from before the freezing can name.
    """
    if submission is None:
        return {}
    return {
        code: _answer(submission, questions.indicators[code].id, Entry.from_document(stored))
        for code, stored in submission.answers.items()
        if opened(stored).keys() != {"files"}
    }


def scorable(document: Document) -> dict[str, Choice]:
    """What the scorer takes of a document; missing answers left out. No detour: it runs for everybody."""
    choices: dict[str, Choice] = {}
    for code, stored in document.items():
        if isinstance(stored, str):
            choices[code] = Decimal(stored)
        elif stored.get("na"):
            choices[code] = NOT_APPLICABLE
        elif stored.get("value") is not None:
            choices[code] = Decimal(stored["value"])
    return choices


def _answer(submission: Submission, indicator_id: int, entry: Entry) -> Answer:
    return Answer(
        assessment_id=submission.assessment_id,
        indicator_id=indicator_id,
        value=entry.value,
        not_applicable=entry.not_applicable,
        reason=entry.reason,
        note=entry.note,
        evidence=list(entry.evidence),
        revision=submission.last_revision + 1,
        saved_at=submission.submitted_at,
    )
