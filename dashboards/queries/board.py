"""One unit's dashboard as rows: what page and exports are made of, so that they cannot differ.

Reads snapshots only, and of scores only what was released in them; nothing is summed here. How far
people are is no score: it is told at once, and of the groups that scores are told of.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format

from assessments.enums import ScoreKind
from assessments.models import CycleUnit
from assessments.queries import scheme_of
from assessments.queries.formulas import signed
from dashboards import charts
from dashboards.queries.released import (
    BandKey,
    Cell,
    Column,
    State,
    band_keys,
    cells_of,
    people_told,
)
from dashboards.rollup import TOTAL, Participation
from pillars.models import Band
from pillars.queries import questionnaire


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the heatmap: a unit with all below it, or (`is_own`) the people directly in a unit.

    `people` is None where the group is small, or would tell how far a small one is by what is told of others.
    `name` carries the unit's code where another line has the same name; `parent` is empty at the top.
    """

    pk: int
    name: str
    parent: str
    kind: str
    is_own: bool
    people: Participation | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A slot as people see themselves and as verified."""

    column: Column
    own: Cell
    verified: Cell

    @property
    def gap(self) -> Decimal | None:
        """Self minus verified; None where either is not shown."""
        if self.own.mean is None or self.verified.mean is None:
            return None
        return self.own.mean - self.verified.mean

    @property
    def distance(self) -> Decimal | None:
        """The gap without its sign."""
        return None if self.gap is None else abs(self.gap)

    @property
    def signed_gap(self) -> str:
        """The gap as text with its sign: `+2,30`, `−6,30`, `0,00`."""
        return "" if self.gap is None else signed(self.gap)


@dataclass(frozen=True, slots=True)
class CycleLink:
    """The same unit in a cycle that the reader may see, with its total there."""

    pk: int
    code: str
    name: str
    version: str
    instrument_id: int
    total: Cell


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of one unit in one cycle that the reader may see."""

    unit: CycleUnit
    crumbs: tuple[CycleUnit, ...]
    source: str
    columns: tuple[Column, ...]
    bands: tuple[BandKey, ...]
    whole: Row
    rows: tuple[Row, ...]
    comparisons: tuple[Comparison, ...]
    cycles: tuple[CycleLink, ...]
    refreshed_at: datetime.datetime | None
    released_at: datetime.datetime | None

    @property
    def covers(self) -> int:
        """How many people's scores the figures of the whole unit are made of."""
        return max((cell.n for cell in self.whole.cells), default=0)

    @property
    def lines(self) -> tuple[Row, ...]:
        """Lines of the heatmap: the whole unit, then its parts."""
        return (self.whole, *self.rows)

    @property
    def hides(self) -> bool:
        """Whether any figure of the heatmap is held back, so that the page says why."""
        held_back = (State.HIDDEN, State.BAND)
        return any(cell.state in held_back for row in self.lines for cell in row.cells)

    @property
    def has_distribution(self) -> bool:
        """Whether the distribution of any slot may be shown."""
        return any(cell.segments for cell in self.whole.cells)

    @property
    def compares(self) -> bool:
        """Whether self and verified are both shown in any slot."""
        return any(each.gap is not None for each in self.comparisons)

    @property
    def pillars(self) -> list[Cell]:
        """Pillars of the whole unit whose mean is shown, highest first."""
        shown = [
            cell for cell in self.whole.cells if not cell.column.is_total and cell.mean is not None
        ]
        return sorted(shown, key=lambda cell: cell.mean or 0, reverse=True)

    @property
    def widest_gap(self) -> Comparison | None:
        """The pillar in which self and verified are furthest apart."""
        told = [each for each in self.comparisons if each.gap and not each.column.is_total]
        return max(told, key=lambda each: each.distance or Decimal(0), default=None)

    @property
    def trend(self) -> charts.Trend | None:
        """The total over cycles, oldest first; None where fewer than two can be shown."""
        past = [
            charts.TrendValue(
                cycle.code,
                number_format(cycle.total.mean) if cycle.total.mean is not None else "",
                cycle.total.mean,
                cycle.instrument_id,
            )
            for cycle in reversed(self.cycles)
        ]
        shown = [value for value in past if value.value is not None]
        return charts.trend(past) if len(shown) > 1 else None


