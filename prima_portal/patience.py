"""How long a process waits for a database that hangs, and a database for a process that does.

PostgreSQL's own `statement_timeout` ends a slow statement, but a stopped server ends nothing, and its kernel goes on
acknowledging what arrives. Only whoever waits can stop waiting. And only the server can free what a stopped process
has locked in the middle of a transaction.
"""

import math
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections
from psycopg2 import OperationalError
from psycopg2.extensions import (
    POLL_OK,
    POLL_READ,
    STATUS_SETUP,
    connection,
    set_wait_callback,
)

CONNECT_SECONDS = 5
CHECK_SECONDS = 2
"""For the word by which a request asks whether the connection it was left still lives."""
GRACE_SECONDS = 5
"""How much longer the process waits than the server is given: a server that lives answers first."""
PAUSE_SECONDS = 5
"""How long nobody asks a server that took a connection and said nothing."""

_last_moment: ContextVar[float] = ContextVar("last_moment", default=math.inf)


def limit_waiting() -> None:
    """Bound every wait of this process for the database; to be called before the first connection.

    A wait that ends so closes the connection and raises OperationalError, as a server that went away does.
    psycopg2 cannot COPY afterwards, so that this is for web processes only. What such a process leaves open in a
    transaction is ended after the same time.
    """
    _ask_of_server("statement_timeout", settings.DATABASE_TIMEOUT_SECONDS)
    limit_idling(settings.DATABASE_TIMEOUT_SECONDS)
    set_wait_callback(_wait)


def limit_idling(seconds: int) -> None:
    """Have the server end transactions of this process in which nothing is asked for so long.

    To be called before the first connection. The locks are free then, and what was not committed is undone.
    """
    _ask_of_server("idle_in_transaction_session_timeout", seconds)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have all that this thread asks of the database in here end within the seconds together."""
    before = _last_moment.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _last_moment.reset(before)


class _Silence:
    """A server that took a connection and said nothing: one thread at a time asks it again, the others give up at once.

    Without it every thread of the process would wait, and nobody be left to say "coba lagi", or to answer a probe.
    """

    def __init__(self) -> None:
        self.until = 0.0

    def take_turn(self) -> None:
        """Go on to connect, or raise OperationalError."""
        now = time.monotonic()
        if now < self.until:
            raise OperationalError("the database did not answer others a moment ago")
        if self.until:
            self.until = now + CONNECT_SECONDS

    def note(self, *, answered: bool) -> None:
        """Say how it went."""
        self.until = 0.0 if answered else time.monotonic() + PAUSE_SECONDS


_silence = _Silence()


def _ask_of_server(setting: str, seconds: int) -> None:
    options = connections.settings["default"]["OPTIONS"]
    options["options"] = f"{options['options']} -c {setting}={seconds}s"


def _wait(session: connection) -> None:
    """Wait until libpq is done, or raise OperationalError."""
    connecting = session.status == STATUS_SETUP
    if connecting:
        _silence.take_turn()
        seconds: float = CONNECT_SECONDS
    elif not connections["default"].health_check_done:  # type: ignore[attr-defined]  # unknown to the stubs
        seconds = CHECK_SECONDS
    else:
        seconds = settings.DATABASE_TIMEOUT_SECONDS + GRACE_SECONDS
    seconds = min(seconds, max(0.0, _last_moment.get() - time.monotonic()))
    answered = _answers_within(session, seconds)
    if connecting:
        _silence.note(answered=answered)
    if not answered:
        raise OperationalError(f"the database has not answered for {seconds:.3g} seconds")


def _answers_within(session: connection, seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    while (state := session.poll()) != POLL_OK:
        poll = select.poll()
        poll.register(session.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poll.poll(max(0.0, give_up_at - time.monotonic()) * 1000):
            return False
    return True
