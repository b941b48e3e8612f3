"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "organization"
    verbose_name = _("Organisasi")
