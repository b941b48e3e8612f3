"""Letting a name be tried again before its time is over; slowing down who tries many names."""

import datetime
from collections.abc import Iterable

from axes.models import AccessAttempt
from django.db import transaction

from accounts.models import User
from accounts.operations.throttling import Limit, take_turn
from accounts.queries import has_more_failing_names, people_by_counted_name
from audit.operations import record

FAILING_NAMES = 50
"""Names with a wrong password from one address that have not signed in there since: more than an office mistypes."""
TRIES_AFTERWARDS = Limit("sign-in-address", times=30, within=datetime.timedelta(minutes=1))
"""Wide enough that a whole office behind that address still comes in, three hundred in ten minutes."""

OLD_PASSWORDS = Limit("password", times=10, within=datetime.timedelta(minutes=15))
"""Of one account, where the old password is asked for a new one: as many as at signing in."""


def slow_down(*, address: str) -> None:
    """Make an address wait from which one password is tried on many names. Raises TooManyAttempts."""
    if has_more_failing_names(address, than=FAILING_NAMES):
        take_turn(limit=TRIES_AFTERWARDS, key=address)


@transaction.atomic
def lift_lockouts(*, attempts: Iterable[AccessAttempt], by: User) -> int:
    """Forget wrong passwords of names at addresses, each on record; returns how many."""
    chosen = list(attempts)
    people = people_by_counted_name(attempt.username for attempt in chosen)
    for attempt in chosen:
        record(
            "sign_in.released",
            by=by,
            subject=people.get(attempt.username, attempt),
            count=attempt.failures_since_start,
        )
        attempt.delete()
    return len(chosen)
