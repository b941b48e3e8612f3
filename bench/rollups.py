"""What dashboards cost: pages at three sizes, rebuilding, refreshing."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from statistics import linear_regression

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments.models import Cycle, StaleUnit
from bench.database import here, run
from bench.measuring import Meter, Row, interleaved, shares
from bench.nation import make_cycle
from bench.web import Browser, WebProcess, session_of
from dashboards.models import UnitSnapshot
from dashboards.operations import rebuild, refresh
from pillars.models import Instrument
from tests.factories import make_user, post

ROUNDS = 30

# A figure for each unit and all below it, straight from the scores, with nothing hidden and nothing kept.
_REBUILD_FLOOR = """
    WITH own AS (
        SELECT assessment.unit_id, position, count(*) AS n, sum(numerator / denominator) AS total
        FROM assessments_assessment assessment
        JOIN assessments_score score ON score.submission_id = assessment.submission_id
        CROSS JOIN unnest(numerators, denominators) WITH ORDINALITY part(numerator, denominator, position)
        WHERE assessment.cycle_id = %s
        GROUP BY assessment.unit_id, position
    )
    SELECT above.id, position, sum(n), sum(total) / sum(n)
    FROM own
    JOIN assessments_cycleunit unit ON unit.id = own.unit_id
    JOIN assessments_cycleunit above ON above.cycle_id = unit.cycle_id
        AND above.first <= unit.first AND above.last >= unit.first
    GROUP BY above.id, position
"""


def dashboard_rows(
    web: WebProcess, meter: Meter, instrument: Instrument, people: int, units: int
) -> Iterator[Row]:
    """Pages at three sizes; rebuilding beside one statement; refreshing."""
    sizes = {
        make_cycle(
            code=f"PEOPLE-{people // part}",
            instrument=instrument,
            people=people // part,
            units=units // part,
        ): people // part
        for part in (100, 10, 1)
    }
    *smaller, large = sizes
    for cycle in smaller:
        rebuild(cycle=cycle)
    yield from rebuild_rows(large, f"{people:,} people, {units:,} units")
    local = here()
    for count in (1, 100):
        marked = list(large.units.order_by("-first").values_list("pk", flat=True)[:count])
        StaleUnit.objects.bulk_create([StaleUnit(unit_id=unit) for unit in marked])
        cost = local.measure(lambda: refresh(cycle=large))
        yield Row(f"refresh of {count} marked units", cost.cpu * 1000, "ms CPU")
    yield from page_rows(web, meter, sizes)


def rebuild_rows(cycle: Cycle, remark: str) -> Iterator[Row]:
    """Releasing every score at once, as after a large import; then writing all figures anew after a loss."""
    local = here()
    released = local.measure(lambda: rebuild(cycle=cycle))
    UnitSnapshot.objects.filter(unit__cycle=cycle).delete()
    before = local.measure(lambda: floor_of_rebuild(cycle))
    rebuilt = local.measure(lambda: rebuild(cycle=cycle))
    after = local.measure(lambda: floor_of_rebuild(cycle))
    floor = (before.cpu + after.cpu) / 2
    for name, cost in (("full rebuild", rebuilt), ("releasing all at once", released)):
        yield Row(name, cost.cpu, "s CPU", remark=f"{remark}; {shares(cost)}")
        limit = 5 if cost is rebuilt else None
        yield Row(f"{name}: times one statement", cost.cpu / floor, "×", limit)


def floor_of_rebuild(cycle: Cycle) -> None:
    """The one statement, with the memory that it is fastest with."""
    run("SET work_mem = '64MB'")
    run(_REBUILD_FLOOR, cycle.pk)
    run("RESET work_mem")


def page_rows(web: WebProcess, meter: Meter, sizes: dict[Cycle, int]) -> Iterator[Row]:
    """The page of the topmost unit, read by its head."""
    cases: dict[str, Callable[[], object]] = {}
    counted = {}
    for cycle in sizes:
        root = cycle.units.select_related("unit").get(parent=None)
        head = make_user(f"Kepala {cycle.code}", serial=900 + len(cases))
        post(head, root.unit, head=True)
        path = reverse("dashboards:unit", args=(cycle.code, root.pk))
        cases[cycle.code] = partial(Browser(web, head).get, path)
        counted[cycle.code] = queries_of(head, path)
    costs = interleaved(meter, cases, rounds=ROUNDS)
    for (code, cost), people in zip(costs.items(), sizes.values(), strict=True):
        name = f"the top dashboard of {people:,} people"
        yield Row(f"{name}: CPU", cost.cpu * 1000, "ms", 50, remark=shares(cost))
        yield Row(f"{name}: queries", counted[code], "", 12)
    growth = linear_regression(
        [math.log(people) for people in sizes.values()],
        [math.log(cost.cpu) for cost in costs.values()],
    )
    yield Row("the top dashboard: growth exponent", growth.slope, "", 0.1)


def queries_of(person: User, path: str) -> int:
    """Queries of one page, its session and navigation included."""
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, secure=True).status_code == 200
    return len(queries)
