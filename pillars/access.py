"""Who may call the pages of this app."""

from django.http import HttpRequest

from pillars import permissions


def curator(request: HttpRequest) -> bool:
    """Curators of instruments."""
    return permissions.curates(request.user)
