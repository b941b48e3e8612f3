"""Keeping the read models: recomputed for units that changed, never added to; and proving it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Cycle, CycleUnit
from assessments.queries import scheme_of
from assessments.scoring import Scheme
from dashboards.models import UnitSnapshot
from dashboards.queries import misscored_units, own_tallies, recomputed_tallies
from dashboards.rollup import Tally, roll_up
from dashboards.suppression import Disclosure, Group, disclose, grades_of, release

LOCK_CLASS: Final = 0x5052494D
"""First half of the advisory lock's key; the second is the cycle. One refresher for each cycle."""

_TAKE_STALE = """
    DELETE FROM assessments_staleunit WHERE id IN (
        SELECT stale.id FROM assessments_staleunit stale
        JOIN assessments_cycleunit unit ON unit.id = stale.unit_id
        WHERE unit.cycle_id = %s
        FOR UPDATE OF stale SKIP LOCKED
    ) RETURNING unit_id
"""


@transaction.atomic
def refresh(*, cycle: Cycle) -> int:
    """Recompute the units that changed, and those above them; returns how many snapshots changed.

    Safe to run at any time and any number of times. While somebody else refreshes the same cycle it
    does nothing: the rows it leaves are found by the next run.
    """
    if not _holds_lock(cycle):
        return 0
    stale = _take_stale(cycle)
    if not stale:
        return 0
    parents = _parents(cycle)
    snapshots = _snapshots(cycle)
    if snapshots.keys() != parents.keys():
        return _rebuild(cycle, parents, snapshots)
    own = {unit: Tally.from_json(snapshot.own) for unit, snapshot in snapshots.items()}
    own |= dict.fromkeys(stale, Tally()) | own_tallies(cycle, stale)
    subtree = _roll_up_changed(parents, own, snapshots, stale)
    shown = _disclosures(parents, own)
    for unit, snapshot in snapshots.items():
        if unit not in subtree and _grades(snapshot) != _grades_shown(unit, shown):
            subtree[unit] = Tally.from_json(snapshot.subtree)
    return _store(snapshots, _documents(scheme_of(cycle.instrument_id), own, subtree, shown))


@transaction.atomic
def rebuild(*, cycle: Cycle) -> int:
    """Recompute a whole cycle from its scores; returns how many snapshots changed."""
    _wait_for_lock(cycle)
    _take_stale(cycle)
    return _rebuild(cycle, _parents(cycle), _snapshots(cycle))


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of `verify`: units compared, and those that differ as "name (code)"."""

    units: int
    differing: tuple[str, ...]


@transaction.atomic
def verify(*, cycle: Cycle) -> Verification:
    """Compare what is stored with a recompute from raw answers; changes nothing.

    A unit differs when its snapshot is missing or not equal to the recompute, or when a stored score
    of its people is not what their answers score. Changes that no refresh has seen yet differ, too.
    """
    _wait_for_lock(cycle)
    snapshots = _snapshots(cycle)
    parents = _parents(cycle)
    own = {unit: Tally() for unit in parents} | recomputed_tallies(cycle)
    scheme = scheme_of(cycle.instrument_id)
    expected = _documents(scheme, own, roll_up(parents, own), _disclosures(parents, own))
    differing = misscored_units(cycle) | {
        unit
        for unit, documents in expected.items()
        if unit not in snapshots or _stored(snapshots[unit]) != documents
    }
    # Names repeat in a government (each dinas has its Sekretariat), codes do not.
    named = CycleUnit.objects.filter(pk__in=differing).values_list("name", "unit__code")
    return Verification(
        units=len(expected), differing=tuple(f"{name} ({code})" for name, code in named)
    )


def _holds_lock(cycle: Cycle) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, cycle.pk])
        return bool(cursor.fetchone()[0])


def _wait_for_lock(cycle: Cycle) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, cycle.pk])


def _take_stale(cycle: Cycle) -> set[int]:
    """Units that acts have marked; a mark made by a transaction still under way stays for later."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_STALE, [cycle.pk])
        return {unit for (unit,) in cursor.fetchall()}


