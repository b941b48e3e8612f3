"""Who may call the pages of this app, beyond being signed in."""

from django.http import HttpRequest

from accounts.clock import portal_today
from organization.queries import mandates_of


def personnel_officer(request: HttpRequest) -> bool:
    """Whoever mends personnel data of any unit today."""
    user = request.user
    return user.is_authenticated and mandates_of(user.pk, portal_today()).exists()
