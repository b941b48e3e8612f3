"""Who may call the pages of this app, beyond being signed in."""

from django.http import HttpRequest

from organization import permissions


def personnel_officer(request: HttpRequest) -> bool:
    """Whoever mends personnel data of any unit today."""
    return permissions.mends_personnel_data(request.user)
