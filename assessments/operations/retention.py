"""Destruction by schedule, and what suspends it. How old is old enough, the database decides."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from assessments.errors import AlreadyHeld, NotHeld
from assessments.files import vault
from assessments.models import Cycle, LegalHold
from assessments.queries.retention import OF_CYCLES, closed_cycles, cycles_with_history_left
from audit.enums import RetentionKind
from audit.models import Destruction
from audit.operations import record, renew_digests
from audit.queries import digest_of_proof

BATCH: Final = 500
"""Assessments in one transaction; what a killed run leaves, the next one finds."""
HISTORY_BATCH: Final = 20_000
"""Lines of answers' history looked at in one transaction."""
OF_NO_CYCLE: Final = (
    "SELECT organization_destroy_corrections(%s, %s)",
    "SELECT accounts_destroy_traces(%s, %s)",
)

Progress = Callable[[Destruction], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was destroyed, and whether the time sufficed for all that was due."""

    destructions: list[Destruction]
    finished: bool


class _Run:
    """One run: who, how long it may take, and what it has destroyed so far."""

    def __init__(self, by: User | None, seconds: float | None, progress: Progress) -> None:
        self.actor = (by.pk, str(by)) if by else (None, "")
        self.by = by
        self.ends_at = None if seconds is None else time.monotonic() + seconds
        self.progress = progress
        self.done: list[Destruction] = []

    @property
    def seconds_left(self) -> float | None:
        """How long it may still take; None: as long as it takes."""
        return None if self.ends_at is None else self.ends_at - time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether its time is up."""
        return self.seconds_left is not None and self.seconds_left <= 0

    def note(self, pk: int | None) -> None:
        """Put a destruction on record, in its own transaction."""
        if pk is None:
            return
        made = Destruction.objects.get(pk=pk)
        if made.rows:
            record(
                "data.destroyed",
                by=self.by,
                subject=made,
                kind=made.kind,
                cycle=made.cycle,
                rows=made.rows,
                digest=made.digest,
                proof=digest_of_proof(made.pk),
            )
            self.done.append(made)
            self.progress(made)


def destroy_expired(
    *, by: User | None, seconds: float | None = None, progress: Progress = lambda _: None
) -> Outcome:
    """Destroy what is older than the schedule allows, batch by batch, for at most so many seconds.

    Runs beside one another take turns; each row goes once, and each batch leaves a `Destruction` and an
    event; digests of the history that is left are made anew at the end. Files of evidence go after the
    commit; those a crash leaves are swept like any without a row.
    """
    run = _Run(by, seconds, progress)
    for kind in OF_CYCLES:
        for cycle in closed_cycles(kind):
            while not run.is_over and _destroy_batch(run, kind, cycle):
                pass
    for cycle in cycles_with_history_left():
        after: int | None = 0
        while after is not None and not run.is_over:
            after = _destroy_history(run, cycle, after)
    for statement in OF_NO_CYCLE:
        if not run.is_over:
            _destroy_at_once(run, statement)
    renew_digests(seconds=run.seconds_left)
    return Outcome(run.done, finished=not run.is_over)


@transaction.atomic
def place_hold(
    *, reason: str, by: User | None, cycle: Cycle | None = None, person: User | None = None
) -> LegalHold:
    """Suspend destruction of a cycle or of a person's assessments. Raises AlreadyHeld.

    A batch under way is waited for, so that what the hold finds stays.
    """
    hold, is_new = LegalHold.objects.get_or_create(
        cycle=cycle, person=person, lifted_at=None, defaults={"reason": reason}
    )
    if not is_new:
        raise AlreadyHeld
    record("hold.placed", by=by, subject=hold, **_whom(hold), reason=reason)
    return hold


@transaction.atomic
def lift_hold(
    *, by: User | None, cycle: Cycle | None = None, person: User | None = None
) -> LegalHold:
    """Let the schedule go on from the next run. Raises NotHeld."""
    standing = LegalHold.objects.select_for_update().filter(lifted_at__isnull=True)
    hold = standing.filter(cycle=cycle, person=person).first()
    if hold is None:
        raise NotHeld
    hold.lifted_at = timezone.now()
    hold.save(update_fields=["lifted_at"])
    record("hold.lifted", by=by, subject=hold, **_whom(hold))
    return hold


def _whom(hold: LegalHold) -> dict[str, object]:
    return {"cycle": hold.cycle.code if hold.cycle else "", "person": hold.person_id}


@transaction.atomic
def _destroy_batch(run: _Run, kind: RetentionKind, cycle: Cycle) -> bool:
    """Whether there was something to destroy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT destruction, files FROM assessments_destroy(%s, %s, %s, %s, %s)",
            [kind, cycle.pk, BATCH, *run.actor],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    run.note(row[0])
    transaction.on_commit(lambda: _discard(row[1] or []), robust=True)
    return True


def _discard(keys: list[str]) -> None:
    for key in keys:
        vault.discard(key)


@transaction.atomic
def _destroy_history(run: _Run, cycle: Cycle, after: int) -> int | None:
    """Where the next batch begins; None at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last, destruction FROM assessments_destroy_history(%s, %s, %s, %s, %s)",
            [cycle.pk, after, HISTORY_BATCH, *run.actor],
        )
        last, destruction = cursor.fetchone()
    run.note(destruction)
    return int(last) if last is not None else None


@transaction.atomic
def _destroy_at_once(run: _Run, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(run.actor))
        run.note(cursor.fetchone()[0])
