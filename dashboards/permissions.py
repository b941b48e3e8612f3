"""Who may read dashboards at all; which units, `queries.visible_units` says."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from dashboards.queries import entrances


def reads_dashboards(user: User | AnonymousUser, on: datetime.date | None = None) -> bool:
    """Whether there is any dashboard for the person."""
    return user.is_authenticated and entrances(user, on).exists()
