"""Workers, beat and web processes that die: what was accepted stays accepted, and is scored once."""

import json
import os
import random
import signal
import time

from redis import Redis

from tests.chaos.moments import DIE_BEFORE_ACKNOWLEDGING
from tests.chaos.people import RECEIPT, Crowd, kinds
from tests.chaos.stack import eventually

BEAT_DOWN_SECONDS = float(os.environ.get("CHAOS_BEAT_DOWN_SECONDS", "20"))
DRAINED_SECONDS = 120
"""From the first attempt at starting to everything verified, on a busy machine."""

_SLOW_SCORE = """
    CREATE FUNCTION write_slowly() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(1); RETURN NEW; END';
    CREATE TRIGGER slow_score BEFORE INSERT ON assessments_score
        FOR EACH ROW EXECUTE FUNCTION write_slowly();
"""
_SCORING = (
    "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    " AND query LIKE '%%INSERT INTO \"assessments_score\"%%'"
)


def test_children_of_the_worker_are_killed_at_random(stack, cycle, meanwhile):
    moments = random.Random(1)
    meanwhile(cycle.crowd.hand_in)
    for _ in range(8):
        time.sleep(moments.uniform(0.05, 0.6))
        for child in stack.children("worker"):
            stack.kill_process(child)
    cycle.reckon()


def test_the_worker_is_killed_at_random(stack, cycle, meanwhile):
    moments = random.Random(2)
    meanwhile(cycle.crowd.hand_in)
    for _ in range(3):
        time.sleep(moments.uniform(0.5, 3))
        stack.kill("worker")
        stack.serve()
    cycle.reckon()


def unacknowledged(stack):
    """Tasks of scoring that were taken and not acknowledged; the beat's own come and go."""
    with Redis.from_url(stack.environment["REDIS_URL"]) as redis:
        taken = redis.hgetall("unacked")
    return {tag for tag, task in taken.items() if b"assessments.tasks.score" in task}


def test_the_worker_is_killed_between_commit_and_acknowledgement(stack, cycle):
    """The score is written, Redis does not hear of it: the task comes again and finds nothing to do."""
    before = unacknowledged(stack)
    (stack.folder / DIE_BEFORE_ACKNOWLEDGING).touch()
    cycle.crowd.people[0].hand_in()
    assert stack.processes["worker"].wait(timeout=60) == -signal.SIGKILL
    assert cycle.scores() == 1
    assert len(unacknowledged(stack) - before) == 1
    cycle.crowd.hand_in()
    cycle.reckon(ended=["worker"])


def test_the_worker_is_asked_to_end_while_it_scores(stack, cycle, meanwhile):
    """The score that is being written is finished; what was not begun comes again."""
    stack.sql(_SLOW_SCORE)
    try:
        meanwhile(cycle.crowd.hand_in)
        eventually(lambda: stack.sql(_SCORING))
        stack.kill("worker", signal.SIGTERM)
        assert stack.processes["worker"].wait(timeout=60) == 0
        assert cycle.scores() > 0
    finally:
        stack.sql("DROP FUNCTION write_slowly() CASCADE")
    cycle.reckon(ended=["worker"])


def test_the_logs_lead_from_handing_in_to_the_score(stack, cycle):
    """The request that handed in, the task it asked for, and what the worker did with it."""
    assert cycle.crowd.people[0].hand_in().kind == RECEIPT
    ((request,),) = stack.sql(
        "SELECT request_id FROM audit_event WHERE verb = 'assessment.submitted' AND subject_id = %s",
        str(cycle.crowd.people[0].assessment),
    )
    (asked,) = lines_of(stack, "web", event="task_enqueued", request_id=request)
    (done,) = eventually(
        lambda: lines_of(
            stack,
            "worker",
            event="task_succeeded",
            task_id=asked["child_task_id"],
            request_id=request,
        )
    )
    assert (
        not {"user_id", "ip"} & done.keys()
    )  # who asked is in the web's line; the broker is not told


def lines_of(stack, name: str, **facts: str) -> list[dict[str, object]]:
    """Lines of a process's log that say these things."""
    lines = [
        json.loads(line)
        for line in (stack.folder / f"{name}.log").read_text().splitlines()
        if line.startswith("{")
    ]
    return [line for line in lines if facts.items() <= line.items()]


def test_beat_is_down(stack, cycle, meanwhile):
    """Single scores come without it; what a dead worker dropped, and dashboards, come with it."""
    stack.kill("beat")
    first, *others = cycle.crowd.people
    assert first.hand_in().kind == RECEIPT
    eventually(lambda: cycle.scores() == 1)
    stack.kill("worker")
    outcomes = Crowd(tuple(others)).hand_in()
    assert kinds(outcomes) == {RECEIPT: len(others)}
    stack.redis_command("FLUSHALL")
    time.sleep(BEAT_DOWN_SECONDS)
    assert cycle.scores() == 1
    back = time.monotonic()
    cycle.reckon(ended=["beat", "worker"])
    assert time.monotonic() - back < DRAINED_SECONDS


def test_web_processes_are_killed_under_load(stack, cycle, meanwhile):
    moments = random.Random(3)
    meanwhile(cycle.crowd.hand_in)
    for _ in range(4):
        time.sleep(moments.uniform(0.05, 0.4))
        for child in stack.children("web"):
            stack.kill_process(child)
    cycle.reckon()


def test_web_processes_are_renewed_under_load(stack, cycle, meanwhile):
    """A rolling renewal answers everybody."""
    outcomes = []
    meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
    for _ in range(2):
        time.sleep(0.4)
        stack.kill("web", signal.SIGHUP)
    eventually(lambda: len(outcomes) == len(cycle.crowd.people))
    assert kinds(outcomes) == {"receipt": len(cycle.crowd.people)}
    cycle.reckon()
