"""Two zones: the portal's decides which day it is, the reader's is what a moment is shown in.

Rights, censuses and clocks of days never ask in which zone somebody reads.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from accounts.enums import TimeZone

LAST_SECOND = datetime.time(23, 59, 59)


def portal_day(moment: datetime.datetime) -> datetime.date:
    """The day on which a moment falls where the portal is."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def portal_today() -> datetime.date:
    """Today, for whatever holds on a day: postings, mandates, duties."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def portal_moment(day: datetime.date, at: datetime.time) -> datetime.datetime:
    """That hour of that day where the portal is, aware."""
    return timezone.make_aware(datetime.datetime.combine(day, at), timezone.get_default_timezone())


def parse_moment(text: str, *, at: datetime.time) -> datetime.datetime | None:
    """The moment that a text gives in ISO 8601, aware; None for a text that gives none.

    A bare day stands for the hour `at` of it. Without a zone it is the portal's.
    """
    try:
        if day := parse_date(text):
            return portal_moment(day, at)
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment, timezone.get_default_timezone())


def end_of_portal_day(day: datetime.date) -> datetime.datetime:
    """The last second of a day where the portal is, aware."""
    return portal_moment(day, LAST_SECOND)


def zone_of(person: Any) -> datetime.tzinfo:
    """The zone in which a person, or nobody in particular, reads moments."""
    chosen = getattr(person, "time_zone", "")
    return ZoneInfo(chosen) if chosen in TimeZone else timezone.get_default_timezone()


@contextmanager
def shown_to(person: Any) -> Iterator[None]:
    """Inside, moments are shown in this person's zone: for mail and paper."""
    with timezone.override(zone_of(person)):
        yield


def shown_zone() -> str:
    """The short name of the zone in which moments are shown now: `WITA`."""
    return timezone.localtime().tzname() or ""


def in_words(at: datetime.datetime) -> str:
    """`24 November 2026 pukul 23.59 WIB`: with its zone, since people in three zones read it."""
    local = timezone.localtime(at)
    return _("%(day)s pukul %(time)s %(zone)s") % {
        "day": date_format(local, "j F Y"),
        "time": time_format(local),
        "zone": local.tzname(),
    }


def hour_in_words(at: datetime.datetime) -> str:
    """`23.59 WIB`: of a moment on a day that everybody knows."""
    local = timezone.localtime(at)
    return f"{time_format(local)} {local.tzname()}"
