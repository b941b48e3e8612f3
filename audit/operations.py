"""Recording what was done. Called inside the transaction of the act itself."""

from collections.abc import Iterable
from typing import Protocol

import structlog
from django.db import models

from audit.models import Event


class Actor(Protocol):
    """Whoever acts: an account. `None` stands for the system."""

    pk: int

    def __str__(self) -> str: ...


def record(verb: str, *, by: Actor | None, subject: models.Model, **data: object) -> Event:
    """Append one event about `subject`; it becomes durable with the surrounding transaction."""
    return Event.objects.create(**_columns(verb, by=by, subject=subject, data=data))


def record_many(
    verb: str, *, by: Actor | None, subjects: Iterable[models.Model], **data: object
) -> None:
    """Append one event for each subject, all with the same data, in few statements."""
    Event.objects.bulk_create(
        [Event(**_columns(verb, by=by, subject=subject, data=data)) for subject in subjects],
        batch_size=2_000,
    )


def _columns(
    verb: str, *, by: Actor | None, subject: models.Model, data: dict[str, object]
) -> dict[str, object]:
    context = structlog.contextvars.get_contextvars()
    return {
        "verb": verb,
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else "",
        "subject_type": subject._meta.label,
        "subject_id": str(subject.pk),
        "data": data,
        "request_id": str(context.get("request_id") or context.get("task_id") or ""),
    }
