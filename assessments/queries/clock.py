"""The one clock of deadlines: the database's, and where it stands for a period."""

import datetime
from enum import StrEnum

from django.db import connection


class Phase(StrEnum):
    """Where the clock stands for a period; both its ends are within it."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"

    @classmethod
    def at(
        cls, now: datetime.datetime, *, opens_at: datetime.datetime, closes_at: datetime.datetime
    ) -> "Phase":
        """The phase at a moment."""
        if now < opens_at:
            return cls.BEFORE
        return cls.OPEN if now <= closes_at else cls.CLOSED


def database_now() -> datetime.datetime:
    """The database's time of this statement, aware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone()
    return moment
