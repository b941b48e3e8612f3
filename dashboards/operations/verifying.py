"""Proving the read models from raw answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assessments.models import Cycle, CycleUnit
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations.refreshing import (
    in_turn,
    parents_of,
    releases_of,
    require_whole,
)
from dashboards.operations.releasing import settle
from dashboards.operations.renewing import Documents, Work
from dashboards.queries import misscored_units, recomputed_tallies
from dashboards.rollup import Tally


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of `verify`: units compared, and those that differ as "name (code)"."""

    units: int
    differing: tuple[str, ...]


def verify(*, cycle: Cycle, progress: Callable[[str], None] = lambda _: None) -> Verification:
    """Compare what is stored with a recompute from raw answers; changes nothing.

    A unit differs when its snapshot is missing or not equal to the recompute; when what is shown is not made of
    exactly the remembered scores; when scores wait that should have entered; or when a stored score of its
    people is not what their answers score. Changes that no refresh has seen yet differ, too.
    Raises CycleDestroyed.
    """
    with in_turn(cycle):
        return _verify(cycle, progress)


def _verify(cycle: Cycle, progress: Callable[[str], None]) -> Verification:
    require_whole(cycle)
    progress("reading")
    parents = parents_of(cycle)
    releases = releases_of(cycle)
    snapshots = UnitSnapshot.objects.filter(unit__cycle=cycle).in_bulk()
    differing = set(parents.keys() - (releases.keys() & snapshots.keys()))
    progress("scoring")
    differing |= misscored_units(cycle)
    if parents.keys() == releases.keys():
        progress("counting")
        raw = recomputed_tallies(cycle)
        settled = settle(cycle, releases)
        waiting = {block for block, _ in settled.moves}
        differing |= {unit for unit, row in releases.items() if row.block in waiting}
        live = {unit: raw.get(unit, Tally()) for unit in parents}
        if not waiting:
            expected = Work(cycle, parents, releases).renewed(replace(settled, live=live))
            differing |= _differing(expected.releases, releases)
            differing |= _differing(expected.snapshots, snapshots)
        else:
            differing |= {
                unit
                for unit, tally in live.items()
                if unit not in snapshots or snapshots[unit].own != tally.to_json()
            }
    # Names repeat in a government (each dinas has its Sekretariat), codes do not.
    named = CycleUnit.objects.filter(pk__in=differing).values_list("name", "unit__code")
    return Verification(
        units=len(parents), differing=tuple(f"{name} ({code})" for name, code in named)
    )


def _differing(
    expected: Documents, rows: Mapping[int, UnitRelease] | Mapping[int, UnitSnapshot]
) -> set[int]:
    return {
        unit
        for unit, document in expected.items()
        if unit not in rows
        or any(getattr(rows[unit], name) != value for name, value in document.items())
    }
