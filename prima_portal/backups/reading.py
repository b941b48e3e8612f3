"""Restoring a backup."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from prima_portal.backups import manifest, sealing
from prima_portal.backups.clients import write_to
from prima_portal.backups.errors import BackupRefused


def restore(folder: Path, *, identity: Path | None = None, dry_run: bool = False) -> dict[str, Any]:
    """Fill an empty database and an empty evidence folder from a backup; returns its manifest.

    The database comes last and in one transaction: where it is filled, everything is. Raises
    BackupRefused when the backup is damaged, newer than this portal, or not opened by the secret key
    in the file `identity`, and when either place is not empty. `dry_run` ends after these checks.
    """
    described = manifest.verified(folder)
    keys = _keys(described, identity)
    if connection.introspection.table_names():
        raise BackupRefused(
            _("Basis data tujuan tidak kosong; buat basis data baru untuk pemulihan.")
        )
    target = settings.EVIDENCE_DIR
    if target.exists() and any(target.iterdir()):
        raise BackupRefused(
            _("%(folder)s tidak kosong; EVIDENCE_DIR harus folder baru.") % {"folder": target}
        )
    if dry_run:
        return described
    try:
        _fill(folder, described, target, keys)
    except BaseException:
        for child in target.iterdir() if target.exists() else ():
            shutil.rmtree(child)
        raise
    return described


def _fill(folder: Path, described: dict[str, Any], target: Path, keys: list[Any]) -> None:
    database = connection.settings_dict["NAME"]
    connection.close()
    files = [folder / name for name in described["files"]]
    (dump,) = (path for path in files if path.name.startswith(manifest.DUMP))
    for path in files:
        if path != dump:
            _copy(path, folder / manifest.EVIDENCE, target, keys)
    write_to(
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        f"--dbname={database}",
        source=lambda restoring: sealing.read(dump, restoring, keys),
    )


def _keys(described: dict[str, Any], identity: Path | None) -> list[Any]:
    if not described.get("encrypted"):
        return []
    if identity is None:
        raise BackupRefused(
            _("Cadangan ini terenkripsi. Sebutkan berkas kunci rahasianya: --identity BERKAS.")
        )
    return sealing.identities_of(identity)


def _copy(path: Path, root: Path, target: Path, keys: list[Any]) -> None:
    """One file of evidence, readable by the portal alone."""
    copy = target / str(path.relative_to(root)).removesuffix(sealing.SUFFIX)
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with copy.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        sealing.read(path, file, keys)
