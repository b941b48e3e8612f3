"""The identity provider as its library knows it. Loaded only where one is set: its libraries take 9 MB of a process."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import BadSignatureError, JoseError

from accounts.errors import ProviderAway, SignOnFailed

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

    def parse_id_token(self, *asked: Any, **options: Any) -> Any:
        """What the token claims, checked; once more with the keys of now where those that were fetched do not fit.

        The library looks again only for a key's name that it does not know, and not every provider names its keys.
        """
        try:
            return super().parse_id_token(*asked, **options)
        except BadSignatureError:
            self.fetch_jwk_set(force=True)
            return super().parse_id_token(*asked, **options)


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
    """The provider of the settings."""
    return _provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Raise ProviderAway or SignOnFailed for what the libraries raise, which stays their cause."""
    try:
        yield
    except requests.RequestException as error:
        raise ProviderAway from error
    except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        raise SignOnFailed from error


@_in_our_words()
def leave(request: HttpRequest, back: str) -> HttpResponse:
    """Lead to the provider, which leads back to that address. Raises ProviderAway or SignOnFailed."""
    response: HttpResponse = configured().authorize_redirect(
        request, back, nonce=secrets.token_urlsafe()
    )
    return response


def _refuse_another_issuer(request: HttpRequest, provider: Provider) -> None:
    """An answer names who gives it (RFC 9207); a provider that promised to do so may not leave it out."""
    promised = provider.load_server_metadata().get("authorization_response_iss_parameter_supported")
    named = request.GET.get("iss", None if promised else settings.OIDC_ISSUER)
    if named != settings.OIDC_ISSUER:
        raise AuthlibBaseError("invalid_issuer", "the answer names another issuer")


@_in_our_words()
def claim_of(request: HttpRequest) -> Any:
    """The NIP in the ID token, or else in what the provider tells about the same subject.

    Raises ProviderAway or SignOnFailed.
    """
    provider = configured()
    _refuse_another_issuer(request, provider)
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
