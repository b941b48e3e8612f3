"""Who is written to about a cycle's opening or the end of their time, and what a cycle manager reads of it."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from accounts.clock import portal_day, portal_moment
from assessments.enums import EDITABLE, Status
from assessments.models import Assessment, Cycle, ReminderPlan, ReminderRound
from assessments.models.reminding import OPENING, usual_days

FROM: Final = datetime.time(8)
"""The hour, where the portal is, from which a day's reminders go out."""
QUIET_BEFORE_END: Final = datetime.timedelta(hours=12)
"""Whoever was not written to before stays so: a letter of the last evening would only add to its rush."""


def cycles_with_people_to_remind() -> QuerySet[Cycle]:
    """Cycles in which somebody may still fill in, if only by more time of their own; the first to end first."""
    longer = Assessment.objects.filter(
        cycle=OuterRef("pk"), status__in=EDITABLE, extended_until__gt=Now()
    )
    running = Q(closes_at__gt=Now()) | Exists(longer)
    return Cycle.objects.filter(running, opens_at__lte=Now()).order_by("closes_at", "pk")


def due_letters(cycle: Cycle, days: Collection[int]) -> QuerySet[Assessment]:
    """Those of an opened cycle to whom a letter is due now, with `ends_at` and `round`; by person.

    `round` says which letter: that so many days before their own deadline, or OPENING. It is due once its
    time has come since the person was last written to, began, took back or was sent back. Accounts are not
    joined: behind the half of a nation PostgreSQL would read the other half's for each batch.
    """
    ends_at = Greatest(Value(cycle.closes_at, DateTimeField()), F("extended_until"))
    zone = Value(timezone.get_default_timezone_name())
    last_day = Func(
        *(Value("day"), F("ends_at"), zone), function="date_trunc", output_field=DateTimeField()
    )
    ahead = {each: Value(datetime.timedelta(days=each, hours=-FROM.hour)) for each in days}
    rounds = [
        When(
            last_day__lte=Now() + ahead[each],
            last_day__gt=F("heard_at") + ahead[each],
            then=Value(each),
        )
        for each in sorted(days)
    ]
    uninvited = Q(reminded_at__isnull=True) | Q(reminded_at__lt=cycle.opens_at)
    rounds.append(When(uninvited, status=Status.INVITED, then=Value(OPENING)))
    people = Assessment.objects.filter(cycle=cycle, status__in=EDITABLE)
    if timezone.now() > cycle.closes_at:
        people = people.filter(extended_until__gt=Now())
    return (
        people.annotate(
            ends_at=ends_at,
            last_day=last_day,
            heard_at=Greatest(F("status_changed_at"), F("reminded_at")),
            round=Case(*rounds, output_field=PositiveSmallIntegerField()),
        )
        .filter(ends_at__gt=Now() + Value(QUIET_BEFORE_END), round__isnull=False)
        .order_by("person_id")
    )


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One line of a cycle's letters; `days` is OPENING for the invitation."""

    days: int
    due_at: datetime.datetime
    """For those without more time of their own."""
    sent: ReminderRound | None


def reminder_days(cycle: Cycle) -> list[int]:
    """So many days before their deadline people are reminded; empty where nobody is written to."""
    plan = ReminderPlan.objects.filter(cycle=cycle).first()
    return sorted(plan.days if plan else usual_days(), reverse=True)


def rounds_of(cycle: Cycle) -> list[RoundLine]:
    """What is to be written and what was, in the order of time."""
    sent = {each.days: each for each in ReminderRound.objects.filter(cycle=cycle)}
    days = reminder_days(cycle)
    planned = {OPENING, *days} if days else set()
    lines = [
        RoundLine(each, _due_at(cycle, each), sent.get(each)) for each in planned | sent.keys()
    ]
    return sorted(lines, key=lambda line: (line.due_at, -line.days))


def _due_at(cycle: Cycle, days: int) -> datetime.datetime:
    if days == OPENING:
        return cycle.opens_at
    return portal_moment(portal_day(cycle.closes_at) - datetime.timedelta(days=days), FROM)
