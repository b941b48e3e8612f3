"""Work on the beat: an operation for each cycle with marked units."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from dashboards import operations
from dashboards.queries import stale_cycles


@shared_task
def refresh_dashboards() -> int:
    """Refresh every cycle in which a unit is marked; returns how many snapshots changed.

    A cycle that cannot be refreshed keeps its marks and holds up no other; the task fails once all were tried.
    """
    changed = 0
    failures: list[Exception] = []
    for cycle in stale_cycles():
        try:
            changed += operations.refresh(cycle=cycle)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001  raised below
            failures.append(error)
    if failures:
        raise ExceptionGroup("cycles that could not be refreshed", failures)
    return changed
