"""Requests to correct one's own data: asked for, taken back, decided, and never forgotten (UU 27/2022)."""

from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation

from accounts.clock import portal_today
from accounts.enums import LetterKind
from accounts.models import User
from accounts.operations.queueing import write_to
from audit.operations import record
from organization.enums import CorrectionItem, CorrectionStatus
from organization.errors import CorrectionOpen, CorrectionSettled, NoOffice
from organization.models import WARN_BEFORE, CorrectionRequest
from organization.queries import office_of, officers_for

CORRECTING_LOCK: Final = 0x434F524C
"""First half of the advisory lock's key; the second is the person."""


@transaction.atomic
def ask_for_correction(
    *, item: CorrectionItem, requested: str, reference: str, by: User
) -> CorrectionRequest:
    """Ask the personnel office to correct a datum of one's own; the deadline is the database's.

    The same request again is the one that stands. Raises CorrectionOpen while another about the same
    item waits, and NoOffice where there is no unit at all.
    """
    _one_at_a_time(by)
    standing = CorrectionRequest.objects.of(by).waiting().filter(item=item).first()
    if standing is not None:
        if (standing.requested, standing.reference) == (requested, reference):
            return standing
        raise CorrectionOpen
    unit_id = office_of(by)
    if unit_id is None:
        raise NoOffice
    made = CorrectionRequest.objects.create(
        person=by, unit_id=unit_id, item=item, requested=requested, reference=reference
    )
    record("correction.requested", by=by, subject=made, item=item)
    return made


@transaction.atomic
def withdraw_correction(*, correction: CorrectionRequest, by: User) -> CorrectionRequest:
    """Take one's request back. Raises CorrectionSettled once the office has decided."""
    held = _hold(correction)
    if held.status == CorrectionStatus.WITHDRAWN:
        return held
    _settle(held, CorrectionStatus.WITHDRAWN)
    record("correction.withdrawn", by=by, subject=held)
    return held


@transaction.atomic
def decide_correction(
    *, correction: CorrectionRequest, status: CorrectionStatus, answer: str, by: User
) -> CorrectionRequest:
    """Say that the datum was corrected, or why not; the person is told by mail.

    The same decision again changes nothing. Raises CorrectionSettled. `answer` stands in the request
    alone, not in the event, which others read.
    """
    held = _hold(correction)
    if (held.status, held.answer, held.decided_by_id) == (status, answer, by.pk):
        return held
    _settle(held, status, answer=answer, decided_by=by)
    record("correction.decided", by=by, subject=held, status=status, person=held.person_id)
    write_to(held.person, LetterKind.CORRECTION_DECIDED, item=_label(held))
    return held


def remind_offices() -> int:
    """Tell offices what falls due within a day, and again what is overdue; returns how many requests.

    Safe to run at any time: what was told is not told again, and a decision ends it.
    """
    return sum(
        _remind(pk, told)
        for told, due in ((2, Q(due_at__lt=Now())), (1, Q(due_at__lt=Now() + WARN_BEFORE)))
        for pk in _untold(told).filter(due).values_list("pk", flat=True)
    )


def _label(held: CorrectionRequest) -> str:
    """The item in the catalogue's own words, which the letter says in the language of whoever reads it."""
    with translation.override(None):
        return str(held.get_item_display())


@transaction.atomic
def _remind(pk: int, told: int) -> int:
    held = _untold(told).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if held is None:
        return 0
    for officer in officers_for(held, portal_today()):
        write_to(officer, LetterKind.CORRECTION_DUE, overdue=told > 1, at=held.due_at.isoformat())
    held.reminders = told
    held.save(update_fields=["reminders"])
    record("correction.reminded", by=None, subject=held, overdue=told > 1)
    return 1


def _untold(told: int) -> QuerySet[CorrectionRequest]:
    return CorrectionRequest.objects.waiting().filter(reminders__lt=told).order_by("due_at", "pk")


def _one_at_a_time(person: User) -> None:
    """Requests of one person take turns, so that two clicks make one request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CORRECTING_LOCK, person.pk % 2**31])


def _hold(correction: CorrectionRequest) -> CorrectionRequest:
    waiting = CorrectionRequest.objects.select_for_update(of=("self",))
    return waiting.select_related("person").get(pk=correction.pk)


def _settle(held: CorrectionRequest, status: CorrectionStatus, **facts: Any) -> None:
    if held.status != CorrectionStatus.RECEIVED:
        raise CorrectionSettled
    held.status = status
    held.decided_at = Now()  # the moment of the database
    for name, value in facts.items():
        setattr(held, name, value)
    held.save(update_fields=["status", "decided_at", *facts])
    held.refresh_from_db(fields=["decided_at"])
