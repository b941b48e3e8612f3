"""Who stands where in a cycle, as the personnel office may know it: states, never answers or scores."""

import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from assessments.models import Assessment, Cycle, CycleUnit
from organization.queries import hr_units


def people_for(user: User, on: datetime.date) -> QuerySet[Assessment]:
    """Assessments of people in units whose personnel data the person mends on the date."""
    return Assessment.objects.filter(unit__unit__in=hr_units(user, on))


def cycles_for(user: User, on: datetime.date) -> QuerySet[Cycle]:
    """Cycles with people of those units, the latest first; each carries `people`, their number.

    Counted by unit, which an index holds: by person it would read every assessment there is.
    """
    units = CycleUnit.objects.filter(cycle=OuterRef("pk"), unit__in=hr_units(user, on)).order_by()
    people = units.values("cycle").values(people=Count("assessments__unit"))
    found = Cycle.objects.filter(Exists(units.filter(assessments__isnull=False)))
    return found.annotate(people=Subquery(people)).order_by("-opens_at", "-pk")
