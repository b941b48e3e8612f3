"""Who may call the auditor's pages."""

from django.http import HttpRequest

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.permissions import has_role


def auditor(request: HttpRequest) -> bool:
    """Whoever holds the duty today."""
    return has_role(request.user, Role.AUDITOR, portal_today())
