"""Events of the past with their own times: what operations would have recorded back then."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.models.signals import pre_save

from accounts.models import User
from audit.models import Event


@contextmanager
def as_of(moment: datetime.datetime) -> Iterator[None]:
    """Inside, what is recorded carries this moment, in an empty database that is being filled."""

    def back_date(instance: Event, **_: Any) -> None:
        instance.at = moment

    pre_save.connect(back_date, sender=Event)
    try:
        yield
    finally:
        pre_save.disconnect(back_date, sender=Event)


def event(
    verb: str, subject: models.Model, by: User, at: datetime.datetime, **data: object
) -> Event:
    """One event of the past, not yet saved."""
    return Event(
        verb=verb,
        at=at,
        actor_id=by.pk,
        actor_name=str(by),
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        data=data,
    )


def remember(events: Iterable[Event]) -> None:
    """Save events in the order in which they happened."""
    Event.objects.bulk_create(sorted(events, key=lambda each: each.at), batch_size=2_000)
