"""Letters to those who have not handed in: at the opening, and some days before their own deadline.

The rows are the queue here, too: who was written to carries the moment, in the transaction of the letters.
"""

import datetime
import math
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations.queueing import queue_letters
from accounts.queries import untried_mass_mail
from assessments.enums import Status
from assessments.models import Assessment, Cycle, ReminderPlan, ReminderRound
from assessments.models.reminding import OPENING
from assessments.queries.clock import database_now
from assessments.queries.reminding import cycles_with_people_to_remind, due_letters, reminder_days
from assessments.queries.standing import with_answered
from audit.operations import record
from pillars.queries import questionnaire

BATCH: Final = 500
"""People in one transaction: somebody who saves meanwhile waits for it."""
REST: Final = datetime.timedelta(minutes=10)
"""Between two sweeps of a cycle, each of which reads everybody who has not handed in."""
SECONDS_A_STATEMENT: Final = 30
ROUNDED_TO: Final = 5
"""Minutes: it is an estimate."""


def remind_people() -> int:
    """Queue letters that are due to at most `REMINDERS_PER_MINUTE` people; returns to how many. Runs every minute.

    Safe to run at any time and beside itself: each batch marks whom it writes to. Nothing more is queued
    while as many wait for their first try, as they do when the mail server is away.
    """
    room = settings.REMINDERS_PER_MINUTE - untried_mass_mail()
    reached = 0
    for cycle in cycles_with_people_to_remind():
        while reached < room and (people := _write_batch(cycle, min(BATCH, room - reached))):
            reached += people
    return reached


@transaction.atomic
def plan_reminders(*, cycle: Cycle, days: Collection[int], by: User) -> None:
    """Choose so many days before their deadline people are reminded; with none, nobody is written to any more.

    A day whose time is past is made up for at once. The same days again change nothing.
    """
    held = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    before, after = reminder_days(held), sorted(set(days), reverse=True)
    if before == after:
        return
    ReminderPlan.objects.update_or_create(cycle=held, defaults={"days": after, "swept_at": None})
    record("cycle.reminders_planned", by=by, subject=held, before=before, after=after)


@transaction.atomic
def _write_batch(cycle: Cycle, size: int) -> int:
    """How many people were come to; 0 where the sweep is over or rests, or another worker is at it.

    Whoever has no address is counted and passed over; so is, uncounted, whose account is switched off.
    """
    ReminderPlan.objects.get_or_create(cycle=cycle)
    plan = ReminderPlan.objects.select_for_update(skip_locked=True).filter(cycle=cycle).first()
    if plan is None or not plan.days:
        return 0
    now = database_now()
    if plan.swept_at is not None and now < plan.swept_at + REST:
        return 0
    found = due_letters(cycle, plan.days).filter(person_id__gt=plan.position)
    # Whoever is saving at this moment is passed over, and found by the next sweep.
    held = list(found.select_for_update(no_key=True, skip_locked=True)[:size])
    if not held:
        plan.position, plan.swept_at = 0, now
        plan.save(update_fields=["position", "swept_at"])
        return 0
    among = with_answered(Assessment.objects.filter(pk__in=[each.pk for each in held]))
    answered: dict[int, int] = {each.pk: each.answered for each in among}  # type: ignore[attr-defined]
    active = User.objects.filter(pk__in=[each.person_id for each in held], is_active=True)
    addresses = dict(active.values_list("pk", "email"))
    reachable = [each for each in held if addresses.get(each.person_id)]
    unreachable = [each for each in held if addresses.get(each.person_id) == ""]
    queue_letters([_letter(cycle, each, answered[each.pk]) for each in reachable])
    Assessment.objects.filter(pk__in=answered).update(reminded_at=Now())
    _count(cycle, reachable, unreachable, now)
    plan.position = held[-1].person_id
    plan.save(update_fields=["position"])
    return len(held)


def _letter(cycle: Cycle, to: Assessment, answered: int) -> Letter:
    total = len(questionnaire(cycle.instrument_id).indicators)
    minutes = (total - answered) * SECONDS_A_STATEMENT / 60
    opening = to.round == OPENING  # type: ignore[attr-defined]  # annotated by the query, as is ends_at
    return Letter(
        kind=LetterKind.CYCLE_OPENED if opening else LetterKind.DEADLINE_NEAR,
        addressee=str(to.person_id),
        data={
            "cycle": cycle.name,
            "at": to.ends_at.isoformat(),  # type: ignore[attr-defined]
            "answered": answered,
            "total": total,
            "minutes": math.ceil(minutes / ROUNDED_TO) * ROUNDED_TO,
            "returned": to.status == Status.RETURNED,
            "path": reverse("assessments:tasks", args=(to.pk,)),
        },
    )


def _count(
    cycle: Cycle,
    reachable: Iterable[Assessment],
    unreachable: Iterable[Assessment],
    now: datetime.datetime,
) -> None:
    """Add to the rounds; the first letter of one is an event. The plan's lock keeps others away."""
    letters = Counter(each.round for each in reachable)  # type: ignore[attr-defined]
    without = Counter(each.round for each in unreachable)  # type: ignore[attr-defined]
    for days in letters | without:
        sent, is_new = ReminderRound.objects.get_or_create(
            cycle=cycle, days=days, defaults={"last_at": now}
        )
        if is_new:
            record("cycle.reminding", by=None, subject=cycle, days=days)
        ReminderRound.objects.filter(pk=sent.pk).update(
            letters=F("letters") + letters[days],
            without_address=F("without_address") + without[days],
            last_at=now,
        )
