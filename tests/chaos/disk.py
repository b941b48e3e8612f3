"""A small disk for the database, which can be filled. Only root may mount one."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

MEGABYTES = 800


class SmallDisk:
    """A file system in memory; everything on it is gone with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    @classmethod
    def mounted(cls) -> Self | None:
        """A new one; None where this user or this machine may not mount."""
        if os.geteuid():
            return None
        folder = Path(tempfile.mkdtemp(prefix="prima-chaos-", dir="/var/lib"))
        options = f"size={MEGABYTES}m,mode=755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
            check=False,
            capture_output=True,
        )
        if done.returncode:
            folder.rmdir()
            return None
        return cls(folder)

    def fill(self) -> None:
        """Take every byte that is left."""
        with self._filler.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(1 << 16))
        assert shutil.disk_usage(self.folder).free == 0

    def free(self) -> None:
        """Give the bytes back."""
        self._filler.unlink(missing_ok=True)

    def unmount(self) -> None:
        """Remove it."""
        subprocess.run(["umount", "--lazy", self.folder], check=True)
        self.folder.rmdir()
