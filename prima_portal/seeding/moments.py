"""When invented people do things: in working hours, on some evenings, and late in a period. No database."""

import datetime
from random import Random
from typing import Final

from accounts.clock import portal_day, portal_moment

DAY: Final = datetime.timedelta(days=1)
SATURDAY: Final = 5
OFFICE: Final = (8, 16)
EVENING: Final = (19, 21)
EVENINGS: Final = 0.25
LAST_EVENINGS: Final = 0.7
LAST_DAYS: Final = 2
"""Before a period closes, most of those who are left fill in at home."""


def workday(day: datetime.date) -> datetime.date:
    """The day itself, or the Friday before a weekend."""
    return day - max(day.weekday() - SATURDAY + 1, 0) * DAY


def office_hour(random: Random, day: datetime.date) -> datetime.datetime:
    """A moment of the working hours of that day."""
    return _at(random, day, OFFICE)


def handing_in(
    random: Random, opens_at: datetime.datetime, last: datetime.date, *, closes: bool
) -> datetime.datetime:
    """When somebody hands in, up to the end of the day `last`; `closes`: the period ends that day.

    The square root presses the days towards the end. Nobody hands in on the day a period opens.
    """
    first = portal_day(opens_at) + DAY
    days = max((last - first).days, 0)
    day = first + round(days * random.random() ** 0.5) * DAY
    in_last_days = closes and (last - day).days < LAST_DAYS
    is_evening = random.random() < (LAST_EVENINGS if in_last_days else EVENINGS)
    if is_evening:
        return _at(random, day, EVENING)
    return office_hour(random, max(workday(day), first))


def starting(
    random: Random, opens_at: datetime.datetime, handed_in: datetime.datetime
) -> datetime.datetime:
    """When somebody who hands in at that moment had begun: up to three days before."""
    begun = handed_in - datetime.timedelta(minutes=random.randint(25, 90))
    return max(begun - random.choice((0, 0, 1, 3)) * DAY, opens_at)


def reviewing(
    random: Random, handed_in: datetime.datetime, last: datetime.date
) -> tuple[datetime.datetime, datetime.datetime]:
    """When the review of what was handed in began and ended: some days later, by the day `last`."""
    day = min(workday(portal_day(handed_in) + random.randint(2, 9) * DAY), last)
    ended = office_hour(random, day)
    earliest = handed_in + datetime.timedelta(minutes=random.randint(5, 15))
    length = datetime.timedelta(minutes=random.randint(20, 50))
    begun = max(ended - length, earliest)
    return begun, max(ended, begun + length)


def _at(random: Random, day: datetime.date, hours: tuple[int, int]) -> datetime.datetime:
    """A minute between the beginning of the first hour and the end of the last."""
    time = datetime.time(random.randint(*hours), random.randrange(60), random.randrange(60))
    return portal_moment(day, time)
