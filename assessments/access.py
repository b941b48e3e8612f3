"""Who may call the pages of this app, beyond being signed in."""

from django.http import HttpRequest

from assessments import permissions


def cycle_manager(request: HttpRequest) -> bool:
    """Curators open and keep cycles."""
    return permissions.manages_cycles(request.user)
