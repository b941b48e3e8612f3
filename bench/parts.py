"""The parts of the benchmark, each a few rows of the table."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.urls import reverse

from accounts.clock import portal_today
from accounts.models import User
from assessments.files import AnswerRow
from assessments.forms.filling import KEEP, SEEN, SectionForm
from assessments.models import Assessment, Cycle, ScoringJob, StaleUnit
from assessments.operations import import_answers, open_cycle, score_jobs
from assessments.queries import questionnaire_of, scorable
from assessments.tasks import score
from bench.database import here, run, sessions_of_others
from bench.measuring import Meter, Row, interleaved, shares
from bench.nation import make_cycle, shipped_instrument
from bench.rollups import dashboard_rows
from bench.web import Browser, WebProcess, WorkerProcess
from dashboards.operations import refresh, verify
from pillars.models import Instrument
from tests.factories import make_unit, make_user, post

ROUNDS = 60
BATCH = 200
PORTION = 50
PASSWORD = "kunci-yang-panjang-1"  # noqa: S105  of an account that lives for minutes


def all_parts(people: int, units: int, backlog: int, imported: int) -> Iterator[Row]:
    """Every row, in the order of the table."""
    instrument = shipped_instrument()
    with WebProcess() as web:
        meter = Meter(web.pids, sessions_of_others)
        yield from request_rows(web, meter, instrument)
        yield from dashboard_rows(web, meter, instrument, people, units)
    yield from backlog_rows(instrument, backlog)
    yield from worker_rows(instrument)
    yield from import_rows(instrument, imported)


# --- Requests


def request_rows(web: WebProcess, meter: Meter, instrument: Instrument) -> Iterator[Row]:
    """The pages of the last evening, beside a bare view."""
    people = people_of_a_unit(2 * (ROUNDS + 10))
    cycle = open_cycle_of(instrument, "REQUESTS")
    costs = interleaved(meter, request_cases(web, people, cycle), rounds=ROUNDS)
    floor = costs["bare view behind a session"]
    for name, cost in costs.items():
        yield Row(f"{name}: CPU", cost.cpu * 1000, "ms", LIMITS.get(name), remark=shares(cost))
    for name in ("a section page", "saving one answer"):
        times = costs[name].cpu / floor.cpu
        yield Row(f"{name}: times a bare view", times, "×", {"a section page": 3}.get(name, 2))
    yield Row("memory of the web process", web.memory_megabytes(), "MB", 150)
    yield Row("statistics libraries in the web process", len(web.statistics_libraries()), "", 0)


LIMITS = {"a whole assessment": 120, "signing in": 60}


def request_cases(
    web: WebProcess, people: list[User], cycle: Cycle
) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    first, *fresh = people
    browser, waiting, arriving = Browser(web, first), iter(fresh), reversed(fresh)
    assessment = Assessment.objects.select_related("cycle").get(cycle=cycle, person=first)
    pillar, *_ = questionnaire_of(assessment).pillars
    fill = reverse("assessments:fill", args=(assessment.pk, pillar.code))
    save = reverse("assessments:save_answer", args=(assessment.pk,))
    tasks = reverse("assessments:tasks", args=(assessment.pk,))
    browser.post(fill, section_fields(pillar.indicators), status=303)
    levels = iter(range(10**9))

    def save_one() -> None:
        fields = dict(section_fields(pillar.indicators[:1]))
        fields |= {
            pillar.indicators[0].code: 1 + next(levels) % 3,
            "indicator": pillar.indicators[0].code,
        }
        fields.pop(pillar.indicators[0].code + ":revision")
        browser.post(save, fields, status=200)

    def sign_in() -> None:
        visitor = Browser(web)
        person = next(arriving)  # another one each time: whoever has many sessions pays for each
        visitor.post("/akun/masuk/", {"login": person.username, "password": PASSWORD})
        visitor.connection.close()
        browser.get("/bench/bare/")  # the one thread goes back to the kept connection

    return {
        "bare view behind a session": lambda: browser.get("/bench/bare/"),
        "home": lambda: browser.get("/"),
        "the task list": lambda: browser.get(tasks),
        "a section page": lambda: browser.get(fill),
        "saving one answer": save_one,
        "signing in": sign_in,
        "a whole assessment": lambda: hand_in(web, next(waiting), cycle),
    }


def hand_in(web: WebProcess, person: User, cycle: Cycle) -> None:
    """Task list, five sections, check, confirm, receipt, as a browser without script does it."""
    assessment = Assessment.objects.select_related("cycle").get(cycle=cycle, person=person)
    browser = Browser(web, person)
    browser.get(reverse("assessments:tasks", args=(assessment.pk,)))
    for pillar in questionnaire_of(assessment).pillars:
        path = reverse("assessments:fill", args=(assessment.pk, pillar.code))
        browser.get(path)
        browser.post(path, section_fields(pillar.indicators), status=303)
    browser.get(reverse("assessments:check", args=(assessment.pk,)))
    submit = reverse("assessments:submit", args=(assessment.pk,))
    browser.get(submit)
    browser.get(browser.post(submit, {"declared": "on"}, status=303))
    browser.connection.close()


def section_fields(indicators: tuple) -> dict[str, object]:
    """What a browser sends for some statements: every field of each, a note at the first."""
    fields = {
        name: ""
        for name in SectionForm(items=indicators).fields
        if not name.endswith((KEEP, SEEN)) and name != "token"
    }
    for item in indicators:
        fields |= {
            item.code: "3",
            f"{item.code}:evidence": "ND 12/2026",
            f"{item.code}:revision": "0",
        }
    return fields | {f"{indicators[0].code}:note": "Contoh nyata dari pekerjaan sehari-hari."}


def people_of_a_unit(count: int) -> list[User]:
    """Posted in one unit; all can sign in with one password."""
    unit = make_unit("Bench", kind="DINAS")
    people = [make_user(f"Pegawai {number}", serial=number) for number in range(1, count + 1)]
    for person in people:
        post(person, unit)
    password = make_password(PASSWORD)
    for person in people:
        person.password = password
    User.objects.bulk_update(people, ["password"])
    return people


def open_cycle_of(instrument: Instrument, code: str) -> Cycle:
    """A cycle that is open now, for everybody who is posted."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    return open_cycle(
        code=code,
        name=code,
        instrument=instrument,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        census_date=portal_today(),
        by=None,
    )


