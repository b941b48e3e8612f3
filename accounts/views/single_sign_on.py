"""Signing in through an identity provider (OpenID Connect, code flow with PKCE): out, and back with a NIP."""

from http import HTTPStatus
from types import ModuleType

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access, public
from accounts.errors import ProviderAway, Refused
from accounts.operations import recognize

logger = structlog.get_logger(__name__)

NEXT = "single_sign_on_next"
SINGLE_SIGN_ON = "single_sign_on"
"""How a session calls this way of proving who is there."""


def _provider() -> ModuleType:
    """What speaks with the provider; raises Http404 where none is set."""
    if not settings.OIDC_ISSUER:
        raise Http404
    from accounts.views import provider  # noqa: PLC0415  9 MB that most installations never need

    return provider


@access(public)
@require_safe
def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """Lead to the provider. By a link: our policy for forms would stop a form that ends elsewhere."""
    back = settings.PORTAL_URL + reverse("accounts:return_from_provider")
    try:
        response: HttpResponse = _provider().leave(request, back)
    except Refused as refusal:
        return _refused(request, refusal)
    request.session[NEXT] = request.GET.get("next", "")
    return response


@access(public)
@require_safe
def return_from_provider(request: HttpRequest) -> HttpResponse:
    """Check what the provider sent, find the account of its NIP, and go on as after a password.

    The second step of the portal follows where the account has one.
    """
    provider = _provider()
    if request.GET.get("error") == "access_denied":
        messages.info(request, _("Masuk lewat SSO dibatalkan."))
        return redirect("account_login")
    try:
        user = recognize(claim=provider.claim_of(request))
    except Refused as refusal:
        return _refused(request, refusal)
    after = request.session.pop(NEXT, "")
    record_authentication(request, user, SINGLE_SIGN_ON)
    answer: HttpResponse = perform_login(
        request, user, redirect_url=after if get_adapter().is_safe_url(after) else None
    )
    return answer


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say why and what else there is."""
    if refusal.__cause__ is not None:
        # The kind alone: texts of these errors may hold the code or parts of a token.
        logger.warning("single_sign_on_failed", kind=type(refusal.__cause__).__name__)
    status = HTTPStatus.BAD_GATEWAY if isinstance(refusal, ProviderAway) else HTTPStatus.FORBIDDEN
    return render(request, "accounts/single_sign_on.html", {"refusal": refusal}, status=status)
