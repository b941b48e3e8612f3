"""Who may call the auditor's pages."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import has_role


def auditor(request: HttpRequest) -> bool:
    """Whoever holds the duty today."""
    return has_role(request.user, Role.AUDITOR, timezone.localdate())
