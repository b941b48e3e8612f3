"""The Celery application. Tasks live in each app's `tasks.py`; their settings in `settings.py`."""

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")

app = Celery("prima_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _use_django_logging(**_: object) -> None:
    """Log through Django's configuration, so that web and worker lines look alike."""
    from logging.config import dictConfig  # noqa: PLC0415  Celery loads this before settings exist

    dictConfig(settings.LOGGING)
