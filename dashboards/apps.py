"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "dashboards"
    verbose_name = _("Rekap unit")
