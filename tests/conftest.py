"""Fixtures of every test: the named cast, and a database whose history may be emptied between tests.

Ani fills in. Budi leads Ani's unit. Citra leads another unit and must see nothing. Dewi curates and
must see no answers. Eko audits and can change nothing. Fajar was transferred in mid-cycle.
"""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleGrant, User
from assessments.models import Assessment, Cycle
from assessments.operations import open_cycle
from organization.models import Unit
from pillars.models import Instrument
from tests.factories import LONG_AGO, make_instrument, make_unit, make_user, post


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let transactional tests empty the tables: their clean-up is TRUNCATE, which history refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'pgtrigger_no_truncate%'"
        )
        for trigger, table in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}" ON {table}')


@pytest.fixture
def units(db: None) -> SimpleNamespace:
    """A province with two bidang; `bidang_ani` has a seksi below it."""
    root = make_unit("Provinsi", kind="PEMERINTAH DAERAH")
    ani = make_unit("Bidang Pelayanan", parent=root)
    return SimpleNamespace(
        root=root,
        ani=ani,
        seksi=make_unit("Seksi Pengaduan", parent=ani, kind="SEKSI"),
        citra=make_unit("Bidang Perencanaan", parent=root),
    )


@pytest.fixture
def ani(units: SimpleNamespace) -> User:
    """Fills in."""
    user = make_user("Ani Lestari", serial=1)
    post(user, units.ani)
    return user


@pytest.fixture
def budi(units: SimpleNamespace) -> User:
    """Leads Ani's unit."""
    user = make_user("Budi Santosa", serial=2, title_before="Drs.", title_after="M.Si.")
    post(user, units.ani, head=True)
    return user


@pytest.fixture
def citra(units: SimpleNamespace) -> User:
    """Leads another unit."""
    user = make_user("Citra Kirana", serial=3)
    post(user, units.citra, head=True)
    return user


def _with_role(name: str, role: Role, serial: int, unit: Unit) -> User:
    user = make_user(name, serial=serial)
    post(user, unit)
    RoleGrant.objects.create(user=user, role=role, valid=DateRange(LONG_AGO, None))
    return user


@pytest.fixture
def dewi(units: SimpleNamespace) -> User:
    """Curates instruments."""
    return _with_role("Dewi Anggraini", Role.CURATOR, 4, units.citra)


@pytest.fixture
def eko(units: SimpleNamespace) -> User:
    """Audits."""
    return _with_role("Eko Prasetyo", Role.AUDITOR, 5, units.citra)


@pytest.fixture
def fajar(units: SimpleNamespace) -> User:
    """Moved from Citra's unit to Ani's on 1 October 2026."""
    user = make_user("Fajar Nugraha", serial=6)
    moved = datetime.date(2026, 10, 1)
    post(user, units.citra, until=moved)
    post(user, units.ani, since=moved)
    return user


@pytest.fixture
def instrument(db: None) -> Instrument:
    """A published instrument of two pillars with two items each."""
    return make_instrument()


@pytest.fixture
def cycle(instrument: Instrument, ani: User, budi: User, units: SimpleNamespace) -> Cycle:
    """An open cycle with Ani and Budi (and whoever else the test asked for before)."""
    now = timezone.now()
    return open_cycle(
        code="2026-S2",
        name="Semester II 2026",
        instrument=instrument,
        opens_at=now - datetime.timedelta(days=1),
        closes_at=now + datetime.timedelta(days=7),
        census_date=timezone.localdate(),
        by=None,
    )


@pytest.fixture
def assessment(cycle: Cycle, ani: User) -> Assessment:
    """Ani's assessment, not begun."""
    return Assessment.objects.get(cycle=cycle, person=ani)
