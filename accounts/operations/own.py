"""What changes an account by the person's own hand; and the record of who read whose data."""

import datetime
from collections.abc import Iterable

import structlog
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from accounts.models import User
from audit.models import PERSON_READ, Event
from audit.operations import record

logger = structlog.get_logger(__name__)
SAME_READING = datetime.timedelta(minutes=1)
"""A page that is loaded again within this time, with nothing done in between, is read once."""


def choose_language(*, user: User, language: str) -> None:
    """Keep the language in which the person reads the portal, for every device."""
    user.language = language
    user.save(update_fields=["language"])


def hand_over_data(*, by: User) -> None:
    """Record that the person takes away everything that the portal holds about them."""
    record("personal_data.exported", by=by, subject=by)


def choose_time_zone(*, user: User, time_zone: str) -> None:
    """Keep the zone in which the person is shown moments; empty for the portal's own.

    What is allowed when never depends on it.
    """
    user.time_zone = time_zone
    user.save(update_fields=["time_zone"])


def note_reading(*, by: User, people: Iterable[int], where: str) -> None:
    """Record that `by` reads identified data of others: one event for all of them, oneself left out.

    Loading the same page again at once is the same reading. The page is decided already: what cannot
    be recorded is logged, and the page still answers.
    """
    others = sorted({pk for pk in people if pk != by.pk})
    if not others:
        return
    try:
        with transaction.atomic():
            if _is_the_last_act(by, people=others, where=where):
                return
            about = User(pk=others[0]) if len(others) == 1 else by
            record(PERSON_READ, by=by, subject=about, people=others, where=where)
    except DatabaseError:
        logger.exception("reading_not_recorded", where=where, people=len(others))


def _is_the_last_act(by: User, **data: object) -> bool:
    """Whether the last thing on record of the account is just this reading; one row by an index."""
    last = Event.objects.filter(actor_id=by.pk).order_by("-id").annotate(now=Now()).first()
    return (
        last is not None
        and last.verb == PERSON_READ
        and last.data == data
        and last.now - last.at < SAME_READING
    )
