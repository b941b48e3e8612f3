"""How allauth behaves in the portal: no public sign-up, sign-in by NIP."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the roster; nobody registers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by the roster import or by an operator."""
        return False
