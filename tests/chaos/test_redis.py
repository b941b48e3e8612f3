"""Redis is disposable: people notice nothing, and scores come once it is back."""

import time

from tests.chaos.people import PROMPT_SECONDS, kinds
from tests.chaos.stack import eventually

FULL_SECONDS = 15


def test_nothing_is_lost_where_nothing_breaks(cycle):
    assert kinds(cycle.crowd.hand_in()) == {"receipt": len(cycle.crowd.people)}
    cycle.reckon()


def test_redis_hangs(stack, cycle):
    stack.hang_redis()
    assert cycle.crowd.answer("ALF-01", 3) == {"saved": len(cycle.crowd.people)}
    outcomes = cycle.crowd.hand_in()
    assert kinds(outcomes) == {"receipt": len(cycle.crowd.people)}
    assert max(outcome.seconds for outcome in outcomes) < PROMPT_SECONDS
    cycle.reckon()


def test_redis_is_stopped(stack, cycle):
    stack.stop_redis()
    assert cycle.crowd.answer("ALF-01", 3) == {"saved": len(cycle.crowd.people)}
    outcomes = cycle.crowd.hand_in()
    assert kinds(outcomes) == {"receipt": len(cycle.crowd.people)}
    assert max(outcome.seconds for outcome in outcomes) < PROMPT_SECONDS
    cycle.reckon()


def test_redis_restarts_empty_with_work_queued(stack, cycle):
    stack.kill("worker")
    cycle.crowd.hand_in()
    # The sweep has announced them, too, so that only its doubts can bring them back.
    eventually(lambda: not stack.manage("dispatch_pending").stdout.endswith(" 0\n"))
    stack.stop_redis()
    assert cycle.scores() == 0
    cycle.reckon(ended=["worker"])


def test_redis_is_full(stack, cycle):
    stack.redis_command("CONFIG", "SET", "maxmemory-policy", "noeviction")
    stack.redis_command("CONFIG", "SET", "maxmemory", "1")
    try:
        assert kinds(cycle.crowd.hand_in()) == {"receipt": len(cycle.crowd.people)}
        time.sleep(FULL_SECONDS)  # the worker meets the refusal several times
        assert stack.status("/readyz", seconds=5) == 200
    finally:
        stack.redis_command("CONFIG", "SET", "maxmemory", "0")
    cycle.reckon()
