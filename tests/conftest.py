"""Fixtures of every test: the named cast, and a database whose history may be emptied between tests.

Ani fills in. Budi leads Ani's unit. Citra leads another unit and must see nothing. Dewi curates and
must see no answers. Eko audits and can change nothing. Fajar was transferred in mid-cycle.
"""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone, translation

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.models import RoleGrant, User
from assessments.models import Assessment, Cycle, ScoringJob
from assessments.operations import (
    AnswerInput,
    RatingInput,
    open_cycle,
    open_review,
    report_supervisor,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    verify,
    withdraw,
)
from assessments.operations.evidence import add_evidence
from dashboards.operations import refresh
from organization.models import Unit
from pillars.models import Instrument
from tests.assessments import papers
from tests.databases import end_sessions
from tests.factories import LONG_AGO, make_instrument, make_unit, make_user, post

ITEMS = ("ALF-01", "ALF-02", "BET-01", "BET-02")

# How long an example takes says how busy the machine is, not whether the property holds.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

# Whatever a shell starts in the background ignores Ctrl-C, and so do its children: a command that a test
# interrupts would never end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let transactional tests empty the tables: their clean-up is TRUNCATE, which history refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'pgtrigger_no_truncate%'"
        )
        for trigger, table in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}" ON {table}')
    yield
    # A thread or a worker that has just ended may still be connected, and would hold the database.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        end_sessions(cursor, connection.settings_dict["NAME"])


@pytest.fixture(scope="session", autouse=True)
def own_queue(worker_id: str) -> str:
    """A queue of this process alone: neither a demo's worker nor another process takes its tasks."""
    current_app.conf.task_default_queue = f"test-{worker_id}"
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_purge(current_app.conf.task_default_queue)
    return current_app.conf.task_default_queue


@pytest.fixture(autouse=True)
def portal_language() -> None:
    """Each test begins in the portal's language: a request leaves its own behind in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def own_evidence(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files that tests upload lie nowhere near the checkout."""
    settings.EVIDENCE_DIR = tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="session")
def _worker(django_db_setup: None, own_queue: str) -> Iterator[str]:
    """The queue of a real worker in a process of its own on the test database."""
    queue = f"{own_queue}-worked"
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(
        {**database, "HOST": str(database["HOST"]).replace("/", "%2F")}
    )
    command = [sys.executable, "-m", "celery", "-A", "prima_portal.celery:app", "worker"]
    process = subprocess.Popen(
        [*command, "-Q", queue, "-c", "1", "-n", queue, "--loglevel", "WARNING"],
        env={**os.environ, "DATABASE_URL": url, "CELERY_QUEUE": queue},
        cwd=settings.BASE_DIR,
    )
    yield queue
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def celery_worker(_worker: str, own_queue: str) -> Iterator[None]:
    """Send tasks to a real worker while the test runs; ask for `transactional_db` too.

    Other tests announce to a queue that nobody reads. Before the tables are emptied the worker is at
    rest: what it holds and what TRUNCATE wants would wait for each other.
    """
    current_app.conf.task_default_queue = _worker
    yield
    current_app.conf.task_default_queue = own_queue
    rested, give_up_at = 0, time.monotonic() + 30
    with current_app.connection_for_write() as broker, connection.cursor() as cursor:
        # Several looks: between two tasks it seems to rest, too.
        while rested < 5 and time.monotonic() < give_up_at:
            broker.default_channel.queue_purge(_worker)
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
            )
            rested = rested + 1 if cursor.fetchone() == (0,) else 0
            time.sleep(0.05)


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Ask again until the answer is true, at most half a minute; return the answer."""

    def ask(question: Callable[[], Any]) -> Any:
        give_up_at = time.monotonic() + 30
        while not (answer := question()):
            assert time.monotonic() < give_up_at, "waited for half a minute in vain"
            time.sleep(0.05)
        return answer

    return ask


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
        census_date=portal_today(),
        by=None,
    )


@pytest.fixture
def assessment(cycle: Cycle, ani: User) -> Assessment:
    """Ani's assessment, not begun."""
    return Assessment.objects.get(cycle=cycle, person=ani)


@pytest.fixture
def verified(assessment: Assessment, ani: User, budi: User) -> Assessment:
    """Ani's assessment: handed in, taken back, handed in with a file, reported, verified, scored, shown."""
    answers = {code: AnswerInput(value=Decimal(3), note="Catatan Ani") for code in ITEMS}
    save_answers(assessment=assessment, answers=answers, by=ani)
    submit(assessment=assessment, by=ani, urgent=False, require_complete=False)
    assessment.refresh_from_db()
    withdraw(assessment=assessment, by=ani)
    add_evidence(assessment=assessment, code="ALF-01", content=papers.pdf(), name="sk.pdf", by=ani)
    submit(assessment=assessment, by=ani, urgent=False, require_complete=False)
    assessment.refresh_from_db()
    report_supervisor(assessment=assessment, message="Bukan atasan saya.", by=ani)
    open_review(assessment=assessment, by=budi)
    ratings = {code: RatingInput(value=Decimal(3)) for code in ITEMS}
    save_ratings(assessment=assessment, ratings=ratings, by=budi)
    verify(assessment=assessment, note="", by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    refresh(cycle=assessment.cycle)
    assessment.refresh_from_db()
    return assessment
