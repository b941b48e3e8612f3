"""How often something may be tried. Counted in PostgreSQL, so the limit stands while Redis is away."""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.errors import TooManyAttempts
from accounts.models import Throttle
from accounts.operations.denials import note_denial

# One statement: tries that arrive together are counted one after the other.
_COUNT = """
    INSERT INTO accounts_throttle AS known (kind, digest, count, since)
    VALUES (%(kind)s, %(digest)s, 1, %(now)s)
    ON CONFLICT (kind, digest) DO UPDATE SET
        count = CASE WHEN known.since <= %(before)s THEN 1 ELSE known.count + 1 END,
        since = CASE WHEN known.since <= %(before)s THEN %(now)s ELSE known.since END
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` tries by one key, from the first one for the length of `within`."""

    kind: str
    times: int
    within: datetime.timedelta


def take_turn(*, limit: Limit, key: str) -> None:
    """Count one try. Raises TooManyAttempts beyond the limit.

    To be called outside the transaction of the act: a refusal must not undo the count.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "kind": limit.kind,
                "digest": _digest(limit, key),
                "now": now,
                "before": now - limit.within,
            },
        )
        (count,) = cursor.fetchone()
    if count > limit.times:
        note_denial(rule=f"throttle.{limit.kind}")
        raise TooManyAttempts(minutes=int(limit.within.total_seconds() // 60))


def forgive(*, limit: Limit, key: str) -> None:
    """Forget the tries of a key: the right answer came."""
    Throttle.objects.filter(kind=limit.kind, digest=_digest(limit, key)).delete()


def _digest(limit: Limit, key: str) -> str:
    """Keys are NIPs and addresses: stored unreadable."""
    return salted_hmac(f"throttle.{limit.kind}", key, algorithm="sha256").hexdigest()
