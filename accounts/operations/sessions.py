"""Ending one's sessions. A session is a row of the database; deleting it ends it at the next request."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from audit.operations import record


@transaction.atomic
def end_session(*, user: User, session: UserSession) -> None:
    """Sign oneself out on one device."""
    _end([session.session_key])
    record("session.ended", by=user, subject=user, count=1)


@transaction.atomic
def end_other_sessions(*, user: User, session_key: str | None) -> int:
    """Sign oneself out everywhere but here; returns how many sessions ended."""
    ended = end_sessions_of(user, save=session_key)
    record("session.ended", by=user, subject=user, count=ended)
    return ended


def end_sessions_of(user: User, save: str | None = None) -> int:
    """End the person's sessions, save one; returns how many. A part of other acts."""
    known = UserSession.objects.filter(user=user).exclude(session_key=save or "")
    return _end(list(known.values_list("session_key", flat=True)))


def _end(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    deleted, _ = UserSession.objects.filter(session_key__in=keys).delete()
    return deleted
