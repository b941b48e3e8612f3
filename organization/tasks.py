"""Work that waits for nobody."""

from celery import shared_task

from organization import operations


@shared_task
def remind_offices() -> int:
    """Tell personnel offices what falls due and what is overdue; every ten minutes on the beat."""
    return operations.remind_offices()
