"""bin/services: what it stops is stopped for good, even where it hangs."""

import os
import signal
import warnings

import pytest

from tests.chaos.stack import services_at


@pytest.fixture
def services(tmp_path, monkeypatch):
    """The program with a home of its own, and a Redis that it runs; PostgreSQL is given."""
    monkeypatch.delenv("REDIS_URL")
    program = services_at(tmp_path)
    program.STATE_FILE = tmp_path / "state.json"
    with warnings.catch_warnings():  # the server outlives the object that started it
        warnings.simplefilter("ignore", ResourceWarning)
        assert program.up() == 0
    yield program
    program.down()


def test_redis_that_hangs_is_stopped(services):
    record = services.load_state()["redis"]
    os.kill(record["pid"], signal.SIGSTOP)
    services.down()
    assert not services.is_running(record)


def test_what_was_stopped_is_told_from_what_died(services):
    before = services.load_state()["redis"]
    os.kill(before["pid"], signal.SIGKILL)
    assert "pid" in services.load_state()["redis"]
    services.down()
    stopped = services.load_state()["redis"]
    assert "pid" not in stopped
    assert (stopped["port"], stopped["password"]) == (before["port"], before["password"])
