"""What deploy/, compose.yaml and the Dockerfile name exists here, and their limits fit those of the portal."""

import configparser
import contextlib
import gzip
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from prima_portal.patience import GRACE_SECONDS
from tests.chaos.proxy import SITE, find_nginx, nginx
from tests.chaos.stack import eventually, free_port

HERE = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text())
DOCKERFILE = (HERE / "Dockerfile").read_text()
UNITS = sorted((HERE / "deploy" / "systemd").glob("*.service"))
CLIENTS = {"bookworm": 15, "trixie": 17}
"""PostgreSQL's programs by Debian's name: pg_dump refuses a server that is newer."""


def unit(path: Path) -> dict[str, str]:
    """The section Service; of what is said more than once, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(path)
    return dict(parser["Service"])


def commands() -> list[str]:
    """Every command line of the portal that these files start."""
    lines = [re.sub(r"^\w+: ", "", line) for line in (HERE / "Procfile").read_text().splitlines()]
    lines += [unit(path)["ExecStart"].replace("/opt/prima/.venv/bin/", "") for path in UNITS]
    built = {
        name: one
        for name, one in COMPOSE["services"].items()
        if "build" in one and "command" in one
    }
    lines += [one["command"] for one in built.values()]
    lines.append(" ".join(yaml.safe_load(re.findall(r"^CMD (.*)", DOCKERFILE, re.M)[0])))
    return lines


@pytest.mark.parametrize("line", commands())
def test_what_is_started_exists(line):
    words = shlex.split(line)
    words = words[2:] if words[:2] == ["python", "-m"] else words
    applications = [word for word in words if re.fullmatch(r"[a-z_.]+:[a-z_]+", word)]
    for word in applications:
        module, name = word.split(":")
        assert hasattr(import_module(module), name)
    if words[0] == "python":
        assert words[1] == "manage.py"
        assert words[2] in get_commands()
    else:
        assert words[0] in {"gunicorn", "celery"}
        assert applications
    for before, word in pairwise(words):
        if before == "--config":
            assert (HERE / word).is_file()


def test_there_is_exactly_one_beat_and_every_kind_of_process_everywhere():
    started = [line.split("celery:app ")[-1].split()[0] for line in commands() if "celery" in line]
    assert sorted(started) == ["beat"] * 3 + ["worker"] * 3


def test_every_file_that_is_mounted_or_copied_is_here():
    mounts = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
    ]
    ours = {mount for mount in mounts if mount.startswith("./")} - {"./deploy/nginx/tls"}
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.M)
    ignored = (HERE / ".dockerignore").read_text().split()
    assert ours == {"./deploy/nginx/prima.conf", "./deploy/nginx/pages"}
    for path in (*ours, *copied, "deploy/healthcheck.py"):
        assert (HERE / path).exists()
        assert not {Path(path).parts[0]} & set(ignored) if Path(path).parts else True


def test_every_variable_of_the_composition_is_explained():
    text = (HERE / "compose.yaml").read_text()
    explained = "".join(re.findall(r"^# .*", text, re.M))
    for name in set(re.findall(r"\$\{(\w+)", text)):
        assert name in explained


def test_the_example_of_settings_is_read_by_a_shell_and_keeps_evidence_where_units_and_image_do():
    """The file wins over a unit's and an image's own variables; commands in a shell have nothing but the file."""
    read = subprocess.run(
        ["sh", "-euc", "set -a; . ./.env.example; exec env"],
        cwd=HERE,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    values = dict(line.split("=", 1) for line in read.stdout.splitlines())
    assert values["DEFAULT_FROM_EMAIL"] == "PRIMA <prima@contoh.invalid>"
    folder = values["EVIDENCE_DIR"]
    assert f"ENV EVIDENCE_DIR={folder}\n" in DOCKERFILE
    for path in UNITS:
        assert unit(path)["Environment"] == f"EVIDENCE_DIR={folder}"
    for service in COMPOSE["services"].values():
        if "build" in service:
            assert service["environment"]["EVIDENCE_DIR"] == folder
            assert f"evidence:{folder}" in service["volumes"]


def test_whoever_ends_a_process_waits_longer_than_it_takes():
    web = runpy.run_path(str(HERE / "deploy" / "gunicorn.py"))
    for path in UNITS:
        assert int(unit(path)["TimeoutStopSec"]) > web["graceful_timeout"]
        assert (unit(path)["KillMode"], unit(path)["Restart"]) == ("mixed", "always")
    for name in ("web", "worker", "beat"):
        service = COMPOSE["services"][name]
        assert int(service["stop_grace_period"].rstrip("s")) > web["graceful_timeout"]
        assert service["restart"] == "unless-stopped"
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE


def test_the_proxy_waits_longer_than_the_portal_and_takes_what_it_takes():
    site = SITE.read_text()
    web = runpy.run_path(str(HERE / "deploy" / "gunicorn.py"))
    read = int(re.findall(r"proxy_read_timeout (\d+)s", site)[0])
    body = int(re.findall(r"client_max_body_size (\d+)m", site)[0])
    assert read > settings.DATABASE_TIMEOUT_SECONDS + GRACE_SECONDS
    assert body * 1024 * 1024 > settings.MAXIMUM_BODY_BYTES
    assert web["keepalive"] > 60  # nginx keeps an idle connection to the portal for a minute
    assert read <= web["timeout"]


def test_the_image_can_dump_the_database_of_the_composition():
    (release,) = set(re.findall(r"^FROM python:[\d.]+-slim-(\w+)", DOCKERFILE, re.M))
    image, server = COMPOSE["services"]["database"]["image"].split(":")
    assert image == "postgres"
    assert CLIENTS[release] >= int(server)


def test_static_files_are_gathered_with_the_settings_of_the_image():
    values = dict(
        re.findall(r"(SECRET_KEY|ALLOWED_HOSTS|DATABASE_URL|REDIS_URL)=(\S+)", DOCKERFILE)
    )
    gathered = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--dry-run", "-v", "0"],
        cwd=HERE,
        env={"PATH": os.environ["PATH"], **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (gathered.returncode, gathered.stderr) == (0, "")


def test_static_files_may_be_read_by_another_user_than_the_one_that_gathered_them(tmp_path):
    """As in the image: root gathers, and `prima` serves."""
    gather = """
