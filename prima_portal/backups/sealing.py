"""Encryption of backups in the format of age (age-encryption.org), which its own program opens, too.

The portal holds public keys only: what it writes it cannot read back, and neither can who breaks into it.
"""

import os
import re
import shutil
from pathlib import Path
from typing import IO

import pyrage
from django.utils.translation import gettext as _
from pyrage import x25519

from prima_portal.backups.errors import BackupRefused

SUFFIX = ".age"
_ERRNO = re.compile(r"\[Errno (\d+)\]")
_SECRET = "AGE-SECRET-KEY-"  # nosec B105  # how each of them begins  # noqa: S105


def recipients_of(texts: list[str]) -> list[x25519.Recipient]:
    """Public keys, `age1…`. Raises BackupRefused naming the one that is none."""
    found = []
    for text in texts:
        try:
            found.append(x25519.Recipient.from_str(text))
        except pyrage.RecipientError:
            raise BackupRefused(
                _("%(key)s bukan kunci publik age. Periksa BACKUP_RECIPIENTS.") % {"key": text}
            ) from None
    return found


def identities_of(path: Path) -> list[x25519.Identity]:
    """Secret keys of a file as age-keygen writes it. Raises BackupRefused where there is none."""
    try:
        lines = path.read_text().split("\n")
        found = [
            x25519.Identity.from_str(line.strip()) for line in lines if line.startswith(_SECRET)
        ]
    except (OSError, ValueError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupRefused(
            _("%(file)s tidak memuat kunci rahasia age (AGE-SECRET-KEY-…).") % {"file": path}
        )
    return found


def write(source: IO[bytes], target: Path, recipients: list[x25519.Recipient]) -> None:
    """Write all of the source durably into a new file, encrypted where there are recipients.

    Raises OSError where the file cannot take it.
    """
    with target.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        if recipients:
            _encrypt(source, file, recipients)
        else:
            shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _encrypt(source: IO[bytes], file: IO[bytes], recipients: list[x25519.Recipient]) -> None:
    try:
        pyrage.encrypt_io(source, file, recipients)
    except pyrage.EncryptError as error:
        # The library tells what the disk refused in words alone: "OSError: [Errno 28] No space left on device".
        if (told := _ERRNO.search(str(error))) is None:
            raise
        number = int(told.group(1))
        raise OSError(number, os.strerror(number), file.name) from error


def read(path: Path, target: IO[bytes], identities: list[x25519.Identity]) -> None:
    """Write what a file of a backup holds into the target.

    Raises BackupRefused, before a byte is written, where none of the keys opens it.
    """
    with path.open("rb") as file:
        if path.suffix != SUFFIX:
            shutil.copyfileobj(file, target)
            return
        try:
            pyrage.decrypt_io(file, target, identities)
        except pyrage.DecryptError:
            raise BackupRefused(
                _("Kunci ini tidak membuka cadangan tersebut; tidak ada yang ditulis.")
            ) from None
