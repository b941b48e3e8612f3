"""`seed_demo`: the same province for the same seed, in every state, and only where nobody is yet."""

import datetime
import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.clock import portal_moment, portal_today
from accounts.models import RoleGrant, User
from assessments.enums import ReportStatus, Status
from assessments.models import (
    Assessment,
    Cycle,
    Score,
    ScoringJob,
    StaleUnit,
    Submission,
    SupervisorReport,
)
from audit.models import Event
from dashboards.models import UnitSnapshot
from organization.enums import ACTING
from organization.models import HrMandate, Posting, Unit
from pillars.enums import InstrumentStatus
from pillars.models import Instrument
from prima_portal.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests import shapes

SMALL = ("--units=26", "--people=140")

pytestmark = pytest.mark.django_db


def seed(*arguments: str) -> str:
    output = io.StringIO()
    call_command("seed_demo", *SMALL, *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.slow
def test_the_province_is_alive(settings):
    settings.DEVELOPMENT = True
    assert "3 periode: PRIMA-" in seed()

    for account in DEMO_ACCOUNTS:
        assert User.objects.get(username=account.nip).check_password(DEMO_PASSWORD), account.name
    assert set(RoleGrant.objects.values_list("user__name", flat=True)) == {
        "Dewi Anggraini",
        "Eko Prasetyo",
    }
    assert HrMandate.objects.get().user.name == "Hesti Rahmawati"

    # A school with 60 teachers and its head, and a unit of three.
    sizes = dict(
        Unit.objects.filter(positions__postings__valid__contains=portal_today())
        .values_list("name")
        .annotate(people=Count("positions__postings"))
        .filter(name__in=("SMA Negeri 1 Contoh", "UPTD Balai Ukir Kayu"))
    )
    assert sizes == {"SMA Negeri 1 Contoh": 61, "UPTD Balai Ukir Kayu": 3}
    assert Posting.objects.in_force(portal_today()).filter(kind__in=ACTING).exists()

    # Two half-years that are over, and one with everybody in the midst of it.
    *past, current = Cycle.objects.order_by("opens_at")
    assert len(past) == 2
    for cycle in past:
        assert states(cycle) <= {Status.INVITED, Status.DRAFT, Status.SUBMITTED, Status.FINAL}
    assert states(current) == set(Status) - {Status.FINAL}
    assert past[0].instrument.version < current.instrument.version
    assert Instrument.objects.filter(status=InstrumentStatus.DRAFT).count() == 1
    assert SupervisorReport.objects.get(status=ReportStatus.OPEN).assessment.cycle == current

    # Budi has somebody to review.
    unit = Assessment.objects.get(cycle=current, person__name="Budi Santosa").unit
    assert Assessment.objects.filter(unit=unit, status=Status.SUBMITTED).exists()

    # Fajar moved after the census: counted once, where he was.
    fajar = Assessment.objects.get(cycle=current, person__name="Fajar Nugraha")
    now = Posting.objects.in_force(portal_today()).get(user=fajar.person).position.unit
    assert fajar.unit.unit != now
    moved = Posting.objects.filter(
        valid__endswith__lte=portal_today(), valid__endswith__gt=current.census_date
    )
    assert moved.count() > 1

    # Nothing waits: scores and dashboards are there, and right.
    assert not ScoringJob.objects.exists()
    assert not StaleUnit.objects.exists()
    assert UnitSnapshot.objects.count() == 3 * Unit.objects.count()
    for cycle in (*past, current):
        call_command("verify_dashboards", cycle.code, stdout=io.StringIO())

    # Plausible spread instead of uniform noise: most are in the middle, few at the ends.
    totals = [score.total for score in Score.objects.filter(total__isnull=False)]
    middle = [total for total in totals if 50 <= total < 90]
    assert len(middle) > 0.7 * len(totals)
    assert len(set(totals)) > 40


def states(cycle: Cycle) -> set[str]:
    return set(Assessment.objects.filter(cycle=cycle).values_list("status", flat=True))


@pytest.mark.slow
def test_a_seed_says_everything():
    first, again, other = (digest("--seed=7"), digest("--seed=7"), digest("--seed=8"))
    assert first == again
    assert first != other


def digest(*arguments: str) -> str:
    """People, where they are, what they answered and what it scores, without the keys of rows."""
    # Not `atomic`: dashboards are built in transactions of their own.
    before = transaction.savepoint()
    seed("--cycles=1", *arguments)
    rows = [
        *Posting.objects.order_by("user__username", "valid", "position__unit__code").values_list(
            "user__username",
            "user__name",
            "user__rank",
            "position__unit__code",
            "kind",
            "valid",
        ),
        *Assessment.objects.order_by("person__nip").values_list(
            "person__nip", "unit__unit__code", "status", "submission__answers_hash"
        ),
        *Score.objects.order_by("submission__assessment__person__nip", "kind").values_list(
            "submission__assessment__person__nip", "kind", "total", "numerators", "denominators"
        ),
    ]
    transaction.savepoint_rollback(before)
    assert len(rows) > 300
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


def test_a_dry_run_writes_nothing():
    told = shapes.require("seed_demo", seed("--cycles=1", "--dry-run", "--format=json"))
    assert (told["units"], len(told["cycles"]), told["dry_run"]) == (26, 1, True)
    assert not User.objects.exists()
    assert not Unit.objects.exists()


def test_nobody_gets_a_known_password_outside_development(settings):
    settings.DEVELOPMENT = False
    seed("--cycles=1")
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_it_refuses_a_database_with_people(ani):
    with pytest.raises(CommandError, match="sudah berisi pegawai"):
        seed()
    assert User.objects.get() == ani


@pytest.mark.slow
def test_things_happen_in_order_and_when_people_are_at_work_or_at_home_in_the_evening():
    seed()
    midnight = portal_moment(portal_today(), datetime.time())
    for assessment in Assessment.objects.exclude(submission=None).select_related(
        "cycle__instrument", "submission__review"
    ):
        review = getattr(assessment.submission, "review", None)
        is_decided = review is not None and review.completed_at is not None
        moments = [
            assessment.cycle.instrument.published_at,
            assessment.cycle.created_at,
            assessment.cycle.opens_at,
            assessment.started_at,
            assessment.submission.submitted_at,
            *([review.opened_at] if review else []),
            *([review.completed_at, assessment.status_changed_at] if is_decided else []),
        ]
        assert moments == sorted(moments), (assessment, moments)
        assert moments[-1] < midnight
        assert moments[4] <= assessment.cycle.closes_at

    submitted = [timezone.localtime(each.submitted_at) for each in Submission.objects.all()]
    assert {moment.hour for moment in submitted} <= {*range(8, 17), *range(19, 22)}
    weekend = sum(moment.weekday() >= 5 for moment in submitted)
    assert weekend < 0.2 * len(submitted)

    for cycle in Cycle.objects.all():
        trail = list(
            Event.objects.filter(
                subject_type="assessments.Assessment",
                subject_id__in=map(str, cycle.assessments.values_list("pk", flat=True)),
            )
            .order_by("pk")
            .values_list("at", flat=True)
        )
        assert trail == sorted(trail)
        assert len(trail) > cycle.assessments.count()
