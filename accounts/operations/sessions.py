"""Ending one's sessions.

A session carries the person's generation. The next generation ends all of them, also one that no table
lists; a single session ends when its row goes.
"""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.operations import record


@transaction.atomic
def end_session(*, user: User, session: UserSession) -> None:
    """Sign oneself out on one device."""
    _end([session.session_key])
    record("session.ended", by=user, subject=user, count=1)


@transaction.atomic
def end_other_sessions(*, user: User, session_key: str | None) -> int:
    """Sign oneself out everywhere but here; returns how many listed sessions ended.

    The session of `session_key` stays only if it takes on the new generation: see `views.sessions`.
    """
    ended = end_sessions_of(user, keep=session_key)
    record("session.ended", by=user, subject=user, count=ended)
    return ended


def end_sessions_of(user: User, keep: str | None = None) -> int:
    """End the person's sessions; returns how many listed ones ended. A part of other acts.

    `user` holds the new generation afterwards. The row of the session with the key `keep` stays, for its
    browser to take on that generation.
    """
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    known = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    return _end(list(known.values_list("session_key", flat=True)))


def relist_session(*, user: User, before: str | None, after: str | None) -> None:
    """List a session under the key that it has now."""
    UserSession.objects.filter(user=user, session_key=before).update(session_key=after)


def _end(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    deleted, _ = UserSession.objects.filter(session_key__in=keys).delete()
    return deleted
