"""Whose data an account read, or could read, between two moments: for telling those concerned after a breach."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db import connection

from accounts.models import User
from assessments.queries.reviewed import Span, people_reviewed
from audit.models import PERSON_READ

AT_ONCE: Final = 500
"""People in memory while a report is written."""

_READ = """
    WITH read AS (
        SELECT person::bigint AS person, count(*) AS times,
            array_agg(DISTINCT event.data ->> 'where') AS places
        FROM audit_event event
        CROSS JOIN LATERAL jsonb_array_elements_text(event.data -> 'people') person
        WHERE event.actor_id = %(actor)s AND event.verb = %(verb)s
            AND event.at >= %(since)s AND event.at < %(until)s
        GROUP BY 1
    )
    SELECT users.id, coalesce(read.times, 0), coalesce(read.places, '{}')
    FROM accounts_user users LEFT JOIN read ON read.person = users.id
    WHERE read.person IS NOT NULL OR users.id = ANY(%(others)s)
    ORDER BY users.name, users.id
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One person whose data an account read, or could read: how often it is on record, where, and as what."""

    person: User
    times: int
    places: list[str]
    supervised: bool = False
    own: bool = False


class Readings:
    """Everybody whose data the account read, or could read as their reviewer, in the span; by name.

    Reading as the personnel office, operator or auditor is on record each time. What a supervisor
    reads of the people supervised is not: they are all named, since each may have been read. Read from
    the database while it is gone through; only keys are kept.
    """

    def __init__(self, actor: User, span: Span) -> None:
        self.actor = actor
        self.span = span

    @cached_property
    def supervised(self) -> set[int]:
        """Keys of those whom the account could read as their reviewer."""
        return people_reviewed(self.actor, self.span)

    @cached_property
    def keys(self) -> list[int]:
        """Keys of all of them, by name."""
        return [key for key, _times, _places in self._rows()]

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Reading]:
        found = self._rows()
        while rows := list(islice(found, AT_ONCE)):
            people = User.objects.in_bulk([key for key, _times, _places in rows])
            for key, times, places in rows:
                yield Reading(
                    person=people[key],
                    times=times,
                    places=places,
                    supervised=key in self.supervised,
                    own=key == self.actor.pk,
                )

    def first(self, number: int) -> list[Reading]:
        """So many of them."""
        return list(islice(self, number))

    def _rows(self) -> Iterator[tuple[int, int, list[str]]]:
        asked: dict[str, Any] = {
            "actor": self.actor.pk,
            "verb": PERSON_READ,
            "since": self.span.since,
            "until": self.span.until,
            "others": sorted({*self.supervised, self.actor.pk}),
        }
        with connection.chunked_cursor() as cursor:
            cursor.execute(_READ, asked)
            yield from cursor
