"""PostgreSQL that goes away: a receipt or "coba lagi", and after it nothing to repair."""

import random
import signal
import time

import psycopg2
import pytest

from tests.chaos.people import NO_ANSWER, RECEIPT, TRY_AGAIN, kinds
from tests.chaos.stack import eventually

HONEST = {RECEIPT, TRY_AGAIN, NO_ANSWER}

_SLOW_COMMIT = """
    CREATE FUNCTION wait_a_moment() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON assessments_submission
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_a_moment();
"""
_SLOW_EVENT = """
    CREATE FUNCTION wait_a_moment() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
    CREATE TRIGGER slow_event BEFORE INSERT ON audit_event
        FOR EACH ROW EXECUTE FUNCTION wait_a_moment();
"""
_CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s AND state = 'active'"
    " AND pid <> pg_backend_pid()"
)
_WRITES_EVENT = (
    "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%INSERT INTO \"audit_event\"%%' AND state = 'active'"
    " AND pid <> pg_backend_pid()"
)
_IDLE_IN_TRANSACTION = "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
DATABASE_SECONDS = 3
HUNG_SECONDS = 25
PROBE_SECONDS = 5
"""What docs/operations.md has a balancer wait for `/readyz`."""


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["immediate", "fast"])
def test_postgresql_restarts(stack, cycle, meanwhile, how):
    outcomes = []
    meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
    time.sleep(0.7)
    stack.stop_postgresql(how)
    time.sleep(1)
    stack.start()
    cycle.reckon()
    assert set(kinds(outcomes)) <= HONEST


def test_sessions_are_cut_off_anywhere(stack, cycle, meanwhile):
    moments = random.Random(4)
    outcomes = []
    meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
    for _ in range(12):
        time.sleep(moments.uniform(0.02, 0.2))
        stack.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    cycle.reckon()
    assert set(kinds(outcomes)) <= HONEST


@pytest.mark.parametrize(
    ("slow", "query"),
    [(_SLOW_EVENT, '%INSERT INTO "audit_event"%'), (_SLOW_COMMIT, "COMMIT")],
    ids=["before", "during"],
)
def test_sessions_are_cut_off_at_the_commit(stack, cycle, meanwhile, slow, query):
    """After the insert and before it is durable: nobody gets a receipt for what is rolled back."""
    stack.sql(slow)
    outcomes = []
    try:
        meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
        cut = 0
        for _ in range(20):
            time.sleep(0.1)
            cut += len(stack.sql(_CUT_OFF, query))
        assert cut
    finally:
        stack.sql("DROP FUNCTION wait_a_moment() CASCADE")
    cycle.reckon()
    assert set(kinds(outcomes)) <= HONEST


def test_web_processes_hang_in_the_middle_of_handing_in(stack, cycle, meanwhile):
    """Stopped with rows locked: the database ends their transactions while they still hang."""
    stack.sql(_SLOW_EVENT)
    try:
        with stack.serving("web", DATABASE_TIMEOUT_SECONDS=str(DATABASE_SECONDS)):
            meanwhile(cycle.crowd.hand_in)
            eventually(lambda: stack.sql(_WRITES_EVENT))
            stack.signal_group("web", signal.SIGSTOP)
            try:
                eventually(lambda: stack.sql(_IDLE_IN_TRANSACTION))
                eventually(lambda: not stack.sql(_IDLE_IN_TRANSACTION))
                rows = stack.sql(
                    "SELECT count(*) FROM (SELECT FROM assessments_assessment FOR UPDATE NOWAIT) free"
                )
                assert rows[0][0] > 0
            finally:
                stack.signal_group("web", signal.SIGCONT)
            cycle.reckon()
    finally:
        stack.sql("DROP FUNCTION wait_a_moment() CASCADE")


def test_postgresql_hangs(stack, cycle, meanwhile):
    """A stopped server acknowledges and answers nothing: waiting ends by itself, with a page."""
    outcomes = []
    with stack.serving("web", DATABASE_TIMEOUT_SECONDS=str(DATABASE_SECONDS)):
        meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
        time.sleep(0.3)
        stack.signal_postgresql(signal.SIGSTOP)
        time.sleep(HUNG_SECONDS)
        for _ in range(10):
            assert stack.status("/readyz", seconds=PROBE_SECONDS) == 503
            assert stack.status("/livez", seconds=PROBE_SECONDS) == 200
        stack.signal_postgresql(signal.SIGCONT)
        eventually(lambda: len(outcomes) == len(cycle.crowd.people))
        cycle.reckon()
    assert set(kinds(outcomes)) == {RECEIPT, TRY_AGAIN}


def test_the_disk_of_the_database_is_full(stack, cycle):
    if stack.disk is None:
        pytest.skip("LEFT OUT: only root can mount a small disk for the database")
    stack.disk.fill()
    try:
        with pytest.raises(psycopg2.Error):  # whatever room was left in files goes, too
            stack.sql(
                "CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)"
            )
        outcomes = cycle.crowd.hand_in()
    finally:
        stack.disk.free()
    assert TRY_AGAIN in kinds(outcomes)
    assert set(kinds(outcomes)) <= HONEST
    cycle.reckon()
