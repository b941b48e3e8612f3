"""Work on the beat: an operation for each cycle with marked units."""

from celery import shared_task

from dashboards import operations
from dashboards.queries import stale_cycles


@shared_task
def refresh_dashboards() -> int:
    """Refresh every cycle in which a unit is marked; returns how many snapshots changed."""
    return sum(operations.refresh(cycle=cycle) for cycle in stale_cycles())
