"""A nation that has worked for a while, and who reads which page of it."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from accounts.models import RoleGrant, User
from assessments.models import Assessment, Cycle
from bench.nation import make_cycle, shipped_instrument
from bench.web import session_of
from dashboards.operations import rebuild
from organization.models import HrMandate
from tests.factories import LONG_AGO, make_user

_NIPS = """
    UPDATE accounts_user
    SET nip = own.nip, username = own.nip,
        email = CASE WHEN own.number %% 10 <> 0 THEN 'pegawai' || own.number || '@contoh.invalid' ELSE '' END,
        legal_status = 'Aktif', employment_type = 'PNS'
    FROM (
        SELECT id, number,
            to_char(date '1965-01-01' + number %% 12000, 'YYYYMMDD') || '2015031'
                || lpad((number / 12000)::text, 3, '0') AS nip
        FROM accounts_user, CAST(split_part(username, '-', 2) AS int) AS number
        WHERE username LIKE 'bench-%%'
    ) own
    WHERE own.id = accounts_user.id
"""
_POSITIONS = """
    INSERT INTO organization_position (unit_id, title, kind, is_head)
    SELECT unit_id, 'Analis Kebijakan', 'FUNCTIONAL', false FROM assessments_cycleunit WHERE cycle_id = %(cycle)s
"""
_POSTINGS = """
    INSERT INTO organization_posting (user_id, position_id, kind, valid, is_head)
    SELECT assessment.person_id, position.id, 'DEFINITIVE', '[2020-01-01,)', false
    FROM assessments_assessment assessment
    JOIN assessments_cycleunit unit ON unit.id = assessment.unit_id
    JOIN organization_position position ON position.unit_id = unit.unit_id AND NOT position.is_head
    WHERE assessment.cycle_id = %(cycle)s
"""
_DRAFTS = """
    UPDATE assessments_assessment SET submission_id = NULL, status = 'DRAFT'
    WHERE cycle_id = %(cycle)s AND id %% 3 = 0
"""
_ANSWERS = """
    INSERT INTO assessments_answer
        (assessment_id, indicator_id, value, not_applicable, reason, note, evidence, revision, saved_at)
    SELECT assessment.id, indicator.id, 3, false, '', '', '{}', 1, now()
    FROM assessments_assessment assessment
    JOIN pillars_indicator indicator ON indicator.instrument_id = %(instrument)s
    WHERE assessment.cycle_id = %(cycle)s AND assessment.id %% 12 = 0
"""
_REVIEWS = """
    INSERT INTO assessments_review (submission_id, reviewer_id, status, opened_at, completed_at, ratings, note)
    SELECT submission_id, %(reviewer)s, 'VERIFIED', now(), now(), '{}', ''
    FROM assessments_assessment WHERE cycle_id = %(cycle)s AND person_id <> %(reviewer)s
"""
_VERIFIED = """
    UPDATE assessments_assessment SET status = 'FINAL'
    WHERE cycle_id = %(cycle)s AND person_id <> %(reviewer)s
"""
_EVENTS = """
    INSERT INTO audit_event
        (at, actor_id, actor_name, verb, subject_type, subject_id, data, request_id)
    SELECT now() - number * interval '30 seconds', person.id, person.name,
        (ARRAY['answers.saved', 'assessment.submitted', 'person.signed_in', 'person.read',
            'assessment.started'])[1 + number %% 5],
        'accounts.User', person.id::text,
        CASE WHEN number %% 5 = 3 THEN jsonb_build_object(
            'people', jsonb_build_array(person.id, person.id + 1), 'where', 'bench'
        ) ELSE '{}' END,
        md5(number::text)
    FROM generate_series(1, %(events)s) number
    JOIN (
        SELECT id, name, row_number() OVER (ORDER BY id) AS place
        FROM accounts_user WHERE username LIKE 'bench-%%'
    ) person ON person.place = 1 + number::bigint * 7919 %% %(people)s
"""
_SESSIONS = """
    INSERT INTO django_session (session_key, session_data, expire_date)
    SELECT md5(id::text), 'x', now() + interval '8 hours' FROM accounts_user WHERE username LIKE 'bench-%%'
