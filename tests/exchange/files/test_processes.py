"""Reading in a process of its own: what comes back, and what its limits turn into."""

import os

import pytest

from exchange.files import Fault, FileRefused, apart, stream_apart
from exchange.files.processes import ReaderFailed

FAULT = Fault(3, "NIP", "Salah.")


def refuse():
    raise FileRefused([FAULT])


def fall():
    raise KeyError("sel")


def test_what_is_read_comes_from_another_process():
    assert apart(lambda: ("baris", 3)) == ("baris", 3)
    assert apart(os.getpid) != os.getpid()


def test_faults_come_back_as_they_are():
    with pytest.raises(FileRefused) as refusal:
        apart(refuse)
    assert refusal.value.faults == (FAULT,)


def test_a_reader_that_fails_is_no_refused_file():
    with pytest.raises(ReaderFailed, match="KeyError: 'sel'"):
        apart(fall)


def test_rows_come_in_order_and_faults_after_them():
    def read():
        yield from range(1_234)
        refuse()

    rows = stream_apart(read)
    assert [next(rows) for _ in range(1_000)] == list(range(1_000))
    with pytest.raises(FileRefused):
        list(rows)


def test_rows_that_nobody_waits_for_end_their_process():
    def read():
        while True:
            yield os.getpid()

    rows = stream_apart(read)
    child = next(rows)
    rows.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_too_much_memory_is_a_refused_file():
    with pytest.raises(FileRefused, match="terlalu banyak memori atau waktu"):
        apart(lambda: len(bytearray(1_000_000_000)), memory_bytes=50_000_000)
    assert apart(lambda: len(bytearray(20_000_000)), memory_bytes=50_000_000) == 20_000_000


def test_too_much_time_is_a_refused_file(monkeypatch):
    monkeypatch.setattr("exchange.files.processes.CPU_SECONDS", 1)

    def read():
        while True:
            pass

    with pytest.raises(FileRefused, match="terlalu banyak memori atau waktu"):
        apart(read)
    monkeypatch.undo()
    with pytest.raises(FileRefused, match="terlalu banyak memori atau waktu"):
        apart(read, cpu_seconds=1)


def test_a_reader_that_is_killed_is_a_refused_file():
    with pytest.raises(FileRefused, match="terlalu banyak memori atau waktu"):
        apart(lambda: os.kill(os.getpid(), 9))


def test_a_reader_cannot_write_files(tmp_path):
    with pytest.raises((ReaderFailed, FileRefused)):
        apart(lambda: (tmp_path / "a").write_bytes(b"x"))


def test_what_comes_before_a_refusal_arrives():
    def read():
        yield from range(501)
        raise FileRefused([Fault(7, "", "Rusak.")])

    received = []
    with pytest.raises(FileRefused):
        received.extend(stream_apart(read))
    assert received == list(range(501))
