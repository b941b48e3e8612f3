"""The world, made once for each module inside a transaction that is taken back at its end."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from audit.models import PERSON_READ
from tests.databases import taken_back
from tests.security import world as worlds
from tests.security.asking import Portal

# What is written within a request begins with who writes it (audit/adapters.py).
WRITE = re.compile(
    r"\s*(?:SET LOCAL [^;]*;)?\s*(INSERT|UPDATE|DELETE|TRUNCATE|WITH .*\b(INSERT|UPDATE|DELETE)\b)",
    re.IGNORECASE | re.DOTALL,
)

READINGS = {PERSON_READ, "audit.read"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    """Shared by the tests of a module; each test's own changes are taken back before the next."""
    # Thousands of refusals, each a line: nobody reads them, and writing them takes a third of the time.
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), taken_back():
        yield worlds.build()
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def portal(world: worlds.World, django_db_blocker: Any) -> Portal:
    """Browsers in which everybody is signed in."""
    with django_db_blocker.unblock():
        return Portal(world)


@pytest.fixture(autouse=True)
def _database(world: worlds.World, db: None) -> None:
    """Every test here reads the world; `db` opens a savepoint inside it."""


@pytest.fixture
def written(portal: Portal) -> Iterator[list[str]]:
    """SQL that wrote something, but for sessions and the record of readings, which reading is meant to write."""
    found: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_record = 'INTO "audit_event"' in sql and READINGS & {*params}
        if WRITE.match(sql) and "django_session" not in sql and not is_record:
            found.append(sql[:100])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found
