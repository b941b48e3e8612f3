"""Telling workers about waiting rows. Only speed depends on it: the rows are the queue."""

import datetime

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from assessments.models import ScoringJob

TASK = "assessments.tasks.score"
BATCH = 200
GRACE = datetime.timedelta(seconds=5)
FORGOTTEN_AFTER = datetime.timedelta(seconds=30)


def announce(*job_ids: int) -> None:
    """Publish jobs to the broker; raises the broker's error when it cannot be reached."""
    current_app.send_task(TASK, args=[list(job_ids)])


def due_jobs() -> QuerySet[ScoringJob]:
    """Jobs that nobody was told about, or that were announced and forgotten; longest waiting first."""
    return (
        ScoringJob.objects.filter(failed_at__isnull=True, requested_at__lte=Now() - GRACE)
        .filter(Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=Now() - FORGOTTEN_AFTER))
        .order_by(F("dispatched_at").asc(nulls_first=True), "pk")
    )


def dispatch_pending(*, limit: int = 20_000) -> int:
    """Publish the jobs that are due, batch by batch; returns how many were published.

    Raises the broker's error when it cannot be reached; what it took before stays marked.
    """
    published = 0
    while published < limit and (number := _dispatch_batch(min(BATCH, limit - published))):
        published += number
    return published


@transaction.atomic
def _dispatch_batch(size: int) -> int:
    """One batch in a transaction of its own: marked only if the broker took it.

    A worker waits for the lock of its jobs, so the lock must not outlast the batch.
    """
    due = due_jobs().select_for_update(skip_locked=True).values_list("pk", flat=True)
    job_ids = list(due[:size])
    if job_ids:
        announce(*job_ids)
        ScoringJob.objects.filter(pk__in=job_ids).update(dispatched_at=Now())
    return len(job_ids)
