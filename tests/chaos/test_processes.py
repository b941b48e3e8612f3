"""Workers, beat and web processes that die: what was accepted stays accepted, and is scored once."""

import random
import signal
import time

from tests.chaos.people import kinds
from tests.chaos.stack import eventually


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


def test_the_worker_is_killed_between_commit_and_acknowledgement(stack, cycle):
    """The score is written, Redis does not hear of it: the task comes again and finds nothing to do."""
    stack.kill("worker")
    cycle.crowd.hand_in()
    stack.serve()
    eventually(lambda: cycle.scores() > 0)
    stack.hang_redis()
    eventually(lambda: len(stack.children("worker")) > 0)
    stack.kill("worker")
    cycle.reckon(ended=["worker"])


def test_the_worker_is_asked_to_end_while_it_scores(stack, cycle, meanwhile):
    meanwhile(cycle.crowd.hand_in)
    time.sleep(0.5)
    stack.kill("worker", signal.SIGTERM)
    assert stack.processes["worker"].wait(timeout=60) == 0
    cycle.reckon(ended=["worker"])


def test_beat_is_down(stack, cycle):
    stack.kill("beat")
    stack.kill("worker")
    outcomes = cycle.crowd.hand_in()
    assert kinds(outcomes) == {"receipt": len(cycle.crowd.people)}
    cycle.reckon(ended=["beat", "worker"])


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
