"""More time for some people of a cycle, and its end. Whoever can still fill in is told by mail."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now

from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations.queueing import queue_letters
from assessments.enums import EDITABLE
from assessments.models import Assessment
from audit.operations import record_many


@transaction.atomic
def extend(
    *, assessments: QuerySet[Assessment], until: datetime.datetime, reason: str, by: User
) -> int:
    """Give the assessments of a unit or a person until a later moment; each is an audited event.

    Returns how many were extended. Nobody's time becomes shorter: a moment before the cycle's own closing,
    or before what somebody was given already, has no effect.
    """
    held = _hold(assessments)
    of_them = Assessment.objects.filter(pk__in=[each.pk for each in held])
    # Greatest leaves NULL out. The letter about it is a reminder, too.
    of_them.update(extended_until=Greatest(F("extended_until"), until), reminded_at=Now())
    record_many("assessment.extended", by=by, subjects=held, until=until.isoformat(), reason=reason)
    _tell(held, at=until)
    return len(held)


@transaction.atomic
def end_extension(*, assessments: QuerySet[Assessment], reason: str, by: User) -> int:
    """Take more time back, as of now: the cycle's own end holds again. Drafts stay as they are.

    Returns of how many. `assessments` are of `extended_in`.
    """
    held = _hold(assessments)
    of_them = Assessment.objects.filter(pk__in=[each.pk for each in held])
    of_them.update(extended_until=None, reminded_at=Now())
    record_many("assessment.extension_ended", by=by, subjects=held, reason=reason)
    _tell(held)
    return len(held)


def _hold(assessments: QuerySet[Assessment]) -> list[Assessment]:
    locked = assessments.select_related("cycle").select_for_update(of=("self",), no_key=True)
    return list(locked.order_by("pk"))


def _tell(held: Iterable[Assessment], at: datetime.datetime | None = None) -> None:
    """Write to those who can still fill in: until when, or that the cycle's own end holds again."""
    queue_letters(
        [
            Letter(
                kind=LetterKind.DEADLINE_CHANGED,
                addressee=str(each.person_id),
                data={
                    "cycle": each.cycle.name,
                    "at": (max(at, each.deadline) if at else each.cycle.closes_at).isoformat(),
                    "ended": at is None,
                },
            )
            for each in held
            if each.status in EDITABLE
        ]
    )
