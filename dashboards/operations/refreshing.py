"""Recomputing the read models: of units that changed and those above them, or of a whole cycle."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from assessments.errors import CycleDestroyed
from assessments.models import Cycle, CycleUnit
from assessments.queries.retention import destroyed_at
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations.releasing import settle
from dashboards.operations.remembering import remember
from dashboards.operations.renewing import Work
from dashboards.operations.storing import store
from dashboards.queries import participation
from dashboards.suppression import Place, plan

LOCK_CLASS: Final = 0x5052494D
"""First half of the advisory lock's key; the second is the cycle. One refresher for each cycle."""

Progress = Callable[[str], None]

_TAKE_STALE = """
    DELETE FROM assessments_staleunit WHERE id IN (
        SELECT stale.id FROM assessments_staleunit stale
        JOIN assessments_cycleunit unit ON unit.id = stale.unit_id
        WHERE unit.cycle_id = %s
        FOR UPDATE OF stale SKIP LOCKED
    ) RETURNING unit_id
"""
# Blocks of the marked units, and blocks beside them whose people are held until others hide them.
_TOUCHED = """
    WITH marked AS (
        SELECT DISTINCT block, above FROM dashboards_unitrelease
        WHERE unit_id = ANY(%(stale)s) AND block IS NOT NULL
    ), touched AS (
        SELECT block FROM marked
        UNION
        SELECT release.block FROM dashboards_unitrelease release
        JOIN marked USING (above) WHERE cardinality(release.held) > 0
    )
    SELECT unit_id FROM dashboards_unitrelease JOIN touched USING (block)
"""
_WAY = """
    WITH RECURSIVE way AS (
        SELECT id, parent_id, first FROM assessments_cycleunit WHERE id = ANY(%(units)s)
        UNION
        SELECT above.id, above.parent_id, above.first
        FROM assessments_cycleunit above JOIN way ON way.parent_id = above.id
    )
    SELECT id, parent_id FROM way ORDER BY first
"""
_MISSING = """
    SELECT EXISTS (
        SELECT FROM assessments_cycleunit unit
        LEFT JOIN dashboards_unitrelease release ON release.unit_id = unit.id
        LEFT JOIN dashboards_unitsnapshot snapshot ON snapshot.unit_id = unit.id
        WHERE unit.cycle_id = %(cycle)s AND (release.unit_id IS NULL OR snapshot.unit_id IS NULL)
    )
"""


def refresh(*, cycle: Cycle) -> int:
    """Recompute the units that changed, and those above them; returns how many snapshots changed.

    Safe to run at any time and any number of times. While somebody else refreshes the same cycle it
    does nothing: the rows it leaves are found by the next run. Once people's data were destroyed by
    schedule, figures stay as they are.
    """
    with one_moment():
        is_alone = _read("SELECT pg_try_advisory_xact_lock(%(class)s, %(cycle)s)", cycle)[0][0]
        return _refresh(cycle) if is_alone else 0


def _refresh(cycle: Cycle) -> int:
    stale = _take_stale(cycle)
    if not stale or destroyed_at(cycle):
        return 0
    if _read(_MISSING, cycle)[0][0]:
        return _rebuild(cycle)
    units = stale | {unit for (unit,) in _read(_TOUCHED, cycle, stale=list(stale))}
    parents = dict(_read(_WAY, cycle, units=list(units)))
    releases = UnitRelease.objects.defer(*ARRAYS).in_bulk(list(parents))
    snapshots = UnitSnapshot.objects.in_bulk(list(parents))
    settled = settle(cycle, {unit: releases[unit] for unit in units}, units)
    remember(cycle, settled.moves, units)
    return store(Work(cycle, parents, releases, snapshots).renewed(settled))


def rebuild(*, cycle: Cycle, dry_run: bool = False, progress: Progress = lambda _: None) -> int:
    """Recompute a whole cycle from its scores; returns how many snapshots changed, or would with `dry_run`.

    What has been shown stays as it was remembered; what was chosen once is not chosen anew. `progress` is told
    the code of each step. Raises CycleDestroyed.
    """
    with in_turn(cycle):
        require_whole(cycle)
        _take_stale(cycle)
        changed = _rebuild(cycle, progress)
        transaction.set_rollback(dry_run)
        return changed


def _rebuild(cycle: Cycle, progress: Progress = lambda _: None) -> int:
    progress("reading")
    parents = parents_of(cycle)
    releases = _planned(cycle, parents)
    progress("counting")
    settled = settle(cycle, releases)
    remember(cycle, settled.moves)
    progress("adding")
    renewed = Work(cycle, parents, releases).renewed(settled)
    progress("writing")
    return store(renewed)


ARRAYS: Final = ("entered", "pooled_above", "held", "gone")
FIGURES: Final = ("own", "pooled", "subtree")


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction whose statements all see what the first one saw.

    A score that came between reading figures and writing down what they are made of would be remembered as shown,
    and the next refresh would tell it alone, by difference.
    """
    # Only the transaction of a test can be around this one, and has begun already.
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(durable=True):
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def in_turn(cycle: Cycle) -> Iterator[None]:
    """One moment in which nobody else refreshes the cycle, once that is so.

    Waited for beforehand: a transaction that waits goes on to see what was before. Where somebody else comes in
    between all the same and writes the same rows, PostgreSQL ends this one.
    """
    with transaction.atomic():
        _wait_for_lock(cycle)
    with one_moment():
        _wait_for_lock(cycle)
        yield


def _wait_for_lock(cycle: Cycle) -> None:
    _read("SELECT pg_advisory_xact_lock(%(class)s, %(cycle)s)::text", cycle)


def require_whole(cycle: Cycle) -> None:
    """Raises CycleDestroyed where the answers of the cycle, or some of them, are no longer there."""
    if at := destroyed_at(cycle):
        raise CycleDestroyed(at)


def parents_of(cycle: Cycle) -> dict[int, int | None]:
    """Parents of all units, in preorder."""
    return dict(CycleUnit.objects.filter(cycle=cycle).order_by("first").values_list("pk", "parent"))


def releases_of(cycle: Cycle, without: tuple[str, ...] = ARRAYS) -> dict[int, UnitRelease]:
    """All that is remembered of a cycle by unit, without the scores themselves."""
    return UnitRelease.objects.filter(unit__cycle=cycle).defer(*without).in_bulk()


def _read(statement: str, cycle: Cycle, **parameters: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"class": LOCK_CLASS, "cycle": cycle.pk, **parameters})
        return list(cursor.fetchall())


def _take_stale(cycle: Cycle) -> set[int]:
    """Units that acts have marked; a mark made by a transaction still under way stays for later."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_STALE, [cycle.pk])
        return {unit for (unit,) in cursor.fetchall()}


def _planned(cycle: Cycle, parents: Mapping[int, int | None]) -> dict[int, UnitRelease]:
    """What is remembered of every unit; where nothing is, blocks are chosen. Units that come later have none."""
    releases = releases_of(cycle, without=(*ARRAYS, *FIGURES))
    missing = parents.keys() - releases.keys()
    if not missing:
        return releases
    if releases:
        places = dict.fromkeys(missing, Place())
    else:
        invited = {unit: people.invited for unit, people in participation(cycle, None).items()}
        places = plan(parents, invited, k=settings.MIN_GROUP)
    rows = [
        UnitRelease(
            unit_id=unit,
            block=place.block,
            above=place.above,
            shows_own=place.shows_own,
            shows_subtree=place.shows_subtree,
        )
        for unit, place in places.items()
    ]
    UnitRelease.objects.bulk_create(rows, batch_size=5_000)
    return releases | {row.unit_id: row for row in rows}
