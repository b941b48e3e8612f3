"""The world, made once for each module inside a transaction that is taken back at its end."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.security import world as worlds
from tests.security.asking import Portal

WRITE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|WITH .*\b(INSERT|UPDATE|DELETE)\b)",
    re.IGNORECASE | re.DOTALL,
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    """Shared by the tests of a module; each test's own changes are taken back before the next."""
    # Thousands of refusals, each a line: nobody reads them, and writing them takes a third of the time.
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)
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
    """SQL that wrote something, sessions aside: those a browser has before anybody does anything."""
    found: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql) and "django_session" not in sql:
            found.append(sql[:100])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found
