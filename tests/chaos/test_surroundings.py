"""What is neither database nor Redis nor ours: mail, the network, the clock."""

import contextlib
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.chaos.people import CSRF, PROMPT_SECONDS, RECEIPT, kinds
from tests.chaos.proxy import find_nginx, nginx, slow_clients
from tests.chaos.stack import free_port

SLOW_CLIENTS = 200
SET_BACK_MINUTES = 5


@contextlib.contextmanager
def mail_server(how: str) -> Iterator[int]:
    """The port of one that refuses every connection, or takes it and says nothing."""
    if how == "refuses":
        yield free_port()
        return
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


@pytest.mark.parametrize("how", ["refuses", "hangs"])
def test_mail_is_down(stack, cycle, how):
    with (
        mail_server(how) as port,
        stack.serving("web", "worker", EMAIL_URL=f"smtp://127.0.0.1:{port}"),
    ):
        outcomes = cycle.crowd.hand_in()
        assert kinds(outcomes) == {RECEIPT: len(cycle.crowd.people)}
        assert max(outcome.seconds for outcome in outcomes) < PROMPT_SECONDS
        cycle.reckon()


def test_clients_send_a_byte_a_second(stack, cycle, tmp_path):
    """They hold connections of the proxy, never a thread of the portal."""
    if find_nginx() is None:
        pytest.skip("LEFT OUT: there is no nginx on this machine")
    with nginx(tmp_path, stack.port) as port, slow_clients(port, SLOW_CLIENTS):
        outcomes = cycle.crowd.through(port).hand_in()
    assert kinds(outcomes) == {RECEIPT: len(cycle.crowd.people)}
    assert max(outcome.seconds for outcome in outcomes) < PROMPT_SECONDS
    cycle.reckon()


def test_the_line_dies_in_the_middle_of_what_is_sent(stack, cycle):
    """Without a proxy that buffers, too: half of an answer is stored of nobody, and sending it again stores it."""
    first = cycle.crowd.people[0]
    with socket.create_connection(("127.0.0.1", stack.port)) as line:
        line.sendall(
            f"POST /penilaian/{first.assessment}/jawaban/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: __Host-sessionid={first.session}; __Host-csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\n"
            f"Origin: https://127.0.0.1\r\nX-Forwarded-Proto: https\r\nContent-Length: 100\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\nindicator=ALF-01&ALF-01=1".encode()
        )
        line.shutdown(socket.SHUT_WR)
        assert line.recv(12) == b"HTTP/1.1 400"
    stored = (
        "SELECT value FROM assessments_answer answer JOIN pillars_indicator indicator"
        " ON indicator.id = answer.indicator_id WHERE assessment_id = %s AND code = 'ALF-01'"
    )
    assert stack.sql(stored, first.assessment) == [(2,)]
    assert first.answer("ALF-01", 1) == "saved"
    assert stack.sql(stored, first.assessment) == [(1,)]
    cycle.reckon()


def test_the_clock_is_set_back(stack, cycle, tmp_path):
    """Of the web processes, while people hand in: the database's time decides."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    with stack.serving(
        "web",
        LD_PRELOAD=str(_libfaketime()),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        DONT_FAKE_MONOTONIC="1",
    ):
        *others, late = cycle.crowd.people
        for number, person in enumerate(others):
            if number == len(others) // 2:
                clock.write_text(f"-{SET_BACK_MINUTES}m")
            assert person.hand_in().kind == RECEIPT
        ((off, distinct),) = stack.sql(
            "SELECT max(abs(extract(epoch FROM now() - submitted_at))), count(DISTINCT number)"
            " FROM assessments_submission WHERE number LIKE %s",
            f"{cycle.code}-%",
        )
        assert off < SET_BACK_MINUTES * 60 / 2
        assert distinct == len(others)
        closed = "UPDATE assessments_cycle SET closes_at = now() + %s::interval WHERE code = %s"
        stack.sql(closed, "-1 minute", cycle.code)  # for the web processes that is yet to come
        assert late.hand_in().kind not in {RECEIPT, "status 200"}
        stack.sql(closed, "1 day", cycle.code)
        cycle.reckon()


def _libfaketime() -> Path:
    package = find_spec("libfaketime")
    assert package is not None
    assert package.origin is not None
    return next(Path(package.origin).parent.rglob("libfaketime.so.1"))
