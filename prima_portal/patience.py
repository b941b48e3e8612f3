"""How long a process waits for a database that hangs, and a database for a process that does.

PostgreSQL's own `statement_timeout` ends a slow statement, but a stopped server ends nothing, and its kernel goes on
acknowledging what arrives. Only whoever waits can stop waiting. And only the server can free what a stopped process
has locked in the middle of a transaction.
"""

import select
import time

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
GRACE_SECONDS = 5
"""How much longer the process waits than the server is given: a server that lives answers first."""


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


def _ask_of_server(setting: str, seconds: int) -> None:
    options = connections.settings["default"]["OPTIONS"]
    options["options"] = f"{options['options']} -c {setting}={seconds}s"


def _wait(session: connection) -> None:
    """Wait until libpq is done, or raise OperationalError."""
    connecting = session.status == STATUS_SETUP
    seconds = CONNECT_SECONDS if connecting else settings.DATABASE_TIMEOUT_SECONDS + GRACE_SECONDS
    give_up_at = time.monotonic() + seconds
    while (state := session.poll()) != POLL_OK:
        poll = select.poll()
        poll.register(session.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poll.poll(max(0.0, give_up_at - time.monotonic()) * 1000):
            raise OperationalError(f"the database has not answered for {seconds} seconds")
