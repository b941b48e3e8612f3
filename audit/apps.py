"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "audit"
    verbose_name = _("Jejak audit")
