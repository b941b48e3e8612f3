"""Cycles whose letters are due, and whom letters wait for."""

import datetime

from django.utils import timezone

from accounts.clock import end_of_portal_day, portal_day
from accounts.enums import LetterKind
from accounts.models import Letter, User
from assessments.models import Assessment, Cycle, ReminderPlan
from assessments.operations.reminding import REST

MONTH = datetime.timedelta(days=30)
NEAR, OPENED = LetterKind.DEADLINE_NEAR, LetterKind.CYCLE_OPENED


def end_in(days):
    """The end of a day, so many after the one whose reminders go out now."""
    since_eight = portal_day(timezone.now() - datetime.timedelta(hours=8))
    return end_of_portal_day(since_eight + datetime.timedelta(days=days))


def ends(cycle, at):
    Cycle.objects.filter(pk=cycle.pk).update(closes_at=at)


def long_ago(**also):
    """Nothing has happened for a month."""
    moment = timezone.now() - MONTH
    Assessment.objects.update(status_changed_at=moment, **{"reminded_at": moment} | also)


def rested():
    ReminderPlan.objects.update(swept_at=timezone.now() - REST)


def told(kind=NEAR):
    """Whom letters wait for, by first name."""
    keys = Letter.objects.filter(kind=kind).values_list("addressee", flat=True)
    names = dict(User.objects.values_list("pk", "name"))
    return sorted(names[int(key)].split()[0] for key in keys)
