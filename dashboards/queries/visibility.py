"""Whose dashboards a person may read. Every page lists through these."""

import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role
from assessments.models import Assessment, CycleUnit
from assessments.queries import reviewable_by
from organization.queries import units_led_by


def visible_units(user: User, on: datetime.date | None = None) -> QuerySet[CycleUnit]:
    """Units that the person leads on the date (default: today), in every cycle with all below them.

    Below means in the tree of the cycle, as it was frozen. Auditors read all of them.
    """
    on = on or portal_today()
    if has_role(user, Role.AUDITOR, on):
        return CycleUnit.objects.all()
    above = CycleUnit.objects.filter(
        cycle=OuterRef("cycle"),
        first__lte=OuterRef("first"),
        last__gte=OuterRef("last"),
        unit__in=units_led_by(user, on).values("pk"),
    )
    return CycleUnit.objects.filter(Exists(above))


def entrances(user: User, on: datetime.date | None = None) -> QuerySet[CycleUnit]:
    """Where the person starts reading: the units led, the top ones for an auditor; latest cycle first."""
    on = on or portal_today()
    if has_role(user, Role.AUDITOR, on):
        units = CycleUnit.objects.filter(parent__isnull=True)
    else:
        units = CycleUnit.objects.filter(unit__in=units_led_by(user, on).values("pk"))
    return units.select_related("cycle", "parent").order_by("-cycle__opens_at", "-cycle", "first")


def named_people(user: User, unit: CycleUnit) -> QuerySet[Assessment]:
    """People at or below a unit whom the reader reviews personally: only these are shown by name."""
    people = reviewable_by(user).filter(
        cycle=unit.cycle_id, unit__first__gte=unit.first, unit__last__lte=unit.last
    )
    return people.select_related("person", "unit__parent").order_by("person__name", "pk")
