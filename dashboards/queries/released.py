"""Cells of a dashboard: released figures as pages and exports show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from django.db.models import Case, When
from django.db.models.fields.json import KeyTransform

from assessments.scoring import Scheme
from dashboards import charts
from dashboards.rollup import TOTAL


class State(StrEnum):
    """What a cell says: the mean, only its band, that it is hidden, or that there is nothing yet."""

    SHOWN = "SHOWN"
    BAND = "BAND"
    HIDDEN = "HIDDEN"
    EMPTY = "EMPTY"


@dataclass(frozen=True, slots=True)
class Column:
    """A slot of the instrument with its name: the total first, then the pillars."""

    slot: str
    name: str

    @property
    def is_total(self) -> bool:
        """Whether it is the total, not a pillar."""
        return self.slot == TOTAL


@dataclass(frozen=True, slots=True)
class BandKey:
    """A band with its colour in cells and bars; `lower` is its lower bound, highest bands first."""

    code: str
    label: str
    lower: Decimal
    css: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: mean of `n` people, its band, and how many are in each band, highest band first."""

    column: Column
    state: State
    n: int = 0
    mean: Decimal | None = None
    band: BandKey | None = None
    shares: tuple[tuple[BandKey, int], ...] = ()

    @property
    def css(self) -> str:
        """The class of a heat cell."""
        if self.state is State.HIDDEN:
            return "heat-suppressed"
        return self.band.css if self.band else "heat-none"

    @property
    def segments(self) -> tuple[charts.Segment, ...]:
        """The distribution as a stacked bar; none where there are no bands."""
        return charts.stacked([count for _, count in self.shares])

    @property
    def summary(self) -> str:
        """The distribution in words: `A 12; B 18; C 0; D 1`."""
        return "; ".join(f"{band.code} {count}" for band, count in self.shares)

    @property
    def commonest(self) -> tuple[BandKey, int] | None:
        """The band of most people, the higher of two equal ones."""
        return max(self.shares, key=lambda share: share[1], default=None)


def people_told(part: Literal["own", "subtree"]) -> Case:
    """Of a CycleUnit: `Participation.to_json` of one of its groups; NULL where that group is not shown."""
    people = KeyTransform("people", f"snapshot__{part}")
    return Case(When(**{f"release__shows_{part}": True}, then=people))


def band_keys(scheme: Scheme, labels: Mapping[str, str]) -> tuple[BandKey, ...]:
    """The bands of an instrument, highest first."""
    size = len(scheme.bands)
    return tuple(
        BandKey(
            band.code,
            labels.get(band.code, band.code),
            band.lower,
            charts.heat(place, size),
        )
        for place, band in enumerate(scheme.bands)
    )


def cells_of(
    document: Mapping[str, Any] | None, columns: Sequence[Column], bands: Sequence[BandKey]
) -> tuple[Cell, ...]:
    """A cell for each column, from one source of `UnitSnapshot.disclosed`; None is hidden as a whole."""
    if document is None:
        return tuple(Cell(column, State.HIDDEN) for column in columns)
    return tuple(_cell(document, column, bands) for column in columns)


def _cell(document: Mapping[str, Any], column: Column, bands: Sequence[BandKey]) -> Cell:
    if column.slot not in document:
        return Cell(column, State.EMPTY)
    figure = document[column.slot]
    if figure is None:
        return Cell(column, State.HIDDEN)
    return Cell(
        column,
        State.BAND if figure["mean"] is None else State.SHOWN,
        figure["n"],
        None if figure["mean"] is None else Decimal(figure["mean"]),
        next((band for band in bands if band.code == figure["band"]), None),
        tuple((band, figure["bands"].get(band.code, 0)) for band in bands),
    )
