"""App configuration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from audit.adapters import on_connection, on_migrated


class AuditConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "audit"
    verbose_name = _("Jejak audit")

    def ready(self) -> None:
        """Every connection says who writes; every migration writes how long things are kept."""
        connection_created.connect(on_connection)
        post_migrate.connect(on_migrated, sender=self)
