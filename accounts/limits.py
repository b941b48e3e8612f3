"""How long a session lasts: so many hours from signing in, and fewer where nothing is asked for."""

import datetime
import math
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from accounts.clock import hour_in_words

BEGAN: Final = "session_began"
SEEN: Final = "session_seen"
"""Where a session notes when it was last used, in seconds since 1970."""
SEEN_EVERY: Final = 60
"""Seconds between two notes of when a session was last used: not a write for each request."""
WARNED_IDLE: Final = 300
"""Seconds before the end by which a person is told, where one button prolongs it."""
WARNED_ABSOLUTE: Final = 600
"""The same where nothing does: time to finish a form."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Whole seconds until the session ends, by each of its limits; 0 once it is over."""

    idle: int
    absolute: int

    @property
    def is_over(self) -> bool:
        """Whether one of them is reached."""
        return not min(self.idle, self.absolute)

    @property
    def end_in_words(self) -> str:
        """The hour at which it ends if nothing more is asked for, in the reader's zone."""
        left = datetime.timedelta(seconds=min(self.idle, self.absolute))
        return hour_in_words(timezone.now() + left)

    @property
    def warned_idle(self) -> int:
        """Seconds before the end by which to warn: not the whole of a short limit."""
        return min(WARNED_IDLE, settings.SESSION_IDLE_SECONDS // 2)

    @property
    def warned_absolute(self) -> int:
        """The same for the limit that nothing prolongs."""
        return min(WARNED_ABSOLUTE, settings.SESSION_COOKIE_AGE // 2)

    @property
    def hours(self) -> int:
        """Hours from signing in to the end, whatever is done meanwhile."""
        return settings.SESSION_COOKIE_AGE // 3600


def time_left(session: SessionBase) -> TimeLeft:
    """How long a session may still be used. One without a note of its beginning is over."""
    now = time.time()
    began = session.get(BEGAN, 0.0)
    seen = session.get(SEEN, began)
    return TimeLeft(
        idle=max(0, math.ceil(seen + settings.SESSION_IDLE_SECONDS - now)),
        absolute=max(0, math.ceil(began + settings.SESSION_COOKIE_AGE - now)),
    )


def begin(session: SessionBase) -> None:
    """Let both limits count from now: somebody signed in."""
    session[BEGAN] = session[SEEN] = time.time()


def note_use(session: SessionBase, *, at_once: bool = False) -> None:
    """Let the idle limit count from now; written at once, or when the last note is old enough."""
    now = time.time()
    if at_once or now - session.get(SEEN, 0.0) >= SEEN_EVERY:
        session[SEEN] = now