import sys, django
from django.conf import settings
settings.STATIC_ROOT = sys.argv[1]
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""
    production = {
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "prima.example.go.id",
        "DEBUG": "0",
        "DATABASE_URL": "postgres://build",
        "REDIS_URL": "redis://build",
        "DJANGO_SETTINGS_MODULE": "prima_portal.settings",
        "PATH": os.environ["PATH"],
    }
    subprocess.run(
        [sys.executable, "-c", gather, tmp_path / "static"],
        cwd=HERE,
        env=production,
        umask=0o022,
        check=True,
    )
    modes = {
        path.stat().st_mode & 0o444 for path in (tmp_path / "static").rglob("*") if path.is_file()
    }
    assert modes == {0o444}


@pytest.mark.parametrize(("started", "code"), [(True, 0), (False, 1)])
def test_the_check_of_the_image_finds_out_whether_the_portal_answers(started, code):
    """By a portal that answers to its own name only."""
    bind = f"127.0.0.1:{free_port()}"
    environment = os.environ | {
        "ALLOWED_HOSTS": "prima.example.go.id",
        "BIND": bind,
        "DEBUG": "0",
        "SECRET_KEY": "k" * 50,
        "WEB_CONCURRENCY": "1",
    }

    def check() -> int:
        return subprocess.run(
            [sys.executable, "deploy/healthcheck.py"],
            cwd=HERE,
            env=environment,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode

    if not started:
        assert check() == code
        return
    program = Path(sys.executable).with_name("gunicorn")
    web = subprocess.Popen(
        [program, "prima_portal.wsgi:application", "--config", "deploy/gunicorn.py"],
        cwd=HERE,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: check() == code)
    finally:
        web.terminate()
        assert web.wait(timeout=60) == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="LEFT OUT: no systemd here")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_the_units(path):
    said = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    ).stderr.splitlines()
    assert [line for line in said if path.stem in line and "is not executable" not in line] == []


