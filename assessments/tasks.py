"""Work that waits for nobody: ids in, one operation out, safe to run twice."""

from celery import shared_task

from assessments import operations
from assessments.operations import evidence


@shared_task
def score(job_ids: list[int]) -> int:
    """Score the given queue rows."""
    return operations.score_jobs(job_ids)


@shared_task
def dispatch_pending() -> int:
    """Publish what waits; every ten seconds on the beat, which carries the guarantee."""
    return operations.dispatch_pending()


@shared_task
def scan_waiting() -> int:
    """Ask the scanner about files in quarantine."""
    return evidence.scan_waiting()


@shared_task
def sweep_evidence() -> int:
    """Delete evidence files that no row names."""
    return len(evidence.sweep_evidence())
