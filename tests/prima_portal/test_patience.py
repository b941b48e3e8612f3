"""A process that hangs in the middle of a transaction: its locks are free again while it still hangs."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from prima_portal.celery import app

LOCK = 20_260_816
HANGS = """
import os, signal, sys
from prima_portal import wsgi
from django.db import OperationalError, connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sys.argv[2]])
        os.kill(os.getpid(), signal.SIGSTOP)
        cursor.execute("SELECT 1")
except OperationalError as error:
    print("undone")
"""
ASKS = """
import sys
from prima_portal.celery import app
from celery.signals import {signal}
{signal}.send(sender=None)
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW idle_in_transaction_session_timeout")
    print(cursor.fetchone()[0])
"""


def test_a_web_process_that_is_stopped_holds_no_lock_for_ever(db):
    hung = subprocess.Popen(
        [sys.executable, "-c", HANGS, connection.settings_dict["NAME"], str(LOCK)],
        env={**os.environ, "DATABASE_TIMEOUT_SECONDS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _, status = os.waitpid(hung.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    finally:
        hung.send_signal(signal.SIGCONT)
    output, _ = hung.communicate(timeout=60)
    assert output == "undone\n"


@pytest.mark.parametrize("name", ["worker_init", "beat_init"])
def test_worker_and_beat_are_given_as_long_as_a_task_may_take(name):
    source = ASKS.format(signal=name)
    asked = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60
    )
    assert app.conf.task_time_limit == 240
    assert asked.stdout == "4min\n", asked.stderr
