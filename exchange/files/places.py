"""Files of the operator's: read, or written whole; where neither can be, why not in words."""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Refused

_WHY: Final[dict[int | None, Promise]] = {
    errno.ENOENT: gettext_lazy("tidak ada di sana. Periksa nama dan foldernya."),
    errno.ENOTDIR: gettext_lazy("tidak ada di sana. Periksa nama dan foldernya."),
    errno.EISDIR: gettext_lazy("adalah folder, bukan berkas. Sebutkan nama berkasnya."),
    errno.EACCES: gettext_lazy("tidak boleh dibuka oleh pengguna ini. Periksa hak aksesnya."),
    errno.EPERM: gettext_lazy("tidak boleh dibuka oleh pengguna ini. Periksa hak aksesnya."),
    errno.EROFS: gettext_lazy("berada di tempat yang tidak dapat ditulis. Pilih tempat lain."),
    errno.ENOSPC: gettext_lazy("tidak muat: tempat penyimpanan penuh. Kosongkan dahulu."),
    errno.EFBIG: gettext_lazy("tidak muat: terlalu besar untuk tempat itu. Pilih tempat lain."),
    errno.EEXIST: gettext_lazy("sudah ada. Sebutkan nama lain."),
    errno.ENAMETOOLONG: gettext_lazy("bernama terlalu panjang. Pakai nama yang lebih pendek."),
}


class FileUnreachable(Refused):
    """A file of the operator's can be neither read nor written there; the text says why."""

    def __init__(self, path: Path, error: OSError) -> None:
        known = _WHY.get(error.errno)
        if known is None:
            text = _("%(path)s tidak dapat dibuka: %(reason)s.") % {
                "path": path,
                "reason": error.strerror or error,
            }
        else:
            text = f"{path} {known}"
        super().__init__(text)


def read_file(path: Path) -> bytes:
    """The content of a file. Raises FileUnreachable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreachable(path, error) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; interrupted or without room on the disk, what stood there before still stands.

    A pipe or a device is written to as it is. Raises FileUnreachable.
    """
    try:
        _write(path, content)
    except OSError as error:
        raise FileUnreachable(path, error) from error


def _write(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
