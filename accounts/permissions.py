"""Who holds which duty."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import RoleGrant, User


def has_role(user: User | AnonymousUser, role: Role, on: datetime.date) -> bool:
    """Whether the person holds the duty on that date; always asked anew, never kept in a session."""
    if not user.is_authenticated or not user.is_active:
        return False
    return RoleGrant.objects.in_force(on).filter(user=user, role=role).exists()
