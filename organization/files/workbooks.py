"""Keeps a workbook that would fill the memory from being opened, and writes workbooks."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from organization.files.faults import Fault, FileRefused

_LARGEST: Final = 600_000_000
"""Bytes of all parts together: 100,000 people in 69 columns take some 250 MB."""
_RATIO: Final = 200
_SMALL: Final = 20_000_000
"""Below this size the ratio says nothing: short repetitive sheets compress very well."""
_ROWS: Final = 250_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
# A sheet is held as a full rectangle, so that one cell far out would take gigabytes: columns
# beyond DZ and rows beyond the limit are refused before the sheet is opened.
_FAR_COLUMN: Final = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{3}|[E-Z][A-Z])""")
_ROW_NUMBER: Final = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,2}([0-9]{6,})""")


def inspect(content: bytes) -> None:
    """Raise FileRefused where the archive is broken, too large when unpacked, or too wide or long."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _limit(len(content)):
                raise _refused(
                    _("Berkas ini menjadi terlalu besar saat dibuka. Bagi atau simpan ulang.")
                )
            for part in parts:
                with archive.open(part) as stream:
                    _read_through(stream, sheet=part.filename.startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        reason = _(
            "Berkas ini rusak, terkunci kata sandi, atau bukan Excel. Simpan ulang sebagai .xlsx."
        )
        raise _refused(reason) from error


def write_rows(heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a workbook of one sheet. Text that looks like a formula or a link stays text."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 100)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(heading):
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, value, text)
    return buffer.getvalue()


def _limit(size: int) -> int:
    return min(_LARGEST, max(_SMALL, size * _RATIO))


def _read_through(stream: IO[bytes], *, sheet: bool) -> None:
    """Unpack to nowhere: a part that is longer than the directory says fails its checksum."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        if sheet:
            window = tail + chunk
            if _FAR_COLUMN.search(window):
                raise _refused(
                    _("Lembar ini memakai kolom di luar DZ. Hapus kolom yang tidak perlu.")
                )
            if any(int(number) > _ROWS for number in _ROW_NUMBER.findall(window)):
                reason = _(
                    "Lembar ini memakai lebih dari %(rows)s baris. Bagi menjadi beberapa berkas."
                )
                raise _refused(reason % {"rows": _ROWS})
            tail = window[-_OVERLAP:]


def _refused(reason: str) -> FileRefused:
    return FileRefused([Fault(0, "", reason)])
