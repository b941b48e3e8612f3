"""Work that waits for nobody."""

from celery import shared_task

from accounts import operations


@shared_task
def deliver_letters() -> int:
    """Send the letters that wait; every ten seconds on the beat, which carries the guarantee."""
    return operations.deliver_letters()
