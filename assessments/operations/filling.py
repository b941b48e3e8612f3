"""Saving answers: one operation for a whole section, a single choice, and an imported file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.enums import Status
from assessments.errors import AnswerTooLong
from assessments.models import Answer, Assessment
from assessments.models.assessment import (
    MAX_REFERENCES,
    NOTE_LENGTH,
    REASON_LENGTH,
    REFERENCE_LENGTH,
)
from assessments.operations.choices import check_choice, check_length
from assessments.operations.locking import Held, hold
from assessments.queries import answers_of, questionnaire_of
from audit.operations import record
from pillars.queries import IndicatorItem, Questionnaire

NO_ANSWER_YET = 0


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """What a person sends for one indicator.

    Neither a value nor `not_applicable`: the stored choice stays; nothing sent never deletes.
    `revision` is that of the answer the form showed (0: none; None: do not compare). `token` names
    the request, so that its repetition changes nothing.
    """

    value: Decimal | None = None
    not_applicable: bool = False
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    revision: int | None = None
    token: UUID | None = None


@dataclass(frozen=True, slots=True)
class SaveResult:
    """`saved`: what is now stored, by code. `conflicts`: what somebody stored meanwhile instead."""

    saved: dict[str, Answer] = field(default_factory=dict)
    conflicts: dict[str, Answer] = field(default_factory=dict)


@transaction.atomic
def save_answers(
    *, assessment: Assessment, answers: Mapping[str, AnswerInput], by: User | None
) -> SaveResult:
    """Store answers of one assessment; those in conflict with a newer save are left and returned.

    Raises NotEditable, NotOpenYet, DeadlinePassed, or an AnswerRefused that names the indicator; then
    nothing of the call is stored.
    """
    return save_held(held=hold(assessment.pk), answers=answers, by=by)


def save_held(*, held: Held, answers: Mapping[str, AnswerInput], by: User | None) -> SaveResult:
    """The same for whoever holds the assessment already, in the transaction that holds it."""
    held.require_editable()
    held.require_open()
    questions = questionnaire_of(held.assessment)
    for code, given in answers.items():
        _check(questions, code, given)

    stored = answers_of(held.assessment, among=answers)
    result = SaveResult()
    changed = []
    for code, given in answers.items():
        before = stored.get(code)
        if before is not None and _is_stored(before, given):
            result.saved[code] = before
        elif given.revision is not None and given.revision != _revision(before):
            result.conflicts[code] = before or Answer(revision=NO_ANSWER_YET)
        else:
            answer = _merge(held, questions.indicators[code], before, given)
            result.saved[code] = answer
            changed.append(answer)
    _write(changed)
    if changed and held.assessment.status == Status.INVITED:
        held.move(Status.DRAFT, started_at=held.arrived_at)
        record("assessment.started", by=by, subject=held.assessment)
    return result


def _check(questions: Questionnaire, code: str, given: AnswerInput) -> None:
    check_choice(questions, code, value=given.value, not_applicable=given.not_applicable)
    check_length(code, given.reason, limit=REASON_LENGTH)
    check_length(code, given.note, limit=NOTE_LENGTH)
    if len(given.evidence) > MAX_REFERENCES or any(
        len(reference) > REFERENCE_LENGTH for reference in given.evidence
    ):
        raise AnswerTooLong(
            code,
            _("Paling banyak %(count)d bukti, masing-masing sampai %(limit)d huruf.")
            % {"count": MAX_REFERENCES, "limit": REFERENCE_LENGTH},
        )


def _revision(answer: Answer | None) -> int:
    return answer.revision if answer is not None else NO_ANSWER_YET


def _is_stored(before: Answer, given: AnswerInput) -> bool:
    """Whether storing would change nothing: a repeated request, or the same content again."""
    if given.token is not None and given.token == before.token:
        return True
    same_choice = (
        given.value == before.value and given.not_applicable == before.not_applicable
    ) or not (given.value is not None or given.not_applicable)
    return same_choice and (given.reason, given.note, list(given.evidence)) == (
        before.reason,
        before.note,
        before.evidence,
    )


def _merge(
    held: Held, indicator: IndicatorItem, before: Answer | None, given: AnswerInput
) -> Answer:
    chosen = given.value is not None or given.not_applicable
    keep = before if not chosen else None
    return Answer(
        assessment_id=held.assessment.pk,
        indicator_id=indicator.id,
        value=keep.value if keep else given.value,
        not_applicable=keep.not_applicable if keep else given.not_applicable,
        reason=given.reason,
        note=given.note,
        evidence=list(given.evidence),
        revision=_revision(before) + 1,
        token=given.token,
        saved_at=held.arrived_at,
    )


_WRITTEN = (
    "assessment_id",
    "indicator_id",
    "value",
    "not_applicable",
    "reason",
    "note",
    "evidence",
    "revision",
    "token",
    "saved_at",
)
_ROW = f"({', '.join(['%s'] * len(_WRITTEN))})"
_UPSERT = f"""
    INSERT INTO assessments_answer ({", ".join(_WRITTEN)}) VALUES {{rows}}
    ON CONFLICT (assessment_id, indicator_id)
    DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _WRITTEN[2:])}
"""  # noqa: S608  # nosec B608  # columns of ours


def _write(answers: list[Answer]) -> None:
    if not answers:
        return
    rows = ", ".join([_ROW] * len(answers))
    values = [getattr(answer, name) for answer in answers for name in _WRITTEN]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT.format(rows=rows), values)
