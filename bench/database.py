"""The database of the benchmark: statements, and what sessions of it spend."""

import os

from django.db import connection

from bench.measuring import Meter


def close() -> None:
    """Let go of the database."""
    connection.close()


def sessions_of_others() -> list[int]:
    """Database processes that serve the web process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def here() -> Meter:
    """What this process and its own database session spend; nobody else works for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
    return Meter(lambda: [os.getpid()], lambda: [session])


def run(statement: str, *parameters: object) -> None:
    """Execute one statement and fetch what it says."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        if cursor.description:
            cursor.fetchall()
