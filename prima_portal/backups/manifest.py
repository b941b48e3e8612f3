"""The manifest: what a backup holds, written last, so that a folder without one is no backup."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from prima_portal import VERSION
from prima_portal.backups.errors import BackupRefused

DUMP = "database.dump"
EVIDENCE = "evidence"
MANIFEST = "manifest.json"
FORMAT = 1


def write(folder: Path, *, sealed: bool) -> dict[str, Any]:
    """Describe all that lies in the folder, durably and whole or not at all; returns the description."""
    manifest = {
        "format": FORMAT,
        "portal": VERSION,
        "postgresql": connection.get_database_version()[0],
        "made_at": timezone.now().isoformat(),
        "encrypted": sealed,
        "migrations": _applied(),
        "files": {str(path.relative_to(folder)): checksum(path) for path in _files(folder)},
    }
    unfinished = folder / f"{MANIFEST}.part"
    with unfinished.open("x") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / MANIFEST)
    return manifest


def verified(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole, unchanged, and no newer than this portal.

    Raises BackupRefused.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupRefused(
            _("%(folder)s bukan cadangan yang utuh: %(file)s tidak terbaca.")
            % {"folder": folder, "file": MANIFEST}
        ) from None
    _require_known(manifest)
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file() or checksum(path) != expected:
            raise BackupRefused(
                _("%(file)s hilang atau berubah sejak dicadangkan; pakai cadangan lain.")
                % {"file": name}
            )
    return manifest


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_known(manifest: dict[str, Any]) -> None:
    """Refuse what a newer portal or a newer PostgreSQL wrote: old code would not know its tables."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    unknown = [pair for pair in manifest["migrations"].items() if pair not in known]
    if manifest.get("format", FORMAT) != FORMAT or unknown:
        raise BackupRefused(
            _(
                "Cadangan ini dari PRIMA %(version)s, yang tidak dikenal oleh versi %(own)s di sini. "
                "Pasang versi %(version)s, lalu ulangi."
            )
            % {"version": manifest["portal"], "own": VERSION}
        )
    needed, server = manifest.get("postgresql", 0), connection.get_database_version()[0]
    if server < needed:
        raise BackupRefused(
            _(
                "Cadangan ini dari PostgreSQL %(needed)s; server di sini %(server)s. "
                "Pulihkan pada PostgreSQL %(needed)s atau lebih baru."
            )
            % {"needed": needed, "server": server}
        )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _applied() -> dict[str, str]:
    """The last applied migration of each app."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        app: max(name for other, name in applied if other == app) for app, _name in sorted(applied)
    }
