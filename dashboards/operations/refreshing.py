"""Recomputing the read models: of units that changed and those above them, or of a whole cycle."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Cycle, CycleUnit
from assessments.queries import scheme_of
from assessments.scoring import Scheme
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations.releasing import Own, Settled, settle
from dashboards.queries import participation, remember
from dashboards.rollup import Tally
from dashboards.suppression import Place, State, plan, release

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


@transaction.atomic
def refresh(*, cycle: Cycle) -> int:
    """Recompute the units that changed, and those above them; returns how many snapshots changed.

    Safe to run at any time and any number of times. While somebody else refreshes the same cycle it
    does nothing: the rows it leaves are found by the next run.
    """
    if not _read("SELECT pg_try_advisory_xact_lock(%(class)s, %(cycle)s)", cycle)[0][0]:
        return 0
    stale = _take_stale(cycle)
    if not stale:
        return 0
    if _read(_MISSING, cycle)[0][0]:
        return _rebuild(cycle)
    units = stale | {unit for (unit,) in _read(_TOUCHED, cycle, stale=list(stale))}
    parents = dict(_read(_WAY, cycle, units=list(units)))
    releases = UnitRelease.objects.defer(*ARRAYS).in_bulk(list(parents))
    snapshots = UnitSnapshot.objects.in_bulk(list(parents))
    settled = settle(cycle, {unit: releases[unit] for unit in units}, units)
    remember(cycle, settled.moves, units)
    work = Work(cycle, parents, releases, snapshots)
    return store(work, work.renewed(settled))


@transaction.atomic
def rebuild(*, cycle: Cycle, progress: Progress = lambda _: None) -> int:
    """Recompute a whole cycle from its scores; returns how many snapshots changed.

    What has been shown stays as it was remembered; what was chosen once is not chosen anew. `progress` is told
    the code of each step.
    """
    wait_for_lock(cycle)
    _take_stale(cycle)
    return _rebuild(cycle, progress)


def _rebuild(cycle: Cycle, progress: Progress = lambda _: None) -> int:
    progress("reading")
    parents = parents_of(cycle)
    releases = _planned(cycle, parents)
    progress("counting")
    settled = settle(cycle, releases)
    remember(cycle, settled.moves)
    progress("adding")
    work = Work(cycle, parents, releases, snapshots_of(cycle), afresh=True)
    documents = work.renewed(settled)
    progress("writing")
    return store(work, documents)


ARRAYS: Final = ("entered", "pooled_above", "held", "gone")


def wait_for_lock(cycle: Cycle) -> None:
    """Wait until nobody else refreshes the cycle; the lock ends with the transaction."""
    _read("SELECT pg_advisory_xact_lock(%(class)s, %(cycle)s)::text", cycle)


def parents_of(cycle: Cycle) -> dict[int, int | None]:
    """Parents of all units, in preorder."""
    return dict(CycleUnit.objects.filter(cycle=cycle).order_by("first").values_list("pk", "parent"))


def snapshots_of(cycle: Cycle) -> dict[int, UnitSnapshot]:
    """All snapshots of a cycle by unit."""
    return UnitSnapshot.objects.filter(unit__cycle=cycle).in_bulk()


def releases_of(cycle: Cycle) -> dict[int, UnitRelease]:
    """All that is remembered of a cycle by unit, without the scores themselves."""
    return UnitRelease.objects.filter(unit__cycle=cycle).defer(*ARRAYS).in_bulk()


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
    releases = releases_of(cycle)
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


class Work:
    """Rows of units and of all above them, and what they become; `afresh` sums from nothing."""

    def __init__(
        self,
        cycle: Cycle,
        parents: Mapping[int, int | None],
        releases: dict[int, UnitRelease],
        snapshots: dict[int, UnitSnapshot],
        *,
        afresh: bool = False,
    ) -> None:
        self.scheme: Scheme = scheme_of(cycle.instrument_id)
        self.parents = parents
        self.releases = releases
        self.snapshots = snapshots
        self.afresh = afresh
        self.changed: set[int] = set()

    def renewed(self, settled: Settled) -> dict[int, dict[str, Any]]:
        """Write into `releases`, and return what the snapshots should hold.

        Own figures are recomputed; what changed of them is carried to those above, exactly.
        """
        live = dict.fromkeys(self.parents, Tally())
        exact = dict.fromkeys(self.parents, Tally())
        apart = dict.fromkeys(self.parents, Tally())
        pooled: dict[int, Tally] = defaultdict(Tally)
        for unit, tally in settled.live.items():
            row = self.releases[unit]
            before = _own_of(row) if not self.afresh else {}
            after = settled.own.get(unit, {})
            live[unit] = tally - self._live(unit, "own")
            exact[unit] = _state(after, State.ENTERED) - _state(before, State.ENTERED)
            apart[unit] = _apart(after) - _apart(before)
            moved = _state(after, State.POOLED) - _state(before, State.POOLED)
            if row.above and moved.figures:
                pooled[row.above] = pooled[row.above] + moved
            self._set(
                row, own={state.value: each.to_json()["figures"] for state, each in after.items()}
            )
        for unit in self.parents if self.afresh else pooled:
            row = self.releases[unit]
            before_pooled = Tally() if self.afresh else _tally(row.pooled)
            exact[unit] = exact[unit] + pooled[unit]
            self._set(row, pooled=(before_pooled + pooled[unit]).to_json()["figures"])
        for unit in reversed(list(self.parents)):
            if (parent := self.parents[unit]) in live and parent is not None:
                for sums in (live, exact, apart):
                    sums[parent] = sums[parent] + sums[unit]
        self._mark(settled)
        return {
            unit: self._document(unit, settled, live[unit], exact[unit], apart[unit])
            for unit in self.parents
        }

    def _live(self, unit: int, part: str) -> Tally:
        snapshot = self.snapshots.get(unit)
        return (
            Tally() if self.afresh or snapshot is None else Tally.from_json(getattr(snapshot, part))
        )

    def _set(self, row: UnitRelease, **values: object) -> None:
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.changed.add(row.unit_id)

    def _mark(self, settled: Settled) -> None:
        """Say of moved blocks and of those above when they moved, and whether patterns met in them."""
        now = timezone.now().isoformat()
        blocks: dict[int, list[str]] = defaultdict(list)
        for block, kind in settled.moves:
            blocks[block].append(kind)
        below: dict[int, set[str]] = defaultdict(set)
        odd_below: dict[int, set[str]] = defaultdict(set)
        for unit in reversed(list(self.parents)):
            row = self.releases[unit]
            kinds = blocks.get(row.block or 0, [])
            odd = {kind for kind in kinds if (row.block, kind) in settled.odd}
            own_odd = {*row.odd.get("own", ()), *odd}
            below[unit] |= set(kinds)
            odd_below[unit] |= {*own_odd, *(() if self.afresh else row.odd.get("subtree", ()))}
            if (parent := self.parents[unit]) is not None:
                below[parent] |= below[unit]
                odd_below[parent] |= odd_below[unit]
            at = {
                part: {**row.released_at.get(part, {}), **dict.fromkeys(sorted(moved), now)}
                for part, moved in (("own", kinds), ("subtree", below[unit]))
            }
            self._set(row, odd={"own": sorted(own_odd), "subtree": sorted(odd_below[unit])})
            if below[unit] or kinds:
                self._set(row, released_at=at)

    def _document(
        self, unit: int, settled: Settled, live: Tally, exact: Tally, apart: Tally
    ) -> dict[str, Any]:
        row = self.releases[unit]
        own_live = settled.live.get(unit)
        own_json = own_live.to_json() if own_live is not None else self.snapshots[unit].own
        own_live = own_live if own_live is not None else Tally.from_json(own_json)
        own = settled.own[unit] if unit in settled.own else _own_of(row)
        live = self._live(unit, "subtree") + live
        if not self.afresh:
            exact = _tally(row.subtree.get("exact")) + exact
            apart = _tally(row.subtree.get("apart")) + apart
        self._set(
            row,
            subtree={
                name: tally.to_json()["figures"]
                for name, tally in (("exact", exact), ("apart", apart))
                if tally.figures
            },
        )
        return {
            "own": own_json,
            "subtree": live.to_json(),
            "disclosed": {
                "own": self._shown(row, "own", own_live, _state(own, State.ENTERED), _apart(own)),
                "subtree": self._shown(row, "subtree", live, exact, apart),
                "at": row.released_at,
            },
        }

    def _shown(
        self, row: UnitRelease, part: str, live: Tally, exact: Tally, apart: Tally
    ) -> dict[str, Any]:
        shows = row.shows_own if part == "own" else row.shows_subtree
        return {
            source: release(
                exact.of(source) if shows else {},
                apart.of(source) if shows else {},
                known=live.of(source),
                shows_total=source not in row.odd.get(part, ()),
                scheme=self.scheme,
            )
            for source in ScoreKind.values
        }


def _tally(figures: Mapping[str, Any] | None) -> Tally:
    return Tally.from_json({"people": (), "figures": figures or {}})


def _own_of(row: UnitRelease) -> Own:
    return {State(state): _tally(figures) for state, figures in row.own.items()}


def _state(own: Own, state: State) -> Tally:
    return own.get(state, Tally())


def _apart(own: Own) -> Tally:
    return _state(own, State.HELD) + _state(own, State.POOLED)


def store(work: Work, documents: Mapping[int, dict[str, Any]]) -> int:
    """Write what differs, and drop none: units of a cycle never go away."""
    now = timezone.now()
    changed = [
        UnitSnapshot(unit_id=unit, refreshed_at=now, **document)
        for unit, document in documents.items()
        if unit not in work.snapshots or stored(work.snapshots[unit]) != document
    ]
    UnitSnapshot.objects.bulk_create(
        changed,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["own", "subtree", "disclosed", "refreshed_at"],
    )
    _store_releases(work.releases[unit] for unit in sorted(work.changed))
    return len(changed)


def _store_releases(rows: Iterable[UnitRelease]) -> None:
    UnitRelease.objects.bulk_create(
        list(rows),
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["own", "pooled", "subtree", "odd", "released_at"],
    )


def stored(snapshot: UnitSnapshot) -> dict[str, Any]:
    """A snapshot's documents."""
    return {"own": snapshot.own, "subtree": snapshot.subtree, "disclosed": snapshot.disclosed}