def board_of(unit: CycleUnit, *, visible: QuerySet[CycleUnit], source: str) -> Board:
    """Read a unit's dashboard in three queries, whatever the size of the tree below it.

    `visible` are the units that the reader may see; `source` says whose levels the heatmap shows.
    """
    instrument = unit.cycle.instrument_id
    pillars = questionnaire(instrument).pillars
    columns = (Column(TOTAL, ""), *(Column(pillar.code, pillar.name) for pillar in pillars))
    bands = _bands(instrument)
    itself, *children = _snapshots(unit)
    namesakes = Counter(child["name"] for child in children)

    def cells(snapshot: Mapping[str, Any], part: str, kind: str) -> tuple[Cell, ...]:
        return cells_of(_released(snapshot["disclosed"], part, kind), columns, bands)

    def row(snapshot: Mapping[str, Any], *, own: bool = False) -> Row:
        part = "own" if own else "subtree"
        return Row(
            snapshot["pk"],
            _name(snapshot, namesakes),
            snapshot["above"] or "",
            snapshot["kind"],
            own,
            Participation(*told) if (told := snapshot[f"{part}_told"]) else None,
            cells(snapshot, part, source),
        )

    parts = [itself] if children and itself["own_invited"] else []
    return Board(
        unit=unit,
        crumbs=_above(visible, unit),
        source=source,
        columns=columns,
        bands=bands,
        whole=row(itself),
        rows=(
            *(row(part, own=True) for part in parts),
            *(row(child) for child in children if child["invited"]),
        ),
        comparisons=_comparisons(
            columns,
            cells(itself, "subtree", ScoreKind.SELF),
            cells(itself, "subtree", ScoreKind.VERIFIED),
        ),
        cycles=_cycles(visible, unit, source),
        refreshed_at=itself["refreshed_at"],
        released_at=_released_at(itself["disclosed"], source),
    )


def _comparisons(
    columns: Sequence[Column], own: Sequence[Cell], verified: Sequence[Cell]
) -> tuple[Comparison, ...]:
    pairs = zip(columns, own, verified, strict=True)
    return tuple(Comparison(column, self_given, decided) for column, self_given, decided in pairs)


def _name(snapshot: Mapping[str, Any], namesakes: Mapping[str, int]) -> str:
    """What a line is called: with its code where another one has the same name."""
    name: str = snapshot["name"]
    return f"{name} ({snapshot['code']})" if namesakes[name] > 1 else name


def _above(visible: QuerySet[CycleUnit], unit: CycleUnit) -> tuple[CycleUnit, ...]:
    """Units above that the reader may see, outermost first."""
    above = visible.filter(cycle=unit.cycle, first__lt=unit.first, last__gte=unit.last)
    return tuple(above.select_related("cycle").order_by("first"))


@lru_cache(maxsize=64)
def _bands(instrument_id: int) -> tuple[BandKey, ...]:
    """Bands of the version that a cycle pins; kept in memory, since a published one never changes."""
    labels = dict(Band.objects.filter(instrument=instrument_id).values_list("code", "label"))
    return band_keys(scheme_of(instrument_id), labels)


def _snapshots(unit: CycleUnit) -> Sequence[Mapping[str, Any]]:
    """The unit and its children, in the order of the tree: released figures and participation."""
    return list(
        CycleUnit.objects.filter(Q(pk=unit.pk) | Q(parent=unit))
        .order_by("first")
        .values(
            "pk",
            "name",
            "kind",
            above=F("parent__name"),
            code=F("unit__code"),
            disclosed=F("snapshot__disclosed"),
            invited=F("snapshot__subtree__people__0"),
            own_invited=F("snapshot__own__people__0"),
            subtree_told=people_told("subtree"),
            own_told=people_told("own"),
            refreshed_at=F("snapshot__refreshed_at"),
        )
    )


def _cycles(visible: QuerySet[CycleUnit], unit: CycleUnit, source: str) -> tuple[CycleLink, ...]:
    """The same unit in every cycle, latest first."""
    rows = (
        visible.filter(unit=unit.unit_id)
        .select_related("cycle__instrument")
        .annotate(disclosed=F("snapshot__disclosed"))
        .order_by("-cycle__opens_at", "-cycle")
    )
    total = (Column(TOTAL, ""),)
    return tuple(
        CycleLink(
            pk=row.pk,
            code=row.cycle.code,
            name=row.cycle.name,
            version=row.cycle.instrument.version,
            instrument_id=row.cycle.instrument_id,
            total=cells_of(_released(row.disclosed, "subtree", source), total, ())[0],
        )
        for row in rows
    )


def _released(
    disclosed: Mapping[str, Any] | None, part: str, source: str
) -> Mapping[str, Any] | None:
    """The released document of one group; before the first refresh there is nothing to show."""
    return disclosed[part][source] if disclosed else {}


def _released_at(disclosed: Mapping[str, Any] | None, source: str) -> datetime.datetime | None:
    """When the figures of the whole unit last changed; None before they did."""
    moment = (disclosed or {}).get("at", {}).get("subtree", {}).get(source)
    return datetime.datetime.fromisoformat(moment) if moment else None
