"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "accounts"
    verbose_name = _("Akun")
