"""Cycles for curators, as their pages list them."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from accounts.access import PersonRequest, access
from accounts.api import Listing, Slice, listed
from assessments.access import cycle_manager
from assessments.models import Cycle
from assessments.queries.cycles import counts_of, cycles, phase_of

router = Router(tags=["cycles"])


class CycleShown(Schema):
    """A cycle. `people` counts assessments by status; statuses without any are left out."""

    id: int
    code: str
    name: str
    instrument: str
    version: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    census_date: datetime.date
    phase: str
    people: dict[str, int]


@router.get("/cycles", response=Listing[CycleShown], url_name="cycle_list")
@access(cycle_manager)
def cycle_list(request: PersonRequest, part: Query[Slice]) -> dict[str, Any]:
    """Every cycle, latest first, with how many people stand where."""
    return listed(cycles(), part, _shown)


@router.get("/cycles/{int:pk}", response=CycleShown, url_name="cycle")
@access(cycle_manager)
def cycle(request: PersonRequest, pk: int) -> CycleShown:
    """One cycle."""
    return next(_shown([get_object_or_404(cycles(), pk=pk)]))


def _shown(found: Iterable[Cycle]) -> Iterator[CycleShown]:
    rows = list(found)
    counts = counts_of([row.pk for row in rows])
    for row in rows:
        yield CycleShown(
            id=row.pk,
            code=row.code,
            name=row.name,
            instrument=row.instrument.code,
            version=row.instrument.version,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            census_date=row.census_date,
            phase=phase_of(row).name,
            people=counts[row.pk].by_status,
        )
