"""How allauth behaves in the portal: no public sign-up, sign-in by NIP, secrets encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.addresses import ip_of, place_of
from accounts.errors import TooManyAttempts
from accounts.models import User
from accounts.operations import change_password, slow_down

FIRST_STEP = "first_step"
"""Where a session notes, between the two steps of signing in, what ends it."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the roster; nobody registers."""

    error_messages = {  # noqa: RUF012  allauth's declaration
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "NIP atau kata sandi tidak cocok. Periksa keduanya, atau pilih “Lupa kata sandi”."
        ),
        "enter_current_password": _("Kata sandi saat ini tidak cocok. Ketik sekali lagi."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by the roster import or by an operator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What stands in the list of one's devices."""
        return str(ip_of(request))

    def set_password(self, user: User, password: str) -> None:
        """Change one's own password, signed in: on record, and told by a letter."""
        change_password(user=user, password=password)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Let whoever tries one password on many names wait, before any password is hashed."""
        super().pre_authenticate(request, **credentials)
        try:
            slow_down(address=place_of(request))
        except TooManyAttempts as refusal:
            raise ValidationError(str(refusal)) from refusal

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Note what the first step was worth: the second one follows up to a quarter of an hour later."""
        request.session[FIRST_STEP] = user.get_session_auth_hash()
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Let in who is still the one of the first step: not switched off, nor with another password."""
        worth = request.session.pop(FIRST_STEP, "")
        if not user.is_active or not constant_time_compare(worth, user.get_session_auth_hash()):
            messages.error(
                request, _("Akun atau kata sandi ini berubah sejak langkah pertama. Mulai lagi.")
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language that the person chose, on this device too."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names the account in the app on the phone, and keeps its secret unreadable in the database."""

    error_messages = {  # noqa: RUF012  allauth's declaration
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode tidak cocok."),
    }

    def get_totp_label(self, user: User) -> str:
        """The sign-in name: the phone may hold codes of several accounts."""
        return user.username

    def encrypt(self, text: str) -> str:
        """With a key made of SECRET_KEY; a copy of the database alone makes no codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Reads also what an earlier key of SECRET_KEY_FALLBACKS wrote."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second_factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
