"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PillarsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "pillars"
    verbose_name = _("Instrumen")