@pytest.mark.skipif(
    not (find_nginx() and shutil.which("openssl")), reason="LEFT OUT: no nginx here"
)
def test_nginx_understands_the_site(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    site = SITE.read_text().replace("web:8000", "127.0.0.1:8000")
    site = site.replace("/etc/nginx/tls/fullchain.pem", str(certificate))
    site = site.replace("/etc/nginx/tls/privkey.pem", str(key))
    for port in ("80", "443"):  # which only root may bind
        assert f"listen {port}" in site
        site = site.replace(f"listen {port}", f"listen {free_port()}")
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    program = find_nginx()
    assert program
    said = subprocess.run(
        [program, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr


@pytest.mark.skipif(not find_nginx(), reason="LEFT OUT: no nginx here")
def test_where_no_portal_answers_the_proxy_says_what_to_do(tmp_path):
    with nginx(tmp_path, free_port()) as port:
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{port}/penilaian/1/ajukan/", data=b"declared=on", timeout=20)
        with refused.value as answer:
            page = answer.read().decode()
    assert (answer.code, answer.headers["Retry-After"]) == (502, "5")
    assert "<h1>Belum terkirim. Coba lagi</h1>" in page


@pytest.mark.skipif(not find_nginx(), reason="LEFT OUT: no nginx here")
def test_a_file_beyond_every_limit_is_refused_in_the_portals_words(tmp_path):
    with nginx(tmp_path, free_port()) as port:
        with pytest.raises(HTTPError) as refused:
            urlopen(
                f"http://127.0.0.1:{port}/penilaian/1/bukti/A/", data=bytes(9 << 20), timeout=20
            )
        with refused.value as answer:
            page = answer.read().decode()
    assert answer.code == 413
    assert "<h1>Kiriman terlalu besar</h1>" in page
    assert "paling besar 5 MB" in page


def _refused(port: int, path: str, **request: Any) -> HTTPError:
    asked = Request(f"http://127.0.0.1:{port}{path}", **request)  # noqa: S310  # our own proxy
    with pytest.raises(HTTPError) as refused:
        urlopen(asked, timeout=20)  # noqa: S310  # as above
    return refused.value


@pytest.mark.skipif(not find_nginx(), reason="LEFT OUT: no nginx here")
def test_what_the_proxy_itself_says_carries_the_headers_of_the_portal(tmp_path):
    with nginx(tmp_path, free_port()) as port:
        refused = {
            502: _refused(port, "/"),
            413: _refused(port, "/", data=bytes(9 << 20)),
            414: _refused(port, "/" + "a" * 40_000),
            400: _refused(port, "/", headers={"Cookie": "a" * 40_000}),
        }
    assert {code: answer.code for code, answer in refused.items()} == {
        code: code for code in refused
    }
    for answer in refused.values():
        with answer:
            page = answer.read().decode()
        assert "<title>" in page
        assert "– PRIMA</title>" in page
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert policy[0] == "default-src 'none'"
        assert {
            name: answer.headers[name]
            for name in (
                *("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options"),
                *("Referrer-Policy", "Cross-Origin-Opener-Policy", "Cache-Control", "Server"),
                "Permissions-Policy",
            )
        } == {
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Server": "nginx",
            "Permissions-Policy": ", ".join(f"{name}=()" for name in settings.PERMISSIONS_POLICY),
        }


@pytest.mark.skipif(not find_nginx(), reason="LEFT OUT: no nginx here")
def test_the_proxy_compresses_pages_for_those_who_take_it(tmp_path):
    page = b"<p>jawaban</p>" * 500
    with answering(page) as portal, nginx(tmp_path, portal) as port:
        address = f"http://127.0.0.1:{port}/"
        with urlopen(Request(address, headers={"Accept-Encoding": "gzip"}), timeout=20) as answer:
            packed = answer.read()
        with urlopen(address, timeout=20) as plain:
            assert plain.read() == page
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == (
        "gzip",
        "Accept-Encoding",
    )
    assert gzip.decompress(packed) == page
    assert len(packed) < len(page) / 5


@contextlib.contextmanager
def answering(page: bytes) -> Iterator[int]:
    """The port of something that answers every request with this page."""

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_words: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
