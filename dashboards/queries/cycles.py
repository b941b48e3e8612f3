"""Which cycles there are for whom."""

from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Cycle, StaleUnit


def stale_cycles() -> QuerySet[Cycle]:
    """Cycles in which a unit is marked for a refresh."""
    return Cycle.objects.filter(Exists(StaleUnit.objects.filter(unit__cycle=OuterRef("pk"))))
