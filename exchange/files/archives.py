"""Looks through a workbook before anything opens it: bounded by what it unpacks to, not by what it says.

A workbook is an archive of XML. Sizes that lie, parts that unpack to gigabytes, names that leave their
folder, entities and formulas are refused here, in one pass, in memory that does not grow with the file.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from exchange.files.faults import Fault, FileRefused

MAXIMUM_PARTS: Final = 2_000
MAXIMUM_FORMULAS: Final = 20
"""Named at most; more would not help whoever takes them out."""
_RATIO: Final = 200
_CHUNK: Final = 1 << 16
_OVERLAP: Final = 512
_ENTRY: Final = b"PK\x01\x02"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DATA_DESCRIPTOR, _ENCRYPTED = 0x08, 0x01
_XML: Final = (".xml", ".rels", ".vml")
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A sheet is held as a full rectangle, so that one cell far out would take gigabytes: columns
# beyond DZ and rows beyond the limit are refused before the sheet is opened.
_FAR_COLUMN: Final = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{3}|[E-Z][A-Z])""")
_ROW_NUMBER: Final = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,2}([0-9]{5,})""")
# What makes a part a sheet is its root element: the workbook may keep it under any name.
_SHEET: Final = re.compile(rb"<(?:\w+:)?worksheet[\s/>]")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3}[0-9]+)["'][^>]*>""")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a kind of workbook may unpack to. Below `unsuspicious` bytes the ratio says nothing:
    short repetitive sheets compress very well."""

    unpacked: int
    unsuspicious: int
    rows: int

    def of(self, size: int) -> int:
        """Bytes that a file of `size` bytes may unpack to."""
        return min(self.unpacked, max(self.unsuspicious, size * _RATIO))


def refuse_locked(content: bytes) -> None:
    """Raise FileRefused for a workbook with a password, which is wrapped as Excel before 2007 wrote its own."""
    if content.startswith(_OLE):
        raise _refused(
            _(
                "Berkas ini terkunci kata sandi, atau dari Excel lama (.xls). Buka dengan Excel, hapus kata "
                "sandinya, lalu simpan sebagai .xlsx."
            )
        )


def inspect_workbook(content: bytes, limits: Limits) -> None:
    """Raise FileRefused unless the archive is whole, honest, small enough when unpacked, and plain.

    Time and memory are bounded by `limits`, whatever the archive's directory says.
    """
    if content.count(_ENTRY) > MAXIMUM_PARTS:
        raise _broken()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise _broken() from error
    _check_directory(parts)
    room = limits.of(len(content))
    if sum(part.file_size for part in parts) > room:
        raise _too_large()
    _check_no_overlap(content, parts)
    formulas: list[Fault] = []
    for part in parts:
        room -= _look_through(content, part, room, limits, formulas)
    if formulas:
        raise FileRefused(formulas)


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(set(map(str.casefold, names))) < len(names):
        raise _broken()
    for part in parts:
        name = part.filename
        leaves = ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name
        is_link = stat.S_ISLNK(part.external_attr >> 16)
        # Python cuts a name at NUL, other readers do not.
        if leaves or is_link or "\0" in part.orig_filename:
            raise _refused(
                _("Berkas ini memuat nama yang tidak wajar. Simpan ulang sebagai .xlsx.")
            )
        if part.flag_bits & _ENCRYPTED or part.compress_type not in _METHODS:
            raise _broken()


def _packed(content: bytes, part: zipfile.ZipInfo) -> tuple[int, int]:
    """Where the packed bytes of a part begin and end; its own header must agree with the directory."""
    start = part.header_offset
    header = content[start : start + _LOCAL.size]
    if len(header) < _LOCAL.size:
        raise _broken()
    magic, _version, flags, method, *_times, _crc, packed, _size, name, extra = _LOCAL.unpack(
        header
    )
    begin = start + _LOCAL.size + name + extra
    end = begin + part.compress_size
    agrees = magic == b"PK\x03\x04" and method == part.compress_type and end <= len(content)
    if not agrees or not (flags & _DATA_DESCRIPTOR or packed in (part.compress_size, 0xFFFFFFFF)):
        raise _broken()
    return begin, end


def _check_no_overlap(content: bytes, parts: list[zipfile.ZipInfo]) -> None:
    spans = sorted((part.header_offset, _packed(content, part)[1]) for part in parts)
    if any(following[0] < span[1] for span, following in pairwise(spans)):
        raise _broken()


def _unpacked(content: bytes, part: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """The part in pieces, by what is there; refused at the first byte more than announced."""
    begin, end = _packed(content, part)
    length, checksum, ended = 0, 0, part.compress_type == zipfile.ZIP_STORED
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(begin, end, _CHUNK):
        packed = content[place : min(place + _CHUNK, end)]
        while packed:
            if part.compress_type == zipfile.ZIP_STORED:
                chunk, packed = packed, b""
            else:
                try:
                    chunk = unpacker.decompress(packed, _CHUNK)
                except zlib.error as error:
                    raise _broken() from error
                packed, ended = unpacker.unconsumed_tail, unpacker.eof
                if unpacker.unused_data:
                    raise _broken()
            length += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
            if length > room:
                raise _too_large()
            if length > part.file_size:
                raise _broken()
            yield chunk
    if not ended or length != part.file_size or checksum != part.CRC:
        raise _broken()


def _look_through(
    content: bytes, part: zipfile.ZipInfo, room: int, limits: Limits, formulas: list[Fault]
) -> int:
    """Unpack a part to nowhere and look at it as it passes; returns its true length in bytes."""
    is_xml = part.filename.lower().endswith(_XML)
    is_sheet = part.filename.startswith("xl/worksheets/")
    length, tail = 0, b""
    for chunk in _unpacked(content, part, room):
        if is_xml and not length and b"\0" in chunk[:4]:
            raise _refused(_("Berkas ini bukan UTF-8 di dalamnya. Simpan ulang sebagai .xlsx."))
        length += len(chunk)
        window, seen = tail + chunk, len(tail)
        tail = window[-_OVERLAP:]
        is_sheet = is_sheet or (b"worksheet" in window and bool(_SHEET.search(window)))
        if not (is_xml or is_sheet):
            continue
        if _ENTITIES.search(window):
            raise _refused(
                _(
                    "Berkas ini memuat definisi entitas, yang tidak dibaca. Simpan ulang sebagai .xlsx."
                )
            )
        if is_sheet:
            _check_extent(window, limits)
            _note_formulas(window, seen, formulas)
    return length


def _check_extent(window: bytes, limits: Limits) -> None:
    if _FAR_COLUMN.search(window):
        raise _refused(_("Lembar ini memakai kolom di luar DZ. Hapus kolom yang tidak perlu."))
    if any(int(number[:10]) > limits.rows for number in _ROW_NUMBER.findall(window)):
        reason = _("Lembar ini memakai lebih dari %(rows)s baris. Bagi menjadi beberapa berkas.")
        raise _refused(reason % {"rows": limits.rows})


def _note_formulas(window: bytes, seen: int, formulas: list[Fault]) -> None:
    """The result that a file keeps beside a formula need not be what the formula gives: neither is read."""
    reason = _("Sel %(cell)s berisi rumus. Salin, tempel sebagai nilai, lalu unggah lagi.")
    for found in _FORMULA.finditer(window):
        if found.end() <= seen or len(formulas) > MAXIMUM_FORMULAS:
            continue
        if len(formulas) == MAXIMUM_FORMULAS:
            more = _("Sesudah %(count)s rumus, sisanya tidak disebutkan.")
            formulas.append(Fault(0, "", more % {"count": MAXIMUM_FORMULAS}))
            continue
        before = _CELL.findall(window, max(0, found.start() - _OVERLAP), found.start())
        cell = before[-1].decode() if before else "?"
        column = cell.rstrip("0123456789")
        row = int(cell.removeprefix(column) or 0)
        formulas.append(Fault(row, column if row else "", reason % {"cell": cell}))


def _refused(reason: str) -> FileRefused:
    return FileRefused([Fault(0, "", reason)])


def _too_large() -> FileRefused:
    return _refused(_("Berkas ini menjadi terlalu besar saat dibuka. Bagi atau simpan ulang."))


def _broken() -> FileRefused:
    return _refused(
        _("Berkas ini rusak, terkunci kata sandi, atau bukan Excel. Simpan ulang sebagai .xlsx.")
    )