def _parents(cycle: Cycle) -> dict[int, int | None]:
    """Parents of all units, in preorder."""
    return dict(CycleUnit.objects.filter(cycle=cycle).order_by("first").values_list("pk", "parent"))


def _snapshots(cycle: Cycle) -> dict[int, UnitSnapshot]:
    return UnitSnapshot.objects.filter(unit__cycle=cycle).in_bulk()


def _roll_up_changed(
    parents: Mapping[int, int | None],
    own: Mapping[int, Tally],
    snapshots: Mapping[int, UnitSnapshot],
    changed: Iterable[int],
) -> dict[int, Tally]:
    """Subtree tallies of the changed units and all above; what lies beside the way is read, not summed."""
    way = set()
    for unit in changed:
        step: int | None = unit
        while step is not None and step not in way:
            way.add(step)
            step = parents[step]
    beside: dict[int, Tally] = {}
    for unit, parent in parents.items():
        if parent in way and unit not in way:
            known = Tally.from_json(snapshots[unit].subtree)
            beside[parent] = beside.get(parent, Tally()) + known
    return roll_up({unit: parent for unit, parent in parents.items() if unit in way}, own, beside)


def _rebuild(
    cycle: Cycle, parents: Mapping[int, int | None], snapshots: Mapping[int, UnitSnapshot]
) -> int:
    own = {unit: Tally() for unit in parents} | own_tallies(cycle)
    shown = _disclosures(parents, own)
    documents = _documents(scheme_of(cycle.instrument_id), own, roll_up(parents, own), shown)
    return _store(snapshots, documents)


Shown = Mapping[str, Mapping[Group, Disclosure]]
"""What is shown of each group, by source."""


def _disclosures(parents: Mapping[int, int | None], own: Mapping[int, Tally]) -> Shown:
    return {
        source: disclose(parents, own, source=source, k=settings.MIN_GROUP)
        for source in ScoreKind.values
    }


def _grades_shown(unit: int, shown: Shown) -> list[Disclosure | None]:
    return [
        shown[source].get(Group(unit, own=own))
        for source in ScoreKind.values
        for own in (False, True)
    ]


def _grades(snapshot: UnitSnapshot) -> list[Disclosure | None]:
    """What a stored snapshot shows, as `_grades_shown` says what it should show."""
    return [
        grades_of(snapshot.disclosed[part][source])
        for source in ScoreKind.values
        for part in ("subtree", "own")
    ]


def _documents(
    scheme: Scheme, own: Mapping[int, Tally], subtree: Mapping[int, Tally], shown: Shown
) -> dict[int, dict[str, Any]]:
    """What the snapshots of the units in `subtree` should hold."""

    def released(group: Group, tally: Tally) -> dict[str, Any]:
        return {
            source: release(tally, shown[source].get(group), source=source, scheme=scheme)
            for source in ScoreKind.values
        }

    return {
        unit: {
            "own": own[unit].to_json(),
            "subtree": tally.to_json(),
            "disclosed": {
                "own": released(Group(unit, own=True), own[unit]),
                "subtree": released(Group(unit), tally),
            },
        }
        for unit, tally in subtree.items()
    }


def _store(snapshots: Mapping[int, UnitSnapshot], documents: Mapping[int, dict[str, Any]]) -> int:
    """Write the snapshots that differ, and drop none: units of a cycle never go away."""
    now = timezone.now()
    changed = [
        UnitSnapshot(unit_id=unit, refreshed_at=now, **document)
        for unit, document in documents.items()
        if unit not in snapshots or _stored(snapshots[unit]) != document
    ]
    UnitSnapshot.objects.bulk_create(
        changed,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["unit"],
        update_fields=["own", "subtree", "disclosed", "refreshed_at"],
    )
    return len(changed)


def _stored(snapshot: UnitSnapshot) -> dict[str, Any]:
    return {"own": snapshot.own, "subtree": snapshot.subtree, "disclosed": snapshot.disclosed}
