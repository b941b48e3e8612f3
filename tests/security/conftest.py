"""The world, made once for each module inside a transaction that is taken back at its end."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.security import world as worlds
from tests.security.asking import Portal


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
