"""A renewal of the web processes, with an application that takes its time to start, as the portal does."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.chaos.stack import eventually, free_port

APPLICATION = """
import os, pathlib, time
version = pathlib.Path({version!r}).read_text()
time.sleep({start})
def application(environ, start_response):
    time.sleep({start} if environ["PATH_INFO"] == "/slow" else 0)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{{version}} {{os.getpid()}}".encode()]
"""
START_SECONDS = 2


class Portal:
    """gunicorn as it is delivered, with another application."""

    def __init__(self, folder: Path) -> None:
        self.version = folder / "version"
        self.version.write_text("old")
        source = APPLICATION.format(version=str(self.version), start=START_SECONDS)
        (folder / "slow_to_start.py").write_text(source)
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                *(Path(sys.executable).with_name("gunicorn"), "slow_to_start:application"),
                *("--config", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{self.port}"),
                *("--workers", "2", "--pythonpath", str(folder)),
            ],
            cwd=settings.BASE_DIR,
            stderr=subprocess.DEVNULL,
        )

    def answer(self, page: str = "", *, seconds: float = START_SECONDS / 2) -> str | None:
        """Which version answers; None where nobody does, by default in half the time that starting takes."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=seconds) as response:
                return str(response.read().decode().split()[0])
        except OSError:
            return None

    def processes(self) -> int:
        """How many the manager has."""
        pid = self.process.pid
        return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@pytest.fixture
def portal(tmp_path):
    one = Portal(tmp_path)
    eventually(one.answer)
    yield one
    one.process.kill()
    one.process.wait()


def test_the_old_answer_until_the_new_stand(portal):
    portal.version.write_text("new")
    portal.process.send_signal(signal.SIGHUP)
    answers = [portal.answer()]
    while "new" not in answers or portal.processes() > 2:
        time.sleep(0.02)
        answers.append(portal.answer())
    assert None not in answers
    assert answers[0] == "old"
    assert answers[-1] == "new"


def test_who_renews_twice_at_once_loses_nothing_either(portal):
    for version in ("newer", "newest"):
        portal.version.write_text(version)
        portal.process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
    answers = [portal.answer()]
    while "newest" not in answers or portal.processes() > 2:
        time.sleep(0.02)
        answers.append(portal.answer())
    assert None not in answers
    assert answers[-1] == "newest"


def test_nobody_waits_for_a_successor_when_all_are_to_end(portal):
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(timeout=20) == 0
    assert portal.answer() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_was_begun_is_answered(portal, number):
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(portal.answer, "slow", seconds=60)
        time.sleep(START_SECONDS / 4)
        portal.process.send_signal(number)
        assert begun.result() == "old"
    if number == signal.SIGTERM:
        assert portal.process.wait(timeout=20) == 0
