"""App configurations of the wiring package."""

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Holds the portal's own commands (demo data, backup), which need every other app."""

    name = "prima_portal"
    label = "prima_portal"

    def ready(self) -> None:
        """Keep pages of libraries out of the admin, and name what stays in the operators' language.

        The scheduler's need inline script, which our policy refuses; those of accounts would show secrets,
        and addresses that the portal does not ask for.
        """
        for label in ("django_celery_beat", "account", "mfa", "usersessions"):
            for model in apps.get_app_config(label).get_models():
                if admin.site.is_registered(model):
                    admin.site.unregister(model)
        apps.get_app_config("axes").verbose_name = _("Percobaan masuk yang gagal")


class PortalAdminConfig(AdminConfig):
    """The operators' admin, behind the portal's own sign-in."""

    default_site = "prima_portal.admin.PortalAdminSite"
