"""The interface to the figures of units: the board of the page, so that nothing is told that the page withholds."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from accounts.access import PersonRequest, access, signed_in
from accounts.api import Listing, Slice, listed
from assessments.models import CycleUnit
from dashboards.access import reader
from dashboards.queries import Board, Cell, Comparison, Row, board_of, entrances, visible_units

router = Router(tags=["units"])


class UnitLine(Schema):
    """A unit in one cycle. `id` belongs to both: the same unit has another one in the next cycle."""

    id: int
    cycle: str
    cycle_name: str
    name: str
    kind: str


class Choice(Schema):
    """Whose levels the figures come from: people's own, or their supervisors'."""

    source: Literal["SELF", "VERIFIED"] = "SELF"


class Figure(Schema):
    """One mean. `slot` is the pillar's code, empty for the total.

    `state`: SHOWN; BAND, where only the band is told; HIDDEN, where the group is small or would give one away;
    EMPTY, where there is nothing yet. `mean` is rounded decimal text.
    """

    slot: str
    state: Literal["SHOWN", "BAND", "HIDDEN", "EMPTY"]
    mean: str | None
    band: str | None


class People(Schema):
    """How far people are; each is counted in every step that was taken."""

    invited: int
    started: int
    submitted: int
    verified: int


class Line(Schema):
    """A unit with all below it, or (`is_own`) the people directly in the unit. `people`: None in small groups."""

    id: int
    name: str
    parent: str
    kind: str
    is_own: bool
    people: People | None
    figures: list[Figure]


class BandCount(Schema):
    """How many people are in a band."""

    band: str
    people: int


class Distribution(Schema):
    """How the people of the whole unit spread over the bands, where that may be told."""

    slot: str
    people: int
    bands: list[BandCount]


class Compared(Schema):
    """A slot as people see themselves and as verified; `gap` is the first less the second."""

    slot: str
    own: Figure
    verified: Figure
    gap: str | None


class InCycle(UnitLine):
    """The same unit in another cycle that the reader may see, with its total there."""

    version: str
    total: Figure


class BandShown(Schema):
    """A named range of scores from `lower` on."""

    code: str
    label: str
    lower: str


class Slot(Schema):
    """What is scored: the total, then each pillar."""

    slot: str
    name: str = Field(description="The pillar's name; empty for the total")


class UnitFigures(UnitLine):
    """Everything of one unit in one cycle that the reader may see. `covers`: of how many scores."""

    source: str
    slots: list[Slot]
    bands: list[BandShown]
    lines: list[Line]
    distribution: list[Distribution]
    comparisons: list[Compared]
    cycles: list[InCycle]
    covers: int | None
    refreshed_at: datetime.datetime | None
    released_at: datetime.datetime | None


@router.get("/units", response=Listing[UnitLine], url_name="unit_list")
@access(reader)
def unit_list(request: PersonRequest, part: Query[Slice]) -> dict[str, Any]:
    """Where the reader starts: the units led, the top ones for an auditor, latest cycle first."""
    return listed(entrances(request.user), part, _lines)


@router.get("/units/{int:pk}", response=UnitFigures, url_name="unit")
@access(signed_in)
def unit(request: PersonRequest, pk: int, choice: Query[Choice]) -> UnitFigures:
    """One unit with the units right below it, whose `id` leads further down."""
    visible = visible_units(request.user)
    found = get_object_or_404(visible.select_related("cycle__instrument", "parent"), pk=pk)
    return shown(board_of(found, visible=visible, source=choice.source))


def shown(board: Board) -> UnitFigures:
    """A board as the interface says it."""
    return UnitFigures(
        **_unit(board.unit),
        source=board.source,
        slots=[Slot(slot=column.slot, name=column.name) for column in board.columns],
        bands=[
            BandShown(code=band.code, label=band.label, lower=str(band.lower))
            for band in board.bands
        ],
        lines=[_line(row) for row in board.lines],
        distribution=[_distribution(cell) for cell in board.whole.cells if cell.segments],
        comparisons=[_compared(each) for each in board.comparisons if board.compares],
        cycles=[
            InCycle(
                id=each.pk,
                cycle=each.code,
                cycle_name=each.name,
                name=board.unit.name,
                kind=board.unit.kind,
                version=each.version,
                total=_figure(each.total),
            )
            for each in board.cycles
        ],
        covers=board.covers if board.released_at and board.covers else None,
        refreshed_at=board.refreshed_at,
        released_at=board.released_at,
    )


def _lines(found: Iterable[CycleUnit]) -> Iterator[UnitLine]:
    return (UnitLine(**_unit(each)) for each in found)


def _unit(found: CycleUnit) -> dict[str, Any]:
    return {
        "id": found.pk,
        "cycle": found.cycle.code,
        "cycle_name": found.cycle.name,
        "name": found.name,
        "kind": found.kind,
    }


def _line(row: Row) -> Line:
    people = row.people
    return Line(
        id=row.pk,
        name=row.name,
        parent=row.parent,
        kind=row.kind,
        is_own=row.is_own,
        people=None
        if people is None
        else People(
            invited=people.invited,
            started=people.started,
            submitted=people.submitted,
            verified=people.verified,
        ),
        figures=[_figure(cell) for cell in row.cells],
    )


def _figure(cell: Cell) -> Figure:
    return Figure(
        slot=cell.column.slot,
        state=cell.state.value,
        mean=_text(cell.mean),
        band=cell.band.code if cell.band else None,
    )


def _distribution(cell: Cell) -> Distribution:
    return Distribution(
        slot=cell.column.slot,
        people=cell.n,
        bands=[BandCount(band=band.code, people=count) for band, count in cell.shares],
    )


def _compared(each: Comparison) -> Compared:
    return Compared(
        slot=each.column.slot,
        own=_figure(each.own),
        verified=_figure(each.verified),
        gap=_text(each.gap),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
