"""Making a backup."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.enums import ScanState
from assessments.files import vault
from assessments.models import Evidence
from prima_portal.backups import manifest, sealing
from prima_portal.backups.clients import read_from
from prima_portal.backups.errors import BackupRefused

WITHOUT_ROWS = ("django_session", "usersessions_usersession")
"""Whoever holds a backup must not hold the keys of running sessions: people sign in again."""


def require_place(folder: Path, *, recipients: list[str]) -> None:
    """Raise BackupRefused where a backup could not be written or whole: a wrong key, a folder in use, no evidence."""
    sealing.recipients_of(recipients)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefused(
            _("%(folder)s tidak kosong; sebutkan folder baru.") % {"folder": folder}
        )
    # A command in another environment than the portal's would back up an empty folder, and nobody would notice.
    keys = Evidence.objects.exclude(scan_state=ScanState.INFECTED).values_list("key", flat=True)
    if keys.exists() and not any(vault.holds(key) for key in keys.iterator()):
        raise BackupRefused(
            _(
                "Tidak satu pun berkas bukti yang dicatat basis data ada di %(folder)s. "
                "Isi EVIDENCE_DIR seperti pada portal yang berjalan."
            )
            % {"folder": settings.EVIDENCE_DIR}
        )


def backup(folder: Path, *, recipients: list[str]) -> dict[str, Any]:
    """Write a backup into a new folder and return its manifest.

    Encrypted to the recipients, public keys of age; in the clear where there are none. Only what is
    complete has a manifest. Raises BackupRefused when the folder is not empty or pg_dump fails.
    """
    require_place(folder, recipients=recipients)
    keys = sealing.recipients_of(recipients)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = sealing.SUFFIX if keys else ""
    read_from(
        "pg_dump",
        "--format=custom",
        "--no-comments",
        *(f"--exclude-table-data={table}" for table in WITHOUT_ROWS),
        into=lambda dump: sealing.write(dump, folder / (manifest.DUMP + suffix), keys),
    )
    _copy_evidence(folder / manifest.EVIDENCE, suffix, keys)
    return manifest.write(folder, sealed=bool(keys))


def _copy_evidence(target: Path, suffix: str, keys: list[Any]) -> None:
    """After the dump, so that no row of it lacks its file; one that was destroyed meanwhile is gone."""
    source = settings.EVIDENCE_DIR
    for path in sorted(source.rglob("*")):
        try:
            file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError):
            continue
        copy = target / f"{path.relative_to(source)}{suffix}"
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file:
            sealing.write(file, copy, keys)