# --- Scoring

_SCORE_FLOOR = """
    CREATE TEMPORARY TABLE floor_score AS
    SELECT submission, array_agg(share ORDER BY pillar_id) FROM (
        SELECT submission.id AS submission, indicator.pillar_id,
            sum((answer.value #>> '{}')::numeric * indicator.weight) / sum(indicator.weight) AS share
        FROM assessments_submission submission
        JOIN assessments_assessment assessment ON assessment.submission_id = submission.id
        CROSS JOIN jsonb_each(submission.answers) answer
        JOIN pillars_indicator indicator ON indicator.code = answer.key
        WHERE assessment.cycle_id = %s AND indicator.instrument_id = %s
        GROUP BY submission.id, indicator.pillar_id
    ) pillar GROUP BY submission
"""


def backlog_rows(instrument: Instrument, count: int) -> Iterator[Row]:
    """A whole evening in the queue, scored by one process in the batches of the sweep."""
    cycle = make_cycle(
        code="BACKLOG",
        instrument=instrument,
        people=count,
        units=max(10, count // 50),
        scored=False,
    )
    waiting = list(
        ScoringJob.objects.filter(submission__assessment__cycle=cycle).values_list("pk", flat=True)
    )
    local = here()
    floor = local.measure(lambda: run(_SCORE_FLOOR, cycle.pk, instrument.pk))
    cost = local.measure(
        lambda: [score_jobs(waiting[start : start + BATCH]) for start in range(0, count, BATCH)]
    )
    remark = f"{count:,} submissions; {count / cost.wall:,.0f}/s on the wall; {shares(cost, count)}"
    yield Row(
        "scoring a backlog", count / cost.cpu, "/s of CPU", 1_500, at_least=True, remark=remark
    )
    yield Row("scoring a backlog: times one statement", cost.cpu / floor.cpu, "×")
    StaleUnit.objects.bulk_create(
        [StaleUnit(unit_id=unit) for unit in cycle.units.values_list("pk", flat=True)]
    )
    refreshed = local.measure(lambda: refresh(cycle=cycle))
    yield Row("dashboards after the backlog", refreshed.cpu, "s CPU", remark="every unit marked")
    differing = len(verify(cycle=cycle).differing)
    yield Row("units that differ from a recompute", differing, "", 0)


def worker_rows(instrument: Instrument) -> Iterator[Row]:
    """What a worker holds after some batches, sent through the broker."""
    cycle = make_cycle(code="WORKER", instrument=instrument, people=1_000, units=20, scored=False)
    jobs = ScoringJob.objects.filter(submission__assessment__cycle=cycle)
    waiting = list(jobs.values_list("pk", flat=True))
    give_up_at = time.monotonic() + 120
    with WorkerProcess() as worker:
        for start in range(0, len(waiting), BATCH):
            score.delay(waiting[start : start + BATCH])
        while jobs.exists():
            assert time.monotonic() < give_up_at, "the worker did not score"
            time.sleep(0.5)
        yield Row("memory of a worker process, at its peak", worker.peak_megabytes(), "MB", 200)


# --- Answers from a file, and what a person takes up

_TABLES = ("answer", "submission", "score", "scoringjob", "staleunit")
_HISTORIES = tuple(f"{name}history" for name in ("assessment", "answer", "submission", "score"))


def import_rows(instrument: Instrument, count: int) -> Iterator[Row]:
    """Answers of new people through the operations of the pages; then the bytes they take up."""
    unit = make_unit("Impor", kind="DINAS")
    people = User.objects.bulk_create(
        [
            User(nip=nip, username=nip, name=f"Pegawai {nip}", password="!")  # noqa: S106  no password
            for nip in (f"19900101202001{2}{number:03d}" for number in range(min(count, 999)))
        ]
    )
    for person in people:
        post(person, unit)
    StaleUnit.objects.all().delete()
    before = table_bytes()
    cycle = open_cycle_of(instrument, "IMPORT")
    documents = list(
        Assessment.objects.filter(cycle__code="BACKLOG").values_list(
            "submission__answers", flat=True
        )[: len(people)]
    )
    rows = [
        AnswerRow(number, str(person.nip), scorable(document))
        for number, (person, document) in enumerate(zip(people, documents, strict=True), start=2)
    ]
    local, spent, sizes = here(), [], []
    for start in range(0, len(rows), PORTION):  # what some leave behind is room for the next
        portion = rows[start : start + PORTION]
        spent.append(local.measure(partial(import_answers, cycle=cycle, rows=portion, by=None)))
        score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
        StaleUnit.objects.all().delete()
        sizes.append(table_bytes())
    yield Row(
        "answers from a file",
        len(rows) / sum(cost.cpu for cost in spent),
        "people/s of CPU",
        remark=f"{len(rows):,} people",
    )
    after, midway = sizes[-1], sizes[len(sizes) // 2 - 1]
    taken = {table: (after[table] - before[table]) / len(rows) for table in after}
    # Working answers are gone; what grew at first is room that those who come later use again.
    answers = "assessments_answer"
    taken[answers] = (after[answers] - midway[answers]) / (len(rows) - len(rows) // 2)
    apart = {
        "audit, apart": taken.pop("audit_event"),
        "history of rows, apart": sum(taken.pop(f"assessments_{name}") for name in _HISTORIES),
    }
    for table, size in taken.items():
        yield Row(f"bytes a person: {table}", size, "B")
    yield Row("bytes a person and cycle, indexes included", sum(taken.values()), "B", 2_048)
    for name, size in apart.items():
        yield Row(f"bytes a person and cycle: {name}", size, "B")


def table_bytes() -> dict[str, int]:
    """Size of each table that grows with people, with its indexes and what is kept beside it, tidied."""
    names = ("assessment", *_TABLES, *_HISTORIES)
    tables = [*(f"assessments_{name}" for name in names), "audit_event"]
    with connection.cursor() as cursor:
        sizes = {}
        for table in tables:
            cursor.execute(f"VACUUM {table}")
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
            (sizes[table],) = cursor.fetchone()
    return sizes
