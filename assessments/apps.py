"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "assessments"
    verbose_name = _("Penilaian")
