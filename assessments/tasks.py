"""Work that waits for nobody: ids in, one operation out, safe to run twice."""

from celery import shared_task

from assessments import operations
from assessments.operations import evidence

DESTRUCTION_SECONDS = 120
"""Well below the time limit of a task."""


@shared_task
def score(job_ids: list[int]) -> int:
    """Score the given queue rows."""
    return operations.score_jobs(job_ids)


@shared_task
def dispatch_pending() -> int:
    """Publish what waits; every ten seconds on the beat, which carries the guarantee."""
    return operations.dispatch_pending()


@shared_task
def remind_people() -> int:
    """Queue letters to those who have not handed in; every minute on the beat."""
    return operations.remind_people()


@shared_task
def scan_waiting() -> int:
    """Ask the scanner about files in quarantine."""
    return evidence.scan_waiting()


@shared_task
def sweep_evidence() -> int:
    """Delete evidence files that no row names."""
    return len(evidence.sweep_evidence())


@shared_task
def destroy_expired() -> int:
    """Destroy what the schedule lets go; daily on the beat. What one task has no time for, the next one does."""
    outcome = operations.destroy_expired(by=None, seconds=DESTRUCTION_SECONDS)
    if not outcome.finished:
        destroy_expired.delay()
    return sum(each.rows for each in outcome.destructions)
