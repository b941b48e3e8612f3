"""Signing in through an identity provider (OpenID Connect, code flow with PKCE): out, and back with a NIP."""

import secrets
from functools import cache
from http import HTTPStatus
from typing import Any

import requests
import structlog
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError

from accounts.access import access, public
from accounts.errors import ProviderAway, Refused, SignOnFailed
from accounts.operations import recognize

logger = structlog.get_logger(__name__)

NEXT = "single_sign_on_next"
WELL_KNOWN = "/.well-known/openid-configuration"
SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""By keys that the provider alone holds; neither unsigned nor signed by the secret we share."""


class Provider(DjangoOAuth2App):
    """The identity provider of the settings; what it says of itself is fetched once a process."""

    def load_server_metadata(self) -> dict[str, Any]:
        """Its endpoints. Raises AuthlibBaseError where it names another issuer than we were told."""
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata["issuer"] != settings.OIDC_ISSUER:
            self.server_metadata.clear()
            raise AuthlibBaseError("invalid_issuer", "the discovery document names another issuer")
        offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        metadata["id_token_signing_alg_values_supported"] = [
            name for name in offered if name in SIGNATURES
        ]
        return metadata


class _Registry(OAuth):
    oauth2_client_cls = Provider


@cache
def _provider(issuer: str, client_id: str, client_secret: str) -> Provider:
    provider: Provider = _Registry().register(
        "portal",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=issuer.rstrip("/") + WELL_KNOWN,
        client_kwargs={
            "scope": settings.OIDC_SCOPE,
            "code_challenge_method": "S256",
            "default_timeout": settings.OIDC_TIMEOUT_SECONDS,
        },
    )
    return provider


def configured() -> Provider:
    """The provider; raises Http404 where none is set."""
    if not settings.OIDC_ISSUER:
        raise Http404
    return _provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@access(public)
@require_safe
def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """Lead to the provider. By a link: our policy for forms would stop a form that ends elsewhere."""
    provider = configured()
    try:
        response: HttpResponse = provider.authorize_redirect(
            request,
            settings.PORTAL_URL + reverse("accounts:return_from_provider"),
            nonce=secrets.token_urlsafe(),
        )
    except requests.RequestException as error:
        return _refused(request, ProviderAway(), error)
    except (AuthlibBaseError, KeyError, ValueError) as error:
        return _refused(request, SignOnFailed(), error)
    request.session[NEXT] = request.GET.get("next", "")
    return response


@access(public)
@require_safe
def return_from_provider(request: HttpRequest) -> HttpResponse:
    """Check what the provider sent, find the account of its NIP, and go on as after a password.

    The second step of the portal follows where the account has one.
    """
    provider = configured()
    if request.GET.get("error") == "access_denied":
        messages.info(request, _("Masuk lewat SSO dibatalkan."))
        return redirect("account_login")
    try:
        user = recognize(claim=_claim(provider, request))
    except requests.RequestException as error:
        return _refused(request, ProviderAway(), error)
    except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        return _refused(request, SignOnFailed(), error)
    except Refused as refusal:
        return _refused(request, refusal)
    after = request.session.pop(NEXT, "")
    record_authentication(request, user, "single_sign_on")
    answer: HttpResponse = perform_login(
        request, user, redirect_url=after if get_adapter().is_safe_url(after) else None
    )
    return answer


def _claim(provider: Provider, request: HttpRequest) -> Any:
    """The NIP in the ID token, or else in what the provider tells about the same subject."""
    token = provider.authorize_access_token(
        request,
        claims_options={
            "iss": {"essential": True, "value": settings.OIDC_ISSUER},
            "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
        },
    )
    claims = token["userinfo"]
    if settings.OIDC_NIP_CLAIM not in claims and "userinfo_endpoint" in provider.server_metadata:
        told = provider.userinfo(token=token)
        if told["sub"] == claims["sub"]:
            claims = told
    return claims.get(settings.OIDC_NIP_CLAIM)


def _refused(
    request: HttpRequest, refusal: Refused, cause: Exception | None = None
) -> HttpResponse:
    """Say why and what else there is."""
    if cause is not None:
        # The kind alone: texts of these errors may hold the code or parts of a token.
        logger.warning("single_sign_on_failed", kind=type(cause).__name__)
    status = HTTPStatus.BAD_GATEWAY if isinstance(refusal, ProviderAway) else HTTPStatus.FORBIDDEN
    return render(request, "accounts/single_sign_on.html", {"refusal": refusal}, status=status)
