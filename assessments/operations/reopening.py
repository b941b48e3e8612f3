"""Opening an established result again: one proposes with a reason, another one decides (ADR 0026)."""

import datetime

from django.db import transaction

from accounts.models import User
from assessments.enums import ReopeningStatus, Status
from assessments.errors import (
    NotEstablished,
    OwnResult,
    ReopeningSettled,
    ReopeningWaits,
    SecondPersonNeeded,
)
from assessments.models import Assessment, Reopening
from assessments.operations.deciding import time_to_redo
from assessments.operations.freezing import put_back
from assessments.operations.locking import hold
from assessments.operations.notices import tell_returned
from assessments.queries import database_now
from audit.operations import record


@transaction.atomic
def propose_reopening(
    *, assessment: Assessment, reason: str, until: datetime.datetime, by: User
) -> Reopening:
    """Ask that an established result be opened again; nothing changes until somebody else agrees.

    `until` is the person's new deadline. Raises NotEstablished, OwnResult or ReopeningWaits.
    """
    held = hold(assessment.pk)
    if held.assessment.person_id == by.pk:
        raise OwnResult
    submission = held.assessment.submission
    if held.assessment.status != Status.FINAL or submission is None:
        raise NotEstablished
    if held.assessment.reopenings.filter(status=ReopeningStatus.PROPOSED).exists():
        raise ReopeningWaits
    reopening = Reopening.objects.create(
        assessment=held.assessment,
        submission=submission,
        reason=reason,
        until=until,
        proposed_by=by,
    )
    record(
        "assessment.reopening_proposed",
        by=by,
        subject=held.assessment,
        reopening=reopening.pk,
        until=until.isoformat(),
        reason=reason,
    )
    return reopening


@transaction.atomic
def approve_reopening(*, reopening: Reopening, by: User) -> None:
    """Give the person the answers back to mend; what was established stays readable as it is.

    The person has until `until`, and at least to the end of the third day from now.
    Raises ReopeningSettled, SecondPersonNeeded, OwnResult.
    """
    decided = _decide(reopening, ReopeningStatus.APPROVED, by)
    held = hold(decided.assessment_id)
    until = max(decided.until, time_to_redo(held.arrived_at))
    held.move(Status.RETURNED, extended_until=max(until, held.assessment.deadline))
    put_back(held)
    record(
        "assessment.reopened",
        by=by,
        subject=held.assessment,
        reopening=decided.pk,
        submission=decided.submission_id,
        deadline=held.assessment.deadline.isoformat(),
    )
    tell_returned(held.assessment, reopened=True)


@transaction.atomic
def reject_reopening(*, reopening: Reopening, by: User) -> None:
    """Leave the result as it was established. Raises ReopeningSettled, SecondPersonNeeded, OwnResult."""
    decided = _decide(reopening, ReopeningStatus.REJECTED, by)
    record(
        "assessment.reopening_rejected",
        by=by,
        subject=decided.assessment,
        reopening=decided.pk,
    )


def _decide(reopening: Reopening, status: ReopeningStatus, by: User) -> Reopening:
    """Write the decision; the database refuses one by the proposer, too."""
    held = Reopening.objects.select_for_update(of=("self",)).select_related("assessment")
    found = held.get(pk=reopening.pk)
    if found.status != ReopeningStatus.PROPOSED:
        raise ReopeningSettled
    if found.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    if found.assessment.person_id == by.pk:
        raise OwnResult
    found.status, found.decided_by, found.decided_at = status, by, database_now()
    found.save(update_fields=["status", "decided_by", "decided_at"])
    return found
