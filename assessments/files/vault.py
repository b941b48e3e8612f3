"""The folder of evidence: random names, two levels of folders, whole files or none."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_KEY = re.compile(r"[0-9a-f]{32}")
UNFINISHED = ".part"


def keep(content: bytes) -> str:
    """Write the bytes durably under a new random key and return it. Raises OSError."""
    key = secrets.token_hex(16)
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(UNFINISHED)
    try:
        with unfinished.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, settings.EVIDENCE_DIR):
        _sync(folder)
    return key


def opened(key: str) -> BinaryIO:
    """The file for reading. Raises FileNotFoundError."""
    return _path(key).open("rb")


def holds(key: str) -> bool:
    """Whether there is such a file."""
    return _path(key).is_file()


def discard(key: str) -> None:
    """Throw the file away; nothing happens where there is none."""
    _path(key).unlink(missing_ok=True)


def older_than(seconds: float) -> Iterator[Path]:
    """Files, finished or not, that were written before that many seconds."""
    before = time.time() - seconds
    for path in settings.EVIDENCE_DIR.glob("??/??/*"):
        try:
            written_at = path.stat().st_mtime
        except FileNotFoundError:  # its person took it out meanwhile
            continue
        if written_at < before:
            yield path


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    folder: Path = settings.EVIDENCE_DIR / key[:2] / key[2:4]
    return folder / key


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
