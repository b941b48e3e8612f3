"""What every page needs: who the portal belongs to, and where the person may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from prima_portal.navigation import items_for


def portal(request: HttpRequest) -> dict[str, Any]:
    """Names of the installation and the navigation of the signed-in person."""
    return {
        "brand": settings.BRAND,
        "organization_name": settings.ORGANIZATION_NAME,
        "help_contact": settings.HELP_CONTACT,
        "nav_items": items_for(request),
    }
