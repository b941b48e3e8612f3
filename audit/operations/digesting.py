"""Digests over the lines of row history, under the chain of events (ADR 0027)."""

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import structlog
from django.db import connection, models, transaction

from audit.models import DestroyedLine, Event, RowHistory
from audit.queries.history import (
    DIGESTED,
    LINES_IN_A_RANGE,
    Range,
    columns_of,
    digests_on_record,
    histories,
    last_digested,
    last_given,
    measure,
    tracked_label,
)
from audit.queries.verifying import HISTORY_LOCK, fits

RANGES_AT_ONCE: Final = 20
"""Digests in one transaction."""
PATIENCE: Final = 5.0
"""Seconds in which writers of history may end before their lines are digested."""
_WRITERS = """
    SELECT relation::regclass::text, virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation = ANY (%s::regclass[]::oid[]) AND pid IS DISTINCT FROM pg_backend_pid()
"""

logger = structlog.get_logger(__name__)


def digest_history(*, patience: float = PATIENCE, seconds: float | None = None) -> int:
    """Put the lines of history that came since the last time under digests; returns how many digests.

    Lines count once everybody who wrote any of them has ended; who takes longer than `patience` is left to
    the next time. `seconds` ends the work between two transactions.
    """
    ends_at = None if seconds is None else time.monotonic() + seconds
    ends = settled_ends(patience)
    made = 0
    for history, end in ends.items():
        part = RANGES_AT_ONCE
        while part == RANGES_AT_ONCE and (ends_at is None or time.monotonic() < ends_at):
            part = _digest_part(history, end)
            made += part
    return made


def renew_digests(*, seconds: float | None = None) -> int:
    """Make digests anew from whose ranges a schedule let lines go; returns how many.

    One that does not fit what is left and what went stays as it is: `audit_verify` names it. `seconds` ends
    the work between two transactions; the next call goes on.
    """
    ends_at = None if seconds is None else time.monotonic() + seconds
    made = 0
    for history in histories():
        beyond: int | None = 0
        while beyond is not None and (ends_at is None or time.monotonic() < ends_at):
            beyond, part = _renew_part(history, beyond)
            made += part
    return made


def settled_ends(patience: float) -> dict[type[RowHistory], int]:
    """The last key of each history that was given out, all up to it written or never to be.

    Keys are given in order, but committed in any: a lower one may still come. Whoever was given one holds
    the table's lock until the end of the transaction, so we note who holds it and wait for them, not for
    those who come later. Nobody waits for us. A history whose writers do not end in time is left out.
    """
    ends = {history: last_given(history) for history in histories()}
    ends_at = time.monotonic() + patience
    writers = _writers_of(ends)
    late = writers
    while late and time.monotonic() < ends_at:
        time.sleep(0.05)
        late = writers & _writers_of(ends)
    unsettled = {table for table, _who in late}
    if unsettled:
        logger.warning("history.unsettled", tables=sorted(unsettled))
    return {
        history: end for history, end in ends.items() if history._meta.db_table not in unsettled
    }


def _writers_of(histories: Iterable[type[RowHistory]]) -> set[tuple[str, str]]:
    """(table, transaction) of everybody else who is writing there."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [[history._meta.db_table for history in histories]])
        return set(cursor.fetchall())


def _lock_history() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HISTORY_LOCK])


@transaction.atomic
def _digest_part(history: type[RowHistory], end: int) -> int:
    """Digest the next lines up to `end`; returns how many digests that took."""
    _lock_history()
    columns = columns_of(history._meta.db_table)
    after, made = last_digested(history), 0
    while made < RANGES_AT_ONCE and (after or 0) < end:
        found = measure(history, after, end, with_gone=False, most=LINES_IN_A_RANGE)
        if not found.rows or found.since is None or found.last is None:
            break
        through = found.last if found.rows == LINES_IN_A_RANGE else end
        since = found.since.isoformat()
        part = Range(after, through, found.rows, found.lines_digest, since, tuple(columns))
        _record_range(history, part)
        # What was destroyed before it came under any digest proves nothing.
        _gone_from(history, part).delete()
        after, made = through, made + 1
    return made


@transaction.atomic
def _renew_part(history: type[RowHistory], beyond: int) -> tuple[int | None, int]:
    """Renew digests of ranges after a line: where to go on (None at the end), and how many were renewed."""
    _lock_history()
    gone = DestroyedLine.objects.filter(history=history._meta.db_table)
    if not gone.filter(line__gt=beyond).exists():
        return None, 0
    made = 0
    for sealed in digests_on_record(history):
        old = sealed.range
        if old.through <= beyond or not _gone_from(history, old).exists():
            continue
        if made == RANGES_AT_ONCE:
            return beyond, made
        beyond = old.through
        if fits(history, sealed):
            left = measure(history, old.after, old.through, columns=old.columns, with_gone=False)
            destroyed = old.rows - left.rows
            new = replace(old, rows=left.rows, lines_digest=left.lines_digest, destroyed=destroyed)
            _record_range(history, new)
            _gone_from(history, old).delete()
            made += 1
    return None, made


def _gone_from(history: type[RowHistory], part: Range) -> models.QuerySet[DestroyedLine]:
    gone = DestroyedLine.objects.filter(history=history._meta.db_table, line__lte=part.through)
    return gone if part.after is None else gone.filter(line__gt=part.after)


def _record_range(history: type[RowHistory], part: Range) -> None:
    Event.objects.create(
        verb=DIGESTED,
        subject_type=tracked_label(history),
        subject_id=history._meta.db_table,
        data=part.to_data(),
    )
