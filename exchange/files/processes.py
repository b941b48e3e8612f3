"""Reads a file in a process of its own, with limits of memory and time: a parser that fails takes nobody along."""

import gc
import os
import pickle  # nosec B403  # what this module itself wrote
import resource
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from django.utils.translation import gettext as _

from exchange.files.faults import Fault, FileRefused

Item = TypeVar("Item")
MEMORY_BYTES: Final = 700 * 1024 * 1024
"""On top of what the process holds when it starts."""
CPU_SECONDS: Final = 120
WALL_SECONDS: Final = 200
_BATCH: Final = 500
_ITEMS, _REFUSED, _FAILED, _DONE = "items", "refused", "failed", "done"


class ReaderFailed(Exception):
    """The reader raised what no reader should; its traceback is the message."""


def apart(
    read: Callable[[], Item], *, memory_bytes: int = MEMORY_BYTES, cpu_seconds: int | None = None
) -> Item:
    """Return what `read` returns, computed in a limited process; raises the FileRefused that it raises.

    A reader that runs out of memory (bytes) or time (`CPU_SECONDS` unless given) is a refused file. `read` must not
    use the database.
    """
    (result,) = stream_apart(
        lambda: iter((read(),)), memory_bytes=memory_bytes, cpu_seconds=cpu_seconds
    )
    return result


def stream_apart(
    read: Callable[[], Iterator[Item]],
    *,
    memory_bytes: int = MEMORY_BYTES,
    cpu_seconds: int | None = None,
) -> Iterator[Item]:
    """Yield what `read` yields, as `apart` does for one thing. Only one batch is held at a time."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # From Python 3.12 on a fork beside threads is warned of: the child takes no lock of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        os.close(reader)
        _work(read, writer, memory_bytes, cpu_seconds or CPU_SECONDS)
    os.close(writer)
    finished = False
    try:
        with os.fdopen(reader, "rb") as pipe:
            yield from _received(pipe)
        finished = True
    finally:
        if not finished:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _received(pipe: IO[bytes]) -> Iterator[Any]:
    while True:
        try:
            kind, what = pickle.load(pipe)  # noqa: S301  # nosec B301  # from our own child
        except (EOFError, pickle.UnpicklingError):
            kind, what = None, None
        if kind == _ITEMS:
            yield from what
        elif kind == _DONE:
            return
        elif kind == _REFUSED:
            raise FileRefused(what)
        elif kind == _FAILED:
            raise ReaderFailed(what)
        else:
            reason = _(
                "Membaca berkas ini memerlukan terlalu banyak memori atau waktu. "
                "Bagi menjadi beberapa berkas, atau simpan ulang."
            )
            raise FileRefused([Fault(0, "", reason)])


def _work(
    read: Callable[[], Iterator[Any]], writer: int, memory_bytes: int, cpu_seconds: int
) -> None:
    """The child: limits, then the reader, then out without any of the parent's clean-up."""
    try:
        # What the parent holds is not this process's to finish, its connections above all.
        gc.freeze()
        _limit(memory_bytes, cpu_seconds)
        with os.fdopen(writer, "wb") as pipe:
            batch: list[Any] = []
            try:
                for item in read():
                    batch.append(item)
                    if len(batch) == _BATCH:
                        pickle.dump((_ITEMS, batch), pipe, pickle.HIGHEST_PROTOCOL)
                        batch = []
                last: tuple[str, object] = (_DONE, None)
            except FileRefused as refusal:
                last = (_REFUSED, refusal.faults)
            except MemoryError:
                os._exit(1)
            except BaseException:  # noqa: BLE001  # told to the parent
                last = (_FAILED, traceback.format_exc())
            # What came before a refusal counts: more may be wrong with it.
            pickle.dump((_ITEMS, batch), pipe, pickle.HIGHEST_PROTOCOL)
            pickle.dump(last, pipe, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_SECONDS)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
