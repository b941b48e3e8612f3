"""Work that waits for nobody: an id in, one operation out, safe to run twice."""

from celery import shared_task

from pillars import operations


@shared_task
def read_upload(upload_id: int) -> bool:
    """Read a file that somebody sent in."""
    return operations.read_upload(upload_id)


@shared_task
def dispatch_uploads() -> int:
    """Announce files that nobody reads; every ten seconds on the beat, which carries the guarantee."""
    return operations.dispatch_uploads()
