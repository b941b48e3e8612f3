"""Who stands where in a cycle, as the personnel office may know it: states, never answers or scores."""

import datetime

from django.db.models import Count, QuerySet

from accounts.models import User
from assessments.models import Assessment, Cycle
from organization.queries import hr_units


def people_for(user: User, on: datetime.date) -> QuerySet[Assessment]:
    """Assessments of people in units whose personnel data the person mends on the date."""
    return Assessment.objects.filter(unit__unit__in=hr_units(user, on))


def cycles_for(user: User, on: datetime.date) -> QuerySet[Cycle]:
    """Cycles with people of those units, the latest first; each carries `people`, their number."""
    return (
        Cycle.objects.filter(assessments__in=people_for(user, on))
        .annotate(people=Count("assessments"))
        .order_by("-opens_at", "-pk")
    )