"""
_ADDRESSES = """
    INSERT INTO account_emailaddress (email, verified, "primary", user_id)
    SELECT username || '@contoh.invalid', true, true, id FROM accounts_user WHERE username LIKE 'bench-%%'
"""
_WRITTEN = ("assessments_assessment", "assessments_answer", "assessments_review", "audit_event")
EVENTS_A_PERSON = 5


class Visitor:
    """A person with a session, who reads pages."""

    def __init__(self, person: User) -> None:
        headers = {"Host": "localhost", "Authorization": f"Bearer {settings.METRICS_TOKEN}"}
        self.client = Client(headers=headers)
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)

    def read(self, path: str) -> int:
        """All of an answer; returns its status."""
        answer = self.client.get(path, follow=True)
        for _part in answer.streaming_content if answer.streaming else ():
            pass
        return answer.status_code


def pages_of(people: int) -> Iterator[tuple[str, User, str]]:
    """Names of pages, who reads each, and where it is; the nation is made first."""
    instrument = shipped_instrument()
    last = make_cycle(code="LAST", instrument=instrument, people=people, units=people // 50)
    now = make_cycle(code="NOW", instrument=instrument, people=people, units=people // 50)
    operator = make_user("Operator", serial=1, is_superuser=True, is_staff=True)
    _work_for_a_while(last, now, operator, people)
    for cycle in (last, now):
        rebuild(cycle=cycle)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [*_employee(now), *_head(now), *_duties(last, now, people), *_operator(operator)]


def _work_for_a_while(last: Cycle, now: Cycle, reviewer: User, people: int) -> None:
    with connection.cursor() as cursor:
        for table in _WRITTEN:  # rows of years come in one statement
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        facts = {"instrument": now.instrument_id, "people": people, "reviewer": reviewer.pk}
        facts["events"] = people * EVENTS_A_PERSON
        for statement in (_EVENTS, _SESSIONS, _ADDRESSES, _NIPS):
            cursor.execute(statement, facts)
        for statement in (_POSITIONS, _POSTINGS, _DRAFTS, _ANSWERS):
            cursor.execute(statement, facts | {"cycle": now.pk})
        for statement in (_REVIEWS, _VERIFIED):
            cursor.execute(statement, facts | {"cycle": last.pk})
        for table in _WRITTEN:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


Case = tuple[str, User, str]


def _employee(now: Cycle) -> Iterator[Case]:
    chosen = Assessment.objects.filter(cycle=now).select_related("person").order_by("id")
    drafting = chosen.filter(status="DRAFT", answers__isnull=False).first()
    handed_in = chosen.filter(status="SUBMITTED")[50]
    assert drafting is not None
    pillar = now.instrument.pillars.first()
    yield "person: home", drafting.person, reverse("home")
    yield "person: own assessments", drafting.person, reverse("assessments:index")
    for name in ("tasks", "check", "submit", "trail"):
        yield f"person: {name}", drafting.person, reverse(f"assessments:{name}", args=[drafting.pk])
    fill = reverse("assessments:fill", args=[drafting.pk, pillar.code])
    yield "person: a section", drafting.person, fill
    for name in ("receipt", "trail", "result"):
        path = reverse(f"assessments:{name}", args=[handed_in.pk])
        yield f"person who has handed in: {name}", handed_in.person, path
    for name in ("profile", "personal_data", "sessions", "second_factor"):
        yield f"person: {name}", handed_in.person, reverse(f"accounts:{name}")
    yield "person: corrections", handed_in.person, reverse("organization:corrections")
    yield "person: own assessments, for programs", handed_in.person, reverse("api:own_list")


def _head(now: Cycle) -> Iterator[Case]:
    largest = (
        now.units.exclude(parent=None).order_by("-last", "first").first(),  # of a whole branch
        now.units.get(parent=None),
    )
    for place, unit in zip(("a branch", "the top"), largest, strict=True):
        assert unit is not None
        head = User.objects.filter(
            postings__position__unit=unit.unit_id, postings__is_head=True
        ).first()
        if head is None:
            from tests.factories import post  # noqa: PLC0415

            head = make_user(f"Kepala {place}", serial=90)
            post(head, unit.unit, head=True)
        for name in ("home", "assessments:review_list", "dashboards:index"):
            yield f"head of {place}: {name}", head, reverse(name)
        yield f"head of {place}: units, for programs", head, reverse("api:unit_list")
        path = reverse("dashboards:unit", args=[now.code, unit.pk])
        yield f"head of {place}: dashboard", head, path
        waiting = reverse("assessments:review_list") + "?page=2"
        yield f"head of {place}: the list's next page", head, waiting
    own = Assessment.objects.filter(cycle=now, status="SUBMITTED", unit=largest[0]).first()
    if own is not None:
        yield (
            "head of a branch: a review",
            head_of(largest[0]),
            reverse("assessments:review", args=[own.pk]),
        )


def head_of(unit: object) -> User:
    """Who heads a unit of a cycle."""
    return User.objects.get(postings__position__unit=unit.unit_id, postings__is_head=True)


def _duties(last: Cycle, now: Cycle, people: int) -> Iterator[Case]:
    curator, auditor = make_user("Kurator", serial=2), make_user("Auditor", serial=3)
    officer = make_user("Kepegawaian", serial=4)
    for person, role in ((curator, Role.CURATOR), (auditor, Role.AUDITOR)):
        RoleGrant.objects.create(user=person, role=role, valid=DateRange(LONG_AGO, None))
    root = now.units.select_related("unit").get(parent=None).unit
    HrMandate.objects.create(user=officer, unit=root, valid=DateRange(LONG_AGO, None))
    yield "curator: home", curator, reverse("home")
    yield "curator: cycles", curator, reverse("assessments:cycle_list")
    for name in ("cycle", "cycle_reschedule", "cycle_extend", "cycle_establish"):
        yield f"curator: {name}", curator, reverse(f"assessments:{name}", args=[now.pk])
    yield "curator: cycle_reopen", curator, reverse("assessments:cycle_reopen", args=[last.pk])
    yield "curator: cycle_open", curator, reverse("assessments:cycle_open")
    for name in ("assessments:personnel", "assessments:supervisor_reports"):
        yield f"office: {name}", officer, reverse(name)
    for name in ("organization:correction_requests", "organization:invitations", "home"):
        yield f"office: {name}", officer, reverse(name)
    yield (
        "office: the file of people",
        officer,
        reverse("assessments:personnel_file", args=[now.pk, "csv"]),
    )
    someone = User.objects.get(name=f"Pegawai {people // 2}").username
    searches = {
        "everything": "", "a verb": "?verb=assessment.", "a verb that is rare": "?verb=cycle.",
        "an actor": f"?actor={someone}", "a person": f"?person={someone}",
        "a day": f"?since={now.opens_at:%Y-%m-%d}&until={now.opens_at:%Y-%m-%d}",
        "a person and a verb": f"?person={someone}&verb=person.read",
        "a request": "?request_id=c4ca4238a0b923820dcc509a6f75849b",
    }  # fmt: skip
    for name, query in searches.items():
        yield f"auditor: {name}", auditor, reverse("audit:events") + query
    day = f"{now.opens_at:%Y-%m-%d}"
    breach = reverse("audit:breach") + f"?actor={someone}&since={day}&until={day}"
    yield "auditor: what an account read", auditor, breach
    for name in ("readyz", "metrics"):
        yield f"monitor: {name}", auditor, reverse(name)


def _operator(operator: User) -> Iterator[Case]:
    nip = User.objects.get(name="Pegawai 1").nip
    for model, page in admin.site._registry.items():
        try:
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        name = f"operator: {model._meta.model_name}"
        yield name, operator, path
        yield f"{name}, page 3", operator, f"{path}?p=3"
        if page.search_fields:
            yield f"{name}, searched by NIP", operator, f"{path}?q={nip}"
            yield f"{name}, searched by name", operator, f"{path}?q=Pegawai 4711"
            yield f"{name}, searched by what every name has", operator, f"{path}?q=Pegawai"
