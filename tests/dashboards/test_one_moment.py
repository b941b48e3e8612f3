"""Refreshing and proving see one moment, whoever hands in between two of their statements."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from assessments.models import Assessment, Cycle
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations import rebuild, refresh, verify
from pillars.models import Instrument
from tests.dashboards import worlds


@pytest.fixture
def crowded(units: SimpleNamespace, instrument: Instrument, budi: User, citra: User) -> Cycle:
    """Forty people in Ani's unit, five in Citra's."""
    worlds.staff(units.ani, 39, first=100)
    worlds.staff(units.citra, 4, first=300)
    return worlds.make_cycle(instrument)


@pytest.fixture
def arrivals(crowded: Cycle, units: SimpleNamespace) -> Iterator[Callable[[], None]]:
    """Each call lets the next one of Ani's unit hand in, committed by another connection."""
    people = enumerate(Assessment.objects.filter(unit__unit=units.ani).order_by("pk"))

    def hand_in(place: int, assessment: Assessment) -> None:
        try:
            worlds.hand_in(assessment, [2 + place % 3, 3, 4 - place % 3, 2 + place % 2])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as others:
        yield lambda: others.submit(hand_in, *next(people)).result()


def between_statements(act: Callable[[], None]) -> AbstractContextManager[None]:
    """Act after each statement about tables."""

    def wrapper(execute: Callable[..., Any], statement: str, *more: Any) -> Any:
        result = execute(statement, *more)
        if "dashboards_" in statement or "assessments_" in statement:
            act()
        return result

    return connection.execute_wrapper(wrapper)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("recompute", [refresh, rebuild])
def test_scores_that_come_between_two_statements_wait_for_the_next_refresh(
    crowded: Cycle,
    units: SimpleNamespace,
    arrivals: Callable[[], None],
    recompute: Callable[..., int],
) -> None:
    unit = worlds.cycle_unit(crowded, units.ani)
    refresh(cycle=crowded)
    for _ in range(5):
        arrivals()
    with between_statements(arrivals):
        recompute(cycle=crowded)
    figures = UnitSnapshot.objects.get(unit=unit).disclosed["own"]["SELF"]
    assert (figures[""]["n"], len(UnitRelease.objects.get(unit=unit).entered)) == (5, 5)
    refresh(cycle=crowded)
    assert verify(cycle=crowded).differing == ()


@pytest.mark.django_db(transaction=True)
def test_proving_finds_no_difference_in_what_comes_meanwhile(
    crowded: Cycle, arrivals: Callable[[], None]
) -> None:
    for _ in range(5):
        arrivals()
    refresh(cycle=crowded)
    with between_statements(arrivals):
        assert verify(cycle=crowded).differing == ()
