"""Who curates instruments."""

from django.contrib.auth.models import AnonymousUser

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role


def curates(user: User | AnonymousUser) -> bool:
    """Whether the person holds the duty of curator today, by the portal's own calendar."""
    return has_role(user, Role.CURATOR, portal_today())
