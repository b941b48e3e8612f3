"""One real web process, and a browser that talks to it over one kept connection."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from accounts.limits import BEGAN, SEEN
from accounts.models import User
from bench.measuring import peak_megabytes

CSRF = "b" * 32


class WebProcess:
    """gunicorn with one worker of one thread, as production runs it otherwise."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "prima_portal.wsgi:application"),
                *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
                *("--workers", "1", "--threads", "1", "--keep-alive", "60", "--no-control-socket"),
            ],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        give_up_at = time.monotonic() + 60
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", self.port)):
                assert time.monotonic() < give_up_at, "the web process did not start"
                time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait()

    def pids(self) -> list[int]:
        """The process that answers."""
        folder = Path(f"/proc/{self.process.pid}/task/{self.process.pid}")
        return [int(pid) for pid in (folder / "children").read_text().split()]

    def memory_megabytes(self) -> float:
        """Resident memory of the process that answers."""
        status = Path(f"/proc/{self.pids()[0]}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def statistics_libraries(self) -> list[str]:
        """Which libraries for statistics the process that answers has loaded."""
        maps = Path(f"/proc/{self.pids()[0]}/maps").read_text()
        return [name for name in ("numpy", "pandas", "scipy") if f"/{name}/" in maps]


class WorkerProcess:
    """Celery with one child, as production runs it otherwise."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--app", "prima_portal.celery:app", "worker"),
                *("--concurrency", "1", "--loglevel", "ERROR"),
            ],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait()

    def peak_megabytes(self) -> float:
        """The most memory that it or its child has had."""
        return peak_megabytes(self.process.pid)


class Browser:
    """Sends forms as the pages do, and follows to where they lead."""

    def __init__(self, web: WebProcess, person: User | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        self.headers = {
            "Cookie": f"__Host-csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "127.0.0.1",
            "Origin": "https://127.0.0.1",
            "X-CSRFToken": CSRF,
            "X-Forwarded-Proto": "https",
        }
        if person is not None:
            self.headers["Cookie"] += f"; __Host-sessionid={session_of(person)}"

    def get(self, path: str) -> str:
        """Read a page; anything but 200 is an error of the benchmark."""
        return self._ask("GET", path, None, 200)[1]

    def post(self, path: str, fields: Mapping[str, object], *, status: int = 302) -> str:
        """Send a form; returns where it leads."""
        return self._ask("POST", path, urlencode(fields), status)[0]

    def sign_in(self, username: str, password: str) -> None:
        """Sign in as people do, and keep the session."""
        fields = {"login": username, "password": password}
        self.connection.request("POST", "/akun/masuk/", urlencode(fields), self.headers)
        answer = self.connection.getresponse()
        answer.read()
        (session,) = re.findall(
            r"__Host-sessionid=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie", []))
        )
        self.headers["Cookie"] += f"; __Host-sessionid={session}"

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> tuple[str, str]:
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == expected, f"{method} {path}: {answer.status}\n{text[:2000]}"
        return answer.headers.get("Location", ""), text


def session_of(person: User) -> str:
    """The key of a session like one that began with a password and a code."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = time.time()
    request = HttpRequest()
    request.session = session
    for method in ("password", "mfa"):
        record_authentication(request, person, method)
    session.create()
    return str(session.session_key)
