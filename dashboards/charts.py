"""Geometry of charts: places in per cent and pixels, from figures that may be shown. Knows no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

HEAT_STEPS: Final = 5
DARK_FROM: Final = 4
"""Steps of the scale from here on carry white text."""
SMALLEST_LABELLED: Final = 8
"""Narrower segments (per cent) have no room for their figure; the table has it."""
MOST_NAMED: Final = 5
"""Points of a trend that have their name below them: more would run into each other on a phone."""
TREND_TOP, TREND_BASE = 40, 180
"""Pixels from the top of the drawing that stand for 100 and for 0."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar; `light` asks for white text."""

    x: float
    width: float
    css: str
    figure: str
    light: bool

    @property
    def middle(self) -> float:
        """Where its figure stands."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class TrendValue:
    """One cycle of a trend: its name, its figure as text and number (None: not shown), its instrument."""

    name: str
    figure: str
    value: Decimal | None
    instrument: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A point with the line to the next one, which is missing where nothing may be compared.

    `short` is what stands below it: the name less what all have in common, or nothing.
    """

    name: str
    short: str
    figure: str
    x: float
    y: float
    next_x: float | None = None
    next_y: float | None = None

    @property
    def label_y(self) -> float:
        """Where its figure stands."""
        return self.y - 14


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over cycles; `breaks` are places where the instrument changed."""

    points: tuple[TrendPoint, ...]
    breaks: tuple[float, ...]
    grid: tuple[float, ...]


def heat(place: int, bands: int) -> str:
    """The class of a band in cells and bars: darkest for the highest of `bands` (place 0), lightest for the lowest."""
    return f"heat-{_step(place, bands)}"


def _step(place: int, bands: int) -> int:
    return HEAT_STEPS - place * HEAT_STEPS // max(bands - 1, 1)


def stacked(counts: Sequence[int]) -> tuple[Segment, ...]:
    """A bar of bands, highest first in `counts`, drawn from the lowest on the left."""
    whole = sum(counts)
    segments = []
    start = 0
    for place, count in reversed(list(enumerate(counts))):
        if count:
            x, end = (round(100 * edge / whole, 2) for edge in (start, start + count))
            width = round(end - x, 2)
            figure = str(count) if width >= SMALLEST_LABELLED else ""
            light = _step(place, len(counts)) >= DARK_FROM
            segments.append(Segment(x, width, heat(place, len(counts)), figure, light))
        start += count
    return tuple(segments)


def trend(values: Sequence[TrendValue]) -> Trend:
    """Cycles side by side, oldest first; a line joins neighbours of one instrument."""
    places = [round(100 * (2 * number + 1) / (2 * len(values)), 2) for number in range(len(values))]
    shorts = _shortened([value.name for value in values])
    following = [*values[1:], None]
    points = []
    for number, (value, after) in enumerate(zip(values, following, strict=True)):
        if value.value is None:
            continue
        joined = (
            after is not None and after.value is not None and after.instrument == value.instrument
        )
        points.append(
            TrendPoint(
                name=value.name,
                short=shorts[number],
                figure=value.figure,
                x=places[number],
                y=height(value.value),
                next_x=places[number + 1] if joined else None,
                next_y=height(after.value)
                if joined and after and after.value is not None
                else None,
            )
        )
    breaks = tuple(
        round((places[number] + places[number + 1]) / 2, 2)
        for number, (one, two) in enumerate(pairwise(values))
        if one.instrument != two.instrument
    )
    return Trend(tuple(points), breaks, tuple(height(Decimal(step)) for step in (25, 50, 75, 100)))


def _shortened(names: Sequence[str]) -> list[str]:
    """Names without the parts that all begin with; of many only some, the last one among them."""
    parts = [name.split("-") for name in names]
    start = 0
    while len({tuple(each[: start + 1]) for each in parts}) == 1 < min(map(len, parts)) - start:
        start += 1
    step = -(-len(names) // MOST_NAMED)
    return [
        "-".join(parts[place][start:]) if (len(names) - 1 - place) % step == 0 else ""
        for place in range(len(names))
    ]


def height(score: Decimal) -> float:
    """Pixels from the top for a score of 0..100."""
    return round(TREND_BASE - float(score) * (TREND_BASE - TREND_TOP) / 100, 1)
