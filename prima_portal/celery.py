"""The Celery application. Tasks live in each app's `tasks.py`; their settings in `settings.py`."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings
from django.dispatch import receiver
from django_structlog.celery.signals import modify_context_before_task_publish
from django_structlog.celery.steps import DjangoStructLogInitStep

from prima_portal.patience import limit_idling

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")

app = Celery("prima_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Lines of a task carry its id and the id of the request that asked for it.
app.steps["worker"].add(DjangoStructLogInitStep)

INHERITED = frozenset({"request_id", "parent_task_id"})
"""What a task is told of whoever asked for it: no person and no address goes to the broker."""


@receiver(modify_context_before_task_publish)
def _tell_ids_only(context: dict[str, object], **_: object) -> None:
    for name in context.keys() - INHERITED:
        del context[name]


@setup_logging.connect
def _use_django_logging(**_: object) -> None:
    """Log through Django's configuration, so that web and worker lines look alike."""
    from logging.config import dictConfig  # noqa: PLC0415  Celery loads this before settings exist

    dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def _limit_idling(**_: object) -> None:
    """A worker or a beat that hangs in a transaction loses it after the time that a task may take."""
    limit_idling(settings.CELERY_TASK_TIME_LIMIT)
