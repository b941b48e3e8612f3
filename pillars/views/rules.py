"""Who may call the pages of this app."""

from django.http import HttpRequest

from pillars.permissions import curates


def curator(request: HttpRequest) -> bool:
    """Curators of instruments."""
    return curates(request.user)
