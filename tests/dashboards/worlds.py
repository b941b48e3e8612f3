"""A province in a cycle, filled in through the portal's own operations."""

import datetime
import random
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import timezone

from accounts.clock import portal_today
from accounts.models import User
from assessments.enums import ReviewStatus, ScoreKind, Status
from assessments.models import Assessment, Cycle, CycleUnit, Review, ScoringJob, StaleUnit
from assessments.operations import AnswerInput, open_cycle, save_answers, score_jobs, submit
from organization.models import Unit
from pillars.models import Instrument
from pillars.queries import questionnaire
from tests.factories import make_user, post


def staff(unit: Unit, number: int, *, first: int) -> list[User]:
    """Post people into a unit; serial numbers from `first`."""
    people = [
        make_user(f"Pegawai {serial:03d}", serial=serial) for serial in range(first, first + number)
    ]
    for person in people:
        post(person, unit)
    return people


def make_cycle(instrument: Instrument, *, code: str = "2026-1", days_ago: int = 10) -> Cycle:
    """Open a cycle that runs now, as of yesterday's census."""
    now = timezone.now()
    return open_cycle(
        code=code,
        name=f"Periode {code}",
        instrument=instrument,
        opens_at=now - datetime.timedelta(days=days_ago),
        closes_at=now + datetime.timedelta(days=10),
        census_date=portal_today() - datetime.timedelta(days=1),
        by=None,
    )


def fill(assessment: Assessment, values: Iterable[int | None]) -> None:
    """Answer the indicators in order; None leaves one out."""
    codes = questionnaire(assessment.cycle.instrument_id).indicators
    save_answers(
        assessment=assessment,
        answers={
            code: AnswerInput(value=Decimal(value))
            for code, value in zip(codes, values, strict=True)
            if value is not None
        },
        by=None,
    )


def hand_in(assessment: Assessment, values: Iterable[int | None]) -> None:
    """Fill in, submit and score."""
    fill(assessment, values)
    submit(assessment=assessment, by=None, require_complete=False, urgent=False)
    score_all()


def verify(
    assessment: Assessment, values: Mapping[str, int], reviewer: User, *, score: bool = True
) -> None:
    """Verify with the given levels, and score unless asked to wait."""
    assessment.refresh_from_db()
    review = Review.objects.create(
        submission_id=assessment.submission_id,
        reviewer=reviewer,
        status=ReviewStatus.VERIFIED,
        completed_at=timezone.now(),
        ratings={code: {"value": str(value)} for code, value in values.items()},
    )
    ScoringJob.objects.create(submission=review.submission, kind=ScoreKind.VERIFIED)
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.VERIFIED)
    StaleUnit.objects.create(unit_id=assessment.unit_id)
    if score:
        score_all()


def score_all() -> None:
    """Score everything that waits."""
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))


def cycle_unit(cycle: Cycle, unit: Unit) -> CycleUnit:
    """The unit as it stands in the cycle."""
    return CycleUnit.objects.get(cycle=cycle, unit=unit)


def hand_in_all(cycle: Cycle, unit: Unit, *, seed: int = 1, indicators: int = 4) -> None:
    """Everybody whose own unit it is hands in, with answers that differ."""
    dice = random.Random(seed)
    for assessment in Assessment.objects.filter(cycle=cycle, unit__unit=unit):
        hand_in(assessment, [dice.randint(2, 4) for _ in range(indicators)])
