"""What `make demo` does for its processes: whichever dies is started again, and nothing is left behind."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.stack import eventually

PROGRAM = """
import signal, sys
from bin.supervisor import NeverStartedError, Supervisor
signal.signal(signal.SIGTERM, signal.default_int_handler)
try:
    Supervisor({"one": sys.argv[1], "two": "sleep 1000"}, lambda: sys.argv[2] == "stood", lambda: None).run()
except NeverStartedError as error:
    sys.exit(f"{error} never started")
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def supervise():
    """Start the program with a first command; ended with all that it started, whatever the test did."""
    started = []

    def start(command="sleep 1000", stood="stood"):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, command, stood],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def both(process):
    """Its two processes, once they run."""
    return eventually(lambda: len(found := children(process.pid)) == 2 and found)


def test_what_is_killed_is_started_again_and_the_other_runs_on(supervise):
    process = supervise()
    first, second = both(process)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: not is_alive(first))
    assert second in eventually(lambda: first not in (found := both(process)) and found)


def test_children_of_a_killed_process_end_before_it_is_started_again(supervise):
    process = supervise("sh -c 'sleep 1000 & wait'")
    first, _second = both(process)
    (child,) = eventually(lambda: children(first))
    os.kill(first, signal.SIGKILL)
    eventually(lambda: first not in both(process))
    assert not is_alive(child)


@pytest.mark.parametrize("hangs", [False, True])
def test_sigterm_ends_everything_even_what_hangs(supervise, hangs):
    process = supervise()
    pids = both(process)
    if hangs:
        os.kill(pids[0], signal.SIGSTOP)
    process.terminate()
    assert process.wait(timeout=60) == 130
    assert not any(map(is_alive, pids))


@pytest.mark.skipif(not shutil.which("setpriv"), reason="LEFT OUT: there is no setpriv here")
def test_nothing_outlives_a_supervisor_that_is_killed(supervise):
    process = supervise()
    pids = both(process)
    process.kill()
    eventually(lambda: not any(map(is_alive, pids)))


def test_what_never_starts_ends_the_run(supervise):
    process = supervise("false", stood="")
    _said, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "one ended (exit 1); it is started again in 1 s" in errors
    assert errors.endswith("one never started\n")


def test_what_once_stood_is_started_again_however_often_it_ends(supervise):
    process = supervise("false")
    while "again in 8 s" not in process.stderr.readline():
        pass
    assert process.poll() is None
