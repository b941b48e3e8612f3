"""Scoring what was handed in or verified: a pure function of frozen rows, written once."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DataError, IntegrityError, InternalError, transaction
from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Score, ScoringJob, StaleUnit
from assessments.queries import scorecard_of
from assessments.queries.schemes import exact_of
from assessments.scoring import Scorecard

logger = structlog.get_logger(__name__)
Scored = tuple[ScoringJob, Score]
# What one row can be refused for. Where the database is away or gives up on a lock, all wait for the sweep.
POISON = (DataError, IntegrityError, InternalError)


@transaction.atomic
def score_jobs(job_ids: Sequence[int]) -> int:
    """Score the given jobs; those already done are gone from the queue and are passed over.

    Safe to run twice, out of order and concurrently: whoever comes second waits for the row's lock
    and finds it deleted. A job that cannot be computed or stored is marked failed and does not stop the others.
    Returns the number of scores written.
    """
    jobs = list(
        ScoringJob.objects.select_for_update(of=("self",))
        .select_related("submission__assessment__cycle", "submission__review")
        .filter(pk__in=job_ids, failed_at__isnull=True)
        .order_by("pk")
    )
    scored = []
    for job in jobs:
        try:
            scored.append((job, _score_of(job)))
        except (
            SoftTimeLimitExceeded
        ):  # the machine's fault and not the row's: all wait for the sweep
            raise
        except Exception as error:  # noqa: BLE001  a poisoned row must not hold up the others
            _set_aside(job, error)
    return _store(scored)


def _store(scored: Sequence[Scored]) -> int:
    """Insert all scores and take their jobs off the queue; what the database refuses, one by one."""
    try:
        with transaction.atomic():
            _store_together(scored)
    except POISON as error:
        if len(scored) > 1:
            return sum(_store([each]) for each in scored)
        _set_aside(scored[0][0], error)
        return 0
    return len(scored)


def _store_together(scored: Sequence[Scored]) -> None:
    Score.objects.bulk_create(score for _, score in scored)
    StaleUnit.objects.bulk_create(
        StaleUnit(unit_id=unit_id)
        for unit_id in sorted({job.submission.assessment.unit_id for job, _ in scored})
    )
    ScoringJob.objects.filter(pk__in=[job.pk for job, _ in scored]).delete()


def _set_aside(job: ScoringJob, error: Exception) -> None:
    logger.error("scoring_failed", job=job.pk, submission=job.submission_id, exc_info=error)
    job.failed_at = timezone.now()
    job.error = f"{type(error).__name__}: {error}"
    job.save(update_fields=["failed_at", "error"])


@transaction.atomic
def retry_failed(*, job_ids: Sequence[int] | None = None) -> int:
    """Put failed jobs back into the queue, all or the given ones; the next sweep publishes them."""
    failed = ScoringJob.objects.filter(failed_at__isnull=False)
    if job_ids is not None:
        failed = failed.filter(pk__in=job_ids)
    return failed.update(failed_at=None, error="", dispatched_at=None)


def _score_of(job: ScoringJob) -> Score:
    """The score of the person's own answers, or of the levels that the review froze."""
    submission = job.submission
    instrument_id = submission.assessment.cycle.instrument_id
    review = submission.review if job.kind == ScoreKind.VERIFIED else None
    document = submission.answers if review is None else review.ratings
    return Score(
        submission=submission,
        kind=job.kind,
        review=review,
        instrument_id=instrument_id,
        **columns_of(scorecard_of(instrument_id, document)),
    )


def columns_of(card: Scorecard) -> dict[str, Any]:
    """What a `Score` row holds of a scorecard."""
    exact = exact_of(card)
    return {
        "method": card.method,
        "numerators": [_part(value, "numerator") for value in exact],
        "denominators": [_part(value, "denominator") for value in exact],
        "total": card.total.rounded,
        "band": card.total.band or "",
    }


def _part(value: Fraction | None, name: str) -> Decimal | None:
    return None if value is None else Decimal(getattr(value, name))
