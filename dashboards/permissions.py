"""Who may read dashboards at all; which units, `queries.visible_units` says."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role
from organization.queries import units_led_by


def reads_dashboards(user: User | AnonymousUser, on: datetime.date | None = None) -> bool:
    """Whether the person leads a unit on the date (default: today) or audits, also before the first cycle."""
    if not user.is_authenticated:
        return False
    on = on or portal_today()
    return has_role(user, Role.AUDITOR, on) or units_led_by(user, on).exists()
