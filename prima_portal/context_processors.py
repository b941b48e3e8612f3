"""What every page needs: who the portal belongs to, and where the person may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.limits import TimeLeft, time_left
from prima_portal import VERSION
from prima_portal.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from prima_portal.navigation import items_for


def installation(request: HttpRequest) -> dict[str, Any]:
    """What is known without asking anybody: for error pages, too, when the database is away."""
    return {
        "brand": settings.BRAND,
        "organization_name": settings.ORGANIZATION_NAME,
        "help_contact": settings.HELP_CONTACT,
        "single_sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "app_version": VERSION,
        "request_id": getattr(request, "request_id", ""),
    }


def portal(request: HttpRequest) -> dict[str, Any]:
    """Names of the installation and the navigation of the signed-in person."""
    return {
        **installation(request),
        "nav_items": items_for(request),
        "time_left": _time_left(request),
        **_demo(request),
    }


def _time_left(request: HttpRequest) -> TimeLeft | None:
    """How long the session of whoever is signed in lasts."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return time_left(request.session)


def _demo(request: HttpRequest) -> dict[str, Any]:
    """The demo's accounts for the sign-in page; nothing of the kind exists without DEBUG."""
    match = request.resolver_match
    if not settings.DEVELOPMENT or match is None or match.url_name != "account_login":
        return {}
    return {"demo_accounts": DEMO_ACCOUNTS, "demo_password": DEMO_PASSWORD}
