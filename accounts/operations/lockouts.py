"""Letting a name be tried again before its time is over."""

from collections.abc import Iterable

from axes.models import AccessAttempt
from django.db import transaction

from accounts.models import User
from accounts.queries import people_by_sign_in_name
from audit.operations import record


@transaction.atomic
def lift_lockouts(*, attempts: Iterable[AccessAttempt], by: User) -> int:
    """Forget wrong passwords of names at addresses, each on record; returns how many."""
    chosen = list(attempts)
    people = people_by_sign_in_name(attempt.username for attempt in chosen)
    for attempt in chosen:
        record(
            "sign_in.released",
            by=by,
            subject=people.get(attempt.username, attempt),
            count=attempt.failures_since_start,
        )
        attempt.delete()
    return len(chosen)
