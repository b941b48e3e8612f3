"""Who may read a unit's dashboard. Lists come from `queries.visibility`; these answer for one."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from assessments.models import CycleUnit
from dashboards.queries import entrances, visible_units


def reads(user: User | AnonymousUser, unit: CycleUnit, on: datetime.date | None = None) -> bool:
    """Whether the person leads the unit or one above it on the date (default: today), or audits."""
    return user.is_authenticated and visible_units(user, on).filter(pk=unit.pk).exists()


def reads_dashboards(user: User | AnonymousUser, on: datetime.date | None = None) -> bool:
    """Whether there is any dashboard for the person."""
    return user.is_authenticated and entrances(user, on).exists()
