"""App configurations of the wiring package."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Holds the portal's own commands (demo data, backup), which need every other app."""

    name = "prima_portal"
    label = "prima_portal"


class PortalAdminConfig(AdminConfig):
    """The operators' admin, behind the portal's own sign-in."""

    default_site = "prima_portal.admin.PortalAdminSite"
