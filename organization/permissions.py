"""Who mends personnel data."""

from django.contrib.auth.models import AnonymousUser

from accounts.clock import portal_today
from accounts.models import User
from organization.queries import mandates_of


def mends_personnel_data(user: User | AnonymousUser) -> bool:
    """Whether the person holds a mandate for the personnel data of any unit today."""
    return user.is_authenticated and mandates_of(user.pk, portal_today()).exists()
