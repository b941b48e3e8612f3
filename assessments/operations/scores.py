"""Scoring what was handed in or verified: a pure function of frozen rows, written once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, DataError, IntegrityError, InternalError, transaction
from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Score, ScoringJob, StaleUnit
from assessments.queries import scorecard_of
from assessments.queries.schemes import exact_of
from assessments.scoring import Scorecard

logger = structlog.get_logger(__name__)
Scored = tuple[ScoringJob, Score]
# What the database refuses one score for. Any other of its errors is no fault of the score's.
REFUSED = (DataError, IntegrityError, InternalError)
# The database is away or gives up on a lock, or the task's time is over: all jobs stay in the queue for the sweep.
NO_FAULT_OF_THE_JOB = (DatabaseError, SoftTimeLimitExceeded)


@transaction.atomic
def score_jobs(job_ids: Sequence[int]) -> int:
    """Score the given jobs and take them off the queue, in one transaction; returns how many scores were written.

    Safe to run twice, late and concurrently. A job that cannot be computed or stored is set aside with its
    error and does not hold up the others. What the jobs are not to blame for is raised: then nothing is
    written, and all of them stay in the queue.
    """
    # Exactly once: whoever comes second waits for the lock on the job, and then finds it deleted.
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
        except NO_FAULT_OF_THE_JOB:
            raise
        except Exception as error:  # noqa: BLE001  whatever the answers are, they must not hold up other jobs
            _set_aside(job, error)
    return _store(scored)


def _store(scored: Sequence[Scored]) -> int:
    """Store scores together, or one by one where the database refuses one of them; returns how many."""
    try:
        with transaction.atomic():
            _store_together(scored)
    except REFUSED as error:
        if len(scored) > 1:
            return sum(_store([each]) for each in scored)
        _set_aside(scored[0][0], error)
        return 0
    return len(scored)


def _store_together(scored: Sequence[Scored]) -> None:
    """Insert the scores, mark their units, and delete their jobs: all of it or nothing."""
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
        "numerators": [None if score is None else Decimal(score.numerator) for score in exact],
        "denominators": [None if score is None else Decimal(score.denominator) for score in exact],
        "total": card.total.rounded,
        "band": card.total.band or "",
    }
