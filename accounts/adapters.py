"""How allauth behaves in the portal: no public sign-up, sign-in by NIP."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User

logger = structlog.get_logger(__name__)


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send; a mail server that is away is logged, and never tells whether an account exists."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # SMTP's errors are among them
            logger.exception("mail_failed", template=template_prefix)
