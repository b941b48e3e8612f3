"""End and drop databases of the tests' own, whatever is still connected to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


def end_sessions(cursor: Any, name: str) -> None:
    """End our other sessions in the database: a vacuum there is the server's, which we may not end."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
        [name],
    )


def drop(cursor: Any, name: str) -> None:
    """Drop the database if it exists. `WITH (FORCE)` would stumble over a vacuum; plain DROP ends it."""
    end_sessions(cursor, name)
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction around several tests, known to Django as theirs, so that durable ones may begin inside it."""
    around = transaction.atomic()
    around._from_testcase = True
    with around:
        yield
        transaction.set_rollback(True)
