"""A cycle of any size, made by a few statements: a ragged tree, people, submissions, scores.

Documents of answers are drawn once, a few thousand different ones, scored by the portal, and dealt out.
What is stored is what the portal would have stored, one row for each person.
"""

import datetime
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.clock import portal_today
from assessments.models import Cycle, CycleUnit
from assessments.operations import hash_of
from assessments.operations.scores import columns_of
from assessments.queries import scheme_of, scorecard_of
from assessments.queries.documents import Stored
from organization.models import Unit
from pillars.files import read_instrument
from pillars.models import Instrument
from pillars.operations import load_instrument

DOCUMENTS = 2_000
SEED = 20_261_215

_PEOPLE = """
    INSERT INTO accounts_user (username, password, is_superuser, name, title_before, title_after,
        email, employment_type, legal_status, rank, language, is_active, is_staff, date_joined)
    SELECT 'bench-' || number, '!', false, 'Pegawai ' || number, '', '', '', 'OTHER', 'Aktif', '',
        '', true, false, now()
    FROM generate_series(1, %(people)s) number
    ON CONFLICT (username) DO NOTHING
"""
# Everybody has a leader: who leads no unit and has none would be reviewed by the topmost one.
_POSITIONS = """
    INSERT INTO organization_position (unit_id, title, kind, is_head)
    SELECT unit_id, 'Kepala', 'STRUCTURAL', true FROM assessments_cycleunit WHERE cycle_id = %(cycle)s
"""
_POSTINGS = """
    INSERT INTO organization_posting (user_id, position_id, kind, valid, is_head)
    SELECT person.id, position.id, 'ADDITIONAL', '[2020-01-01,)', true
    FROM (
        SELECT position.id, row_number() OVER (ORDER BY position.id) AS place
        FROM organization_position position
        JOIN assessments_cycleunit unit ON unit.unit_id = position.unit_id
        WHERE unit.cycle_id = %(cycle)s AND unit.parent_id IS NOT NULL
    ) position
    JOIN (
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM accounts_user WHERE username LIKE 'bench-%%'
    ) person USING (place)
"""
# Units differ in size: a few large, many small.
_ASSESSMENTS = """
    INSERT INTO assessments_assessment
        (position_title, status, status_changed_at, started_at, person_id, cycle_id, unit_id)
    SELECT 'Analis Kebijakan', 'DRAFT', now(), now(), person.id, %(cycle)s,
        (%(units)s::bigint[])[1 + floor(%(count)s * power(random(), 1.5))::int]
    FROM (
        SELECT id FROM accounts_user WHERE username LIKE 'bench-%%' ORDER BY id LIMIT %(people)s
    ) person
"""
_SUBMISSIONS = """
    INSERT INTO assessments_submission
        (sequence, number, submitted_at, answers, answers_hash, assessment_id)
    SELECT 1, %(code)s || '-' || assessment.id, now(), document.answers, document.hash, assessment.id
    FROM assessments_assessment assessment
    JOIN bench_document document ON document.id = assessment.id %% %(documents)s
    WHERE assessment.cycle_id = %(cycle)s
"""
_HANDED_IN = """
    UPDATE assessments_assessment assessment
    SET submission_id = submission.id, status = 'SUBMITTED'
    FROM assessments_submission submission
    WHERE submission.assessment_id = assessment.id AND assessment.cycle_id = %(cycle)s
"""
_SCORES = """
    INSERT INTO assessments_score
        (kind, method, numerators, denominators, total, band, instrument_id, submission_id)
    SELECT 'SELF', document.method, document.numerators, document.denominators, document.total,
        document.band, %(instrument)s, submission.id
    FROM assessments_submission submission
    JOIN assessments_assessment assessment ON assessment.submission_id = submission.id
    JOIN bench_document document ON document.id = assessment.id %% %(documents)s
    WHERE assessment.cycle_id = %(cycle)s
"""
_JOBS = """
    INSERT INTO assessments_scoringjob (kind, requested_at, error, submission_id)
    SELECT 'SELF', now(), '', submission_id FROM assessments_assessment WHERE cycle_id = %(cycle)s
"""
_GROWING = tuple(
    f"assessments_{name}" for name in ("assessment", "submission", "score", "scoringjob")
)
_VISITED = (
    *("accounts_user", "assessments_assessment", "assessments_submission"),
    *("assessments_score", "assessments_cycleunit"),
)


