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


@transaction.atomic
def dispatch_pending(*, limit: int = 20_000) -> int:
    """Publish the jobs that are due.

    The mark is written only if the broker took the batch. Returns the number of jobs published.
    """
    waiting = due_jobs().select_for_update(skip_locked=True).values_list("pk", flat=True)
    job_ids = list(waiting[:limit])
    for start in range(0, len(job_ids), BATCH):
        batch = job_ids[start : start + BATCH]
        announce(*batch)
        ScoringJob.objects.filter(pk__in=batch).update(dispatched_at=Now())
    return len(job_ids)
