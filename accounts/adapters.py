"""How allauth behaves in the portal: no public sign-up, sign-in by NIP."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the roster; nobody registers."""

    error_messages = {  # noqa: RUF012  allauth's declaration
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "NIP atau kata sandi tidak cocok. Periksa keduanya, atau pilih “Lupa kata sandi”."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by the roster import or by an operator."""
        return False