def make_cycle(
    *, code: str, instrument: Instrument, people: int, units: int, scored: bool = True
) -> Cycle:
    """A cycle in which everybody has handed in; scored, or with everybody waiting in the queue."""
    with transaction.atomic(), connection.cursor() as cursor:
        now = timezone.now()
        cycle = Cycle.objects.create(
            code=code,
            name=code,
            instrument=instrument,
            opens_at=now - datetime.timedelta(days=1),
            closes_at=now + datetime.timedelta(days=1),
            census_date=portal_today(),
        )
        _deal_documents(cursor, instrument)
        facts = {
            "cycle": cycle.pk,
            "code": code,
            "people": people,
            "instrument": instrument.pk,
            "documents": DOCUMENTS,
            "units": _make_units(cycle, units),
            "count": units,
        }
        for statement in (_PEOPLE, _POSITIONS, _POSTINGS):
            cursor.execute(statement, facts)
        with _foreign_keys_checked_at_the_end(cursor):
            for statement in (_ASSESSMENTS, _SUBMISSIONS, _HANDED_IN):
                cursor.execute(statement, facts)
            cursor.execute(_SCORES if scored else _JOBS, facts)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_VISITED)}")
    return cycle


@contextmanager
def _foreign_keys_checked_at_the_end(cursor: Any) -> Iterator[None]:
    """Check the keys of all rows by one join each, where the triggers would ask for every row by itself."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(_GROWING)],
    )
    keys = cursor.fetchall()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    for table, name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _make_units(cycle: Cycle, count: int) -> list[int]:
    """A ragged tree: some units have twenty children, most have none; some branches are deep.

    Returns its units in any order, the top one last: few people work there.
    """
    draw = random.Random(SEED)
    parents = [None, *(draw.randrange(max(1, place // 3)) for place in range(1, count))]
    kids: dict[int | None, list[int]] = {}
    for place, parent in enumerate(parents):
        kids.setdefault(parent, []).append(place)
    units = Unit.objects.bulk_create(
        [
            Unit(code=f"{cycle.code}-{place}", name=f"Unit {place}", kind="UNIT")
            for place in range(count)
        ],
        batch_size=5_000,
    )
    for place, parent in enumerate(parents):
        units[place].parent = None if parent is None else units[parent]
    Unit.objects.bulk_update(units[1:], ["parent"], batch_size=5_000)
    rows: list[CycleUnit] = []
    made: dict[int, CycleUnit] = {}
    waiting = [(0, 0)]
    while waiting:
        place, depth = waiting.pop()
        made[place] = CycleUnit(
            cycle=cycle, unit=units[place], name=units[place].name, kind="UNIT",
            depth=depth, first=len(rows), last=len(rows),
        )  # fmt: skip
        rows.append(made[place])
        waiting.extend((kid, depth + 1) for kid in reversed(kids.get(place, [])))
    for place in sorted(made, key=lambda place: -made[place].first):
        parent = parents[place]
        if parent is not None:
            made[parent].last = max(made[parent].last, made[place].last)
    for depth in range(max(row.depth for row in rows) + 1):
        level = [place for place in made if made[place].depth == depth]
        for place in level:
            parent = parents[place]
            made[place].parent = None if parent is None else made[parent]
        CycleUnit.objects.bulk_create([made[place] for place in level], batch_size=5_000)
    below = [row.pk for row in rows[1:]]
    draw.shuffle(below)
    return [*below, rows[0].pk]


def _deal_documents(cursor: Any, instrument: Instrument) -> None:
    draw = random.Random(SEED)
    items = scheme_of(instrument.pk).items
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_document (id int PRIMARY KEY, answers jsonb, hash text,"
        " method text, numerators numeric[], denominators numeric[], total numeric, band text)"
        " ON COMMIT DROP"
    )
    for number in range(DOCUMENTS):
        answers: dict[str, Stored] = {
            item.code: format(draw.choice(item.values), "f")
            for item in items
            if draw.random() > 0.03
        }
        columns = columns_of(scorecard_of(instrument.pk, answers))
        cursor.execute(
            "INSERT INTO bench_document VALUES (%s, %s, %s, %s, %s::numeric[], %s::numeric[], %s, %s)",
            [
                *(number, json.dumps(answers), hash_of(answers), columns["method"]),
                *(columns["numerators"], columns["denominators"]),
                *(columns["total"], columns["band"]),
            ],
        )


def shipped_instrument() -> Instrument:
    """PRIMA, published."""
    document = read_instrument(Path("pillars/instruments/prima-2026.1.toml").read_bytes())
    return load_instrument(document=document, by=None, publish=True)
