"""What the rows of units and of all above them become, once it is settled which scores count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Cycle
from assessments.queries import scheme_of
from assessments.scoring import Scheme
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations.releasing import Own, Settled
from dashboards.rollup import Tally, roll_up
from dashboards.suppression import State, release

Documents = dict[int, dict[str, Any]]
"""Columns of a row by unit."""

SOURCES = tuple(ScoreKind)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What the rows should hold: `snapshots` all figures as they are now, `releases` what has been shown."""

    snapshots: Documents
    releases: Documents


class Work:
    """Rows of units and of all above them, and what they become; without `snapshots` summed from nothing.

    Of `releases` summing from nothing reads neither `own` nor `pooled` nor `subtree`.
    """

    def __init__(
        self,
        cycle: Cycle,
        parents: Mapping[int, int | None],
        releases: Mapping[int, UnitRelease],
        snapshots: Mapping[int, UnitSnapshot] | None = None,
    ) -> None:
        self.scheme: Scheme = scheme_of(cycle.instrument_id)
        self.parents = parents
        self.releases = releases
        self.snapshots = snapshots or {}
        self.afresh = snapshots is None

    def renewed(self, settled: Settled) -> Renewed:
        """Own figures are recomputed; what changed of them is carried to those above, exactly."""
        live: dict[int, Tally] = {}
        exact: dict[int, Tally] = {}
        apart: dict[int, Tally] = {}
        pooled: dict[int, Tally] = defaultdict(Tally)
        for unit, tally in settled.live.items():
            row = self.releases[unit]
            before = {} if self.afresh else _own_of(row)
            after = settled.own.get(unit, {})
            live[unit] = tally - self._live(unit, "own")
            exact[unit] = _entered(after) - _entered(before)
            apart[unit] = _apart(after) - _apart(before)
            moved = _pooled(after) - _pooled(before)
            if row.above and moved.figures:
                pooled[row.above] += moved
        for unit, moved in pooled.items():
            exact[unit] = exact.get(unit, Tally()) + moved
        live, exact, apart = (roll_up(self.parents, part) for part in (live, exact, apart))
        releases = self._marked(settled)
        snapshots = {}
        for unit, remembered in releases.items():
            self._write_own(remembered, unit, settled, pooled)
            sums = live[unit], exact[unit], apart[unit]
            snapshots[unit] = self._document(unit, settled, remembered, *sums)
        return Renewed(snapshots, releases)

    def _live(self, unit: int, part: str) -> Tally:
        if self.afresh:
            return Tally()
        return Tally.from_json(getattr(self.snapshots[unit], part))

    def _marked(self, settled: Settled) -> Documents:
        """When blocks and those above have moved."""
        now = timezone.now().isoformat()
        blocks: dict[int, list[str]] = defaultdict(list)
        for block, kind in settled.moves:
            blocks[block].append(kind)
        below: dict[int, set[str]] = defaultdict(set)
        marked: Documents = {}
        for unit in reversed(list(self.parents)):
            row = self.releases[unit]
            kinds = blocks.get(row.block or 0, [])
            below[unit] |= set(kinds)
            if (parent := self.parents[unit]) is not None:
                below[parent] |= below[unit]
            at = {
                part: {**row.released_at.get(part, {}), **dict.fromkeys(sorted(moved), now)}
                for part, moved in (("own", kinds), ("subtree", below[unit]))
            }
            marked[unit] = {
                "odd": row.odd,
                "released_at": at if below[unit] else row.released_at,
            }
        return marked

    def _write_own(
        self, document: dict[str, Any], unit: int, settled: Settled, pooled: Mapping[int, Tally]
    ) -> None:
        row = self.releases[unit]
        if unit in settled.live:
            after = settled.own.get(unit, {})
            document["own"] = {state.value: _json(each) for state, each in after.items()}
        else:
            document["own"] = row.own
        if unit in pooled:
            before = Tally() if self.afresh else _tally(row.pooled)
            document["pooled"] = _json(before + pooled[unit])
        else:
            document["pooled"] = {} if self.afresh else row.pooled

    def _document(
        self,
        unit: int,
        settled: Settled,
        remembered: dict[str, Any],
        live: Tally,
        exact: Tally,
        apart: Tally,
    ) -> dict[str, Any]:
        row = self.releases[unit]
        if unit in settled.live:
            own_live, own = settled.live[unit], settled.own.get(unit, {})
            own_json = own_live.to_json()
        else:
            own_json, own = self.snapshots[unit].own, _own_of(row)
            own_live = Tally.from_json(own_json)
        if not self.afresh:
            live = self._live(unit, "subtree") + live
            exact = _tally(row.subtree.get("exact")) + exact
            apart = _tally(row.subtree.get("apart")) + apart
        sums = (("exact", exact), ("apart", apart))
        remembered["subtree"] = {name: _json(tally) for name, tally in sums if tally.figures}
        odd = remembered["odd"]
        return {
            "own": own_json,
            "subtree": live.to_json(),
            "disclosed": {
                "own": self._shown(
                    odd.get("own", ()), own_live, _entered(own), _apart(own), shows=row.shows_own
                ),
                "subtree": self._shown(
                    odd.get("subtree", ()), live, exact, apart, shows=row.shows_subtree
                ),
                "at": remembered["released_at"],
            },
        }

    def _shown(
        self, odd: Iterable[str], live: Tally, exact: Tally, apart: Tally, *, shows: bool
    ) -> dict[str, Any]:
        return {
            source.value: release(
                exact.of(source) if shows else {},
                apart.of(source) if shows else {},
                known=live.of(source),
                shows_total=source not in odd,
                scheme=self.scheme,
            )
            for source in SOURCES
        }


def _json(tally: Tally) -> dict[str, Any]:
    figures: dict[str, Any] = tally.to_json()["figures"]
    return figures


def _tally(figures: Mapping[str, Any] | None) -> Tally:
    return Tally.from_json({"people": (), "figures": figures or {}})


def _own_of(row: UnitRelease) -> Own:
    return {State(state): _tally(figures) for state, figures in row.own.items()}


def _entered(own: Own) -> Tally:
    return own.get(State.ENTERED, Tally())


def _pooled(own: Own) -> Tally:
    return own.get(State.POOLED, Tally())


def _apart(own: Own) -> Tally:
    return own.get(State.HELD, Tally()) + _pooled(own)
