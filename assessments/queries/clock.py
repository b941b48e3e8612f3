"""The one clock of deadlines: the database's."""

import datetime

from django.db import connection


def database_now() -> datetime.datetime:
    """The database's time of this statement, aware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone()
    return moment
