"""Which cycles there are for whom."""

from collections.abc import Iterator
from dataclasses import asdict

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from assessments.models import Cycle, StaleUnit
from dashboards.models import UnitSnapshot
from dashboards.rollup import Tally


def stale_cycles() -> QuerySet[Cycle]:
    """Cycles in which a unit is marked for a refresh."""
    return Cycle.objects.filter(Exists(StaleUnit.objects.filter(unit__cycle=OuterRef("pk"))))


def participation_of_open_cycles() -> Iterator[tuple[str, dict[str, int]]]:
    """Code of each open cycle, and how many of its people have got how far, as last refreshed."""
    roots = UnitSnapshot.objects.filter(
        unit__parent__isnull=True,
        unit__cycle__opens_at__lte=Now(),
        unit__cycle__closes_at__gte=Now(),
    )
    for code, document in roots.values_list("unit__cycle__code", "subtree"):
        yield code, asdict(Tally.from_json(document).people)
