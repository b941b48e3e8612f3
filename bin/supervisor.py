"""Keeps processes alive in the foreground, as systemd and containers do in service. Standard library only."""

import contextlib
import os
import shutil
import signal
import subprocess  # nosec B404  # of the Procfile
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO

TICK_SECONDS = 0.2
STEADY_SECONDS = 10
"""Whoever lives so long has started well, and is started again after a second."""
LONGEST_PAUSE_SECONDS = 30
FALSE_STARTS = 3
PATIENCE_SECONDS = 10
"""How long what is asked to end may take."""
COLOURS = (36, 33, 35, 32)


class NeverStartedError(Exception):
    """A process ended again and again before everything had stood once: this is no accident."""


class Kept:
    """One process, with the children it has."""

    def __init__(self, name: str, command: str, prefix: str) -> None:
        self.name, self.prefix = name, prefix
        # Should this program be killed, what it started ends, too, where Linux can see to it.
        orphaned = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        self.command = [*orphaned, "sh", "-c", f"exec {command}"]
        self.process: subprocess.Popen[bytes] | None = None
        self.pause, self.false_starts, self.start_at = 0.5, 0, 0.0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C at the terminal does not reach it."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # nosec B603  # commands of our own Procfile
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._pass_on, args=(self.process.stdout,), daemon=True).start()

    def keep(self) -> None:
        """Start it when it is time, and notice when it has ended."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.kill()
            self.process = None
            steady = time.monotonic() - self.started > STEADY_SECONDS
            self.false_starts = 0 if steady else self.false_starts + 1
            self.pause = 1 if steady else min(2 * self.pause, LONGEST_PAUSE_SECONDS)
            self.start_at = time.monotonic() + self.pause
            say(f"{self.name} ended ({_how(code)}); it is started again in {self.pause:g} s")

    def ask_to_end(self) -> None:
        """The main process alone: it has its children finish what they do."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """Kill what is left of it, its children included, and wait."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def has_ended(self) -> bool:
        """Whether the main process is gone."""
        return self.process is None or self.process.poll() is not None

    def _pass_on(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                sys.stdout.write(self.prefix + line.decode(errors="replace"))
                sys.stdout.flush()


class Supervisor:
    """Runs commands by name until a KeyboardInterrupt, and ends everything together.

    `stands` says whether everything has worked once; `watch` is called several times a second for whatever else
    has to be kept alive.
    """

    def __init__(
        self, commands: Mapping[str, str], stands: Callable[[], bool], watch: Callable[[], None]
    ) -> None:
        width = max(map(len, commands))
        self.stands, self.watch = stands, watch
        self.kept = [
            Kept(name, command, _prefix(name, width, COLOURS[place % len(COLOURS)]))
            for place, (name, command) in enumerate(commands.items())
        ]

    def run(self) -> None:
        """Keep all of them alive. Raises NeverStartedError."""
        try:
            while True:
                for one in self.kept:
                    one.keep()
                    if one.false_starts >= FALSE_STARTS and not self.stands():
                        raise NeverStartedError(one.name)
                self.watch()
                time.sleep(TICK_SECONDS)
        finally:
            self.end()

    def renew(self) -> None:
        """Have all of them start again, with the environment as it is now."""
        for one in self.kept:
            one.ask_to_end()

    def end(self) -> None:
        """Ask all of them to end, and kill what does not. Another Ctrl-C is no reason to leave something behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for one in self.kept:
            one.ask_to_end()
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not all(one.has_ended() for one in self.kept) and time.monotonic() < give_up_at:
            time.sleep(TICK_SECONDS)
        for one in self.kept:
            one.kill()


def say(sentence: str) -> None:
    """What the supervisor itself has to tell, on stderr."""
    print(f"demo: {sentence}", file=sys.stderr, flush=True)


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _prefix(name: str, width: int, colour: int) -> str:
    text = f"{name:<{width}} | "
    return f"\033[{colour}m{text}\033[0m" if sys.stdout.isatty() else text
