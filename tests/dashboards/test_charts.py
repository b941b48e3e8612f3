"""Geometry: bars that add up, lines that break where nothing may be compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import TrendValue, heat, height, stacked, trend


@given(st.lists(st.integers(0, 500), max_size=6))
def test_stacked_bar_fills_a_hundred_per_cent_without_gaps(counts: list[int]) -> None:
    segments = stacked(counts)
    assert len(segments) == sum(count > 0 for count in counts)
    edge = 0.0
    for segment in segments:
        assert segment.x == pytest.approx(edge, abs=0.011)
        edge = segment.x + segment.width
    assert not segments or edge == pytest.approx(100, abs=0.011)


def test_stacked_bar_starts_with_the_lowest_band_and_labels_where_there_is_room() -> None:
    assert [(part.x, part.width, part.css, part.figure) for part in stacked((1, 0, 18, 1))] == [
        (0.0, 5.0, "heat-0", ""),
        (5.0, 90.0, "heat-2", "18"),
        (95.0, 5.0, "heat-5", ""),
    ]
    assert stacked((5, 5))[0].middle == 25.0


@pytest.mark.parametrize(
    ("bands", "heats"),
    [
        (1, "5"),
        (2, "50"),
        (4, "5420"),
        (5, "54320"),
        (6, "543210"),
    ],
)
def test_colours_run_from_highest_to_lowest_band(bands: int, heats: str) -> None:
    assert "".join(heat(place, bands)[-1] for place in range(bands)) == heats

    bar = stacked([1] * bands)
    assert [part.css for part in bar] == [heat(place, bands) for place in reversed(range(bands))]
    assert [part.light for part in bar] == [step in "45" for step in reversed(heats)]


def value(score: str | None, instrument: int = 1) -> TrendValue:
    return TrendValue("2026", score or "", None if score is None else Decimal(score), instrument)


def test_line_joins_neighbours_of_one_instrument() -> None:
    line = trend([value("50"), value("75")])
    assert [(point.x, point.y, point.next_x, point.next_y) for point in line.points] == [
        (25.0, height(Decimal(50)), 75.0, height(Decimal(75))),
        (75.0, height(Decimal(75)), None, None),
    ]
    assert line.breaks == ()
    assert line.points[0].label_y == line.points[0].y - 14


def test_line_breaks_where_the_instrument_changed_or_a_cycle_is_not_shown() -> None:
    changed = trend([value("50", 1), value("75", 2)])
    assert (changed.breaks, changed.points[0].next_x) == ((50.0,), None)
    hidden = trend([value("50"), value(None), value("75")])
    assert [(point.x, point.next_x) for point in hidden.points] == [(16.67, None), (83.33, None)]


def test_height_of_the_ends_of_the_scale() -> None:
    assert (height(Decimal(0)), height(Decimal(100))) == (180.0, 40.0)


def test_points_are_named_by_what_tells_them_apart_and_not_more_than_fit():
    def shorts(*names: str) -> list[str]:
        values = [TrendValue(name, "50,00", Decimal(50), 1) for name in names]
        return [point.short for point in trend(values).points]

    assert shorts("PRIMA-2025-S2", "PRIMA-2026-S1") == ["2025-S2", "2026-S1"]
    assert shorts("PRIMA-2026-S1", "PRIMA-2026-S2") == ["S1", "S2"]
    assert shorts("A", "B-1") == ["A", "B-1"]
    assert shorts("PRIMA-2026-S1", "PRIMA-2026") == ["2026-S1", "2026"]
    assert shorts(*map(str, range(1, 8))) == ["1", "", "3", "", "5", "", "7"]
