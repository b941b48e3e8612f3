"""Work that waits for nobody."""

from celery import shared_task

from audit import operations

DIGEST_SECONDS = 120
"""Well below the time limit of a task."""


@shared_task
def seal() -> int:
    """Continue the chain; every ten seconds on the beat."""
    return operations.seal()


@shared_task
def digest_history() -> int:
    """Put new lines of row history under digests; every quarter of an hour on the beat."""
    return operations.digest_history(seconds=DIGEST_SECONDS)
