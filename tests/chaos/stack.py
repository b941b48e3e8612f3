"""The portal as it runs in service, to be broken: PostgreSQL and Redis of its own, and the Procfile's processes."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg2
from honcho.environ import parse_procfile

from tests.chaos.disk import SmallDisk

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90
ARGUMENTS = {"worker": "--include tests.chaos.moments"}


def eventually(question: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Ask again until the answer is true, and return it."""
    give_up_at = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < give_up_at, f"waited {seconds} seconds in vain"
        time.sleep(0.1)
    return answer


class Stack:
    """Two servers and three processes. Everything lives in `folder`, and nothing outside is touched.

    The processes run the code of `code`: of this checkout, or of an older one.
    """

    def __init__(self, folder: Path, *, small_disk: bool = False, code: Path = CHECKOUT) -> None:
        self.folder = folder
        self.code = code
        self.services = services_at(folder)
        self.disk = SmallDisk.mounted() if small_disk else None
        self.postgresql: dict[str, Any] = {}
        if self.disk:
            self.postgresql["folder"] = str(self.disk.folder)
        self.redis: dict[str, Any] = {}
        self.port = free_port()
        self.given: dict[str, dict[str, str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    # --- Everything

    def start(self) -> None:
        """Start what is not running, in order, and wait until people can be served."""
        with warnings.catch_warnings():  # the servers outlive the objects that started them
            warnings.simplefilter("ignore", ResourceWarning)
            if not self.services.is_running(self.postgresql):
                self.services.start_postgresql(self.postgresql)
            if not self.services.is_running(self.redis):
                self.services.start_redis(self.redis)
        os.kill(self.redis["pid"], signal.SIGCONT)
        self.signal_postgresql(signal.SIGCONT)

    def serve(self) -> set[str]:
        """Start web, worker and beat where they do not run, as a supervisor does; returns which."""
        self.start()
        started = set()
        for name, command in parse_procfile((self.code / "Procfile").read_text()).processes.items():
            if name not in self.processes or self.processes[name].poll() is not None:
                started.add(name)
                with (self.folder / f"{name}.log").open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        ["bash", "-c", f"exec {command} {ARGUMENTS.get(name, '')}"],
                        cwd=self.code,
                        env=self.environment | self.given.get(name, {}),
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
        eventually(self.is_ready)
        return started

    @contextlib.contextmanager
    def serving(self, *names: str, **settings: str) -> Iterator[None]:
        """Have some processes run with other settings for a while."""
        self.given = dict.fromkeys(names, settings)
        for name in names:
            self.kill(name)
        try:
            self.serve()
            yield
        finally:
            self.given = {}
            for name in names:
                self.kill(name)
            self.serve()

    def stop(self) -> None:
        """End every process and both servers, and remove the data."""
        for name in list(self.processes):
            self.kill(name)
        if self.redis:
            os.kill(self.redis["pid"], signal.SIGCONT)
            self.services.stop("Redis", self.redis, signal.SIGKILL)
        if self.postgresql:
            self.signal_postgresql(signal.SIGCONT)
            self.services.stop("PostgreSQL", self.postgresql, signal.SIGQUIT)
            shutil.rmtree(self.postgresql["folder"], ignore_errors=True)
        if self.disk:
            self.disk.unmount()

    @property
    def environment(self) -> dict[str, str]:
        """Settings as in production: DEBUG off, behind a proxy that speaks HTTPS."""
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.code),
            "DATABASE_URL": self.services.postgresql_url(self.postgresql),
            "REDIS_URL": self.services.redis_url(self.redis),
            "SECRET_KEY": "k" * 50,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "prima_portal.settings",
            "PORT": str(self.port),
            "CHAOS_FOLDER": str(self.folder),
        }

    def is_ready(self) -> bool:
        """Whether the web process reaches its database."""
        return self.status("/readyz", seconds=5) == 200

    def status(self, path: str, *, seconds: float) -> int:
        """Status of a public page; 0 where no answer came in time."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=seconds) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except (URLError, OSError):
            return 0

    # --- Processes

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the running portal."""
        return self.run("manage.py", *arguments)

    def world(self, code: str, people: int) -> list[dict[str, Any]]:
        """Open a cycle in which `people` have answered everything and handed in nothing."""
        made = self.run("-m", "tests.chaos.world", code, str(people))
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout.splitlines()[-1])

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Signal a process; after SIGKILL none of its children lives either."""
        process = self.processes[name]
        if number != signal.SIGKILL:
            process.send_signal(number)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait()

    def signal_group(self, name: str, number: int) -> None:
        """Signal a process and its children: SIGSTOP has them hang, SIGCONT go on."""
        os.killpg(self.processes[name].pid, number)

    @staticmethod
    def kill_process(pid: int) -> None:
        """Kill one process; one that has ended by itself is as good."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def children(self, name: str) -> list[int]:
        """Process ids of the workers that a process has forked."""
        task = Path(f"/proc/{self.processes[name].pid}/task/{self.processes[name].pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    # --- Servers

    def hang_redis(self) -> None:
        """Redis keeps its connections and answers nothing."""
        os.kill(self.redis["pid"], signal.SIGSTOP)

    def signal_postgresql(self, number: int) -> None:
        """Signal the server and every process of it: SIGSTOP has it hang, SIGCONT go on."""
        if self.services.is_running(self.postgresql):
            server = self.postgresql["pid"]
            children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
            for pid in (server, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

    def stop_redis(self) -> None:
        """Redis dies with all that it held: nothing of it is on disk."""
        os.kill(self.redis["pid"], signal.SIGKILL)
        eventually(lambda: not self.services.is_running(self.redis))

    def stop_postgresql(self, how: int = signal.SIGQUIT) -> None:
        """SIGQUIT: an immediate shutdown, as a crash is. SIGINT: a fast one."""
        os.kill(self.postgresql["pid"], how)
        eventually(lambda: not self.services.is_running(self.postgresql))

    def sql(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database, past the portal."""
        connection = psycopg2.connect(self.services.postgresql_url(self.postgresql))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def redis_command(self, *words: str) -> str:
        """Send one command to Redis; returns the first line of its answer."""
        with socket.create_connection(("127.0.0.1", self.redis["port"]), timeout=5) as connection:
            sent = f"AUTH {self.redis['password']}\r\n{' '.join(words)}\r\n"
            connection.sendall(sent.encode())
            answers = connection.makefile("r")
            assert answers.readline() == "+OK\n"
            return answers.readline().strip()

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a Python program with the settings of the portal, and others where given."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.code,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            check=False,
        )


def services_at(folder: Path) -> ModuleType:
    """The program that runs development's servers, with another home."""
    loader = SourceFileLoader("services", str(CHECKOUT / "bin" / "services"))
    spec = spec_from_loader("services", loader)
    assert spec is not None
    services = module_from_spec(spec)
    loader.exec_module(services)
    services.HOME = folder  # type: ignore[attr-defined]
    return services


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
