"""What an import did, and the lock under which imports run."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db import connection

from exchange.files import Fault

BATCH: Final = 5_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of an import. A second run of the same file has only `unchanged`.

    For a roster the first three count people and `ended` counts postings that came to their end.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    warnings: tuple[Fault, ...] = ()

    @property
    def wrote(self) -> bool:
        """Whether anything differs from before."""
        return bool(self.created or self.changed or self.ended)


@dataclass(frozen=True, slots=True)
class Standing:
    """A posting as the imports compare it: `since` is its first day, `until` the day after its last."""

    pk: int
    user_id: int
    position_id: int
    kind: str
    since: datetime.date
    until: datetime.date | None

    def covers(self, on: datetime.date) -> bool:
        """Whether it is in force on the date."""
        return self.since <= on and (self.until is None or on < self.until)


def lock_organization() -> None:
    """Wait for other writers of units, posts and postings, then keep them out until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE organization_unit, organization_position, organization_posting"
            " IN SHARE ROW EXCLUSIVE MODE"
        )


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Slices that fit into one statement."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
