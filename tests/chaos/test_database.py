"""PostgreSQL that goes away: a receipt or "coba lagi", and after it nothing to repair."""

import random
import signal
import time

import pytest

from tests.chaos.people import NO_ANSWER, RECEIPT, TRY_AGAIN, kinds

HONEST = {RECEIPT, TRY_AGAIN, NO_ANSWER}

_SLOW_COMMIT = """
    CREATE FUNCTION wait_a_moment() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON assessments_submission
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_a_moment();
"""
_CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'"


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


def test_sessions_are_cut_off_during_commit(stack, cycle, meanwhile):
    """After the insert and before it is durable: nobody gets a receipt for what is rolled back."""
    stack.sql(_SLOW_COMMIT)
    outcomes = []
    try:
        meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
        cut = 0
        for _ in range(20):
            time.sleep(0.1)
            cut += len(stack.sql(_CUT_OFF))
        assert cut
    finally:
        stack.sql("DROP FUNCTION wait_a_moment() CASCADE")
    cycle.reckon()
    assert set(kinds(outcomes)) <= HONEST
