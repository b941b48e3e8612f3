"""Writing an archive while it is sent: never more than one piece of one file in memory."""

import datetime
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

PIECE: Final = 64 * 1024
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its bytes, an open file, or how to open one. `packed` where that makes it smaller."""

    name: str
    at: datetime.datetime
    content: bytes | IO[bytes] | Callable[[], IO[bytes]]
    packed: bool = False

    def opened(self) -> IO[bytes]:
        """The content for reading. Raises OSError."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return self.content() if callable(self.content) else self.content


class _Outlet(io.RawIOBase):
    """Where the archive is written to: what came since it was last emptied. Cannot go back, like a connection."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = memoryview(data)  # type: ignore[arg-type]  # whatever zipfile writes
        self._pieces += piece
        return len(piece)

    def taken(self) -> bytes:
        """What has come, and forget it."""
        pieces = bytes(self._pieces)
        self._pieces.clear()
        return pieces


def zip_chunks(members: Sequence[Member]) -> Iterator[bytes]:
    """A ZIP of the files, in their order. One that is gone by its turn is left out, the others follow."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        for member in members:
            try:
                source = member.opened()
            except FileNotFoundError:
                continue
            with source, archive.open(_entry(member), "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outlet.taken()
    yield outlet.taken()


def _entry(member: Member) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(member.name, member.at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED if member.packed else zipfile.ZIP_STORED
    entry.external_attr = 0o600 << 16
    return entry
