"""The seeded demo behind a real server of its own: for tests that walk through all of it, and for screenshots."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg2

from tests.databases import drop

CHECKOUT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60


@contextmanager
def running_demo(database: str, *seeding: str) -> Iterator[str]:
    """The address of a portal on a new database, filled by `seed_demo` with the given arguments.

    The database stands in the server of `DATABASE_URL`; it is made anew, and dropped at the end.
    """
    with _server() as cursor:
        drop(cursor, database)
        cursor.execute(f'CREATE DATABASE "{database}"')
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl(),
        "DEBUG": "1",
        "LOG_LEVEL": "ERROR",
    }
    try:
        for command in (["migrate", "--verbosity=0"], ["seed_demo", *seeding]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                check=True,
                cwd=CHECKOUT,
                env=environment,
                stdout=subprocess.DEVNULL,
            )
        gunicorn = [sys.executable, "-m", "gunicorn", "prima_portal.wsgi:application"]
        server = subprocess.Popen(
            [*gunicorn, f"--bind=127.0.0.1:{port}", "--threads=4", "--no-control-socket"],
            cwd=CHECKOUT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(server, f"http://localhost:{port}/readyz")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        with _server() as cursor:
            drop(cursor, database)


@contextmanager
def _server() -> Iterator[Any]:
    """A cursor beside every database of the tests."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - http, to the server above
                return
        except (URLError, HTTPException, OSError):
            if server.poll() is not None or time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)
