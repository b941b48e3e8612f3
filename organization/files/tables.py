"""Rows of a CSV or XLSX file with the cells as they are typed; only the columns that are asked for.

What the file is, is decided by its bytes. Nothing here knows what the columns mean.
"""

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from exchange.files import Fault, FileRefused, Limits, inspect_workbook

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None

HEADER_WITHIN: Final = 50
"""The header row is looked for in that many rows."""
LIMITS: Final = Limits(unpacked=600_000_000, unsuspicious=20_000_000, rows=250_000)
"""100,000 people in 69 columns unpack to some 250 MB."""
LONGEST_LINE: Final = 1_000_000
_LARGEST: Final = 100_000_000
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings to read; whatever else a file holds never leaves this module."""

    required: Sequence[str]
    optional: Sequence[str] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every heading that is read."""
        return (*self.required, *self.optional)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as the spreadsheet shows it, and its cells by heading."""

    number: int
    cells: Mapping[str, Cell]


def read_table(content: bytes, *, name: str, columns: Columns) -> Iterator[Row]:
    """Yield the rows below the header row that have any cell filled.

    Raises FileRefused at the first step for a file that is not what its name says, is too large,
    or lacks a required column.
    """
    faults: list[Fault] = []
    for rows in _sheets(content, name):
        numbered = enumerate(rows, start=1)
        head = list(islice(numbered, HEADER_WITHIN))
        header = max(head, key=lambda row: len(_positions(row[1], columns)), default=(0, ()))
        missing = _missing(header, columns)
        if not missing:
            below = (row for row in head if row[0] > header[0])
            return _rows(below, numbered, _positions(header[1], columns))
        faults = faults or missing
    raise FileRefused(faults or [Fault(0, "", _("Berkas ini kosong."))])


def _rows(
    head: Iterable[tuple[int, Sequence[Cell]]],
    rest: Iterable[tuple[int, Sequence[Cell]]],
    positions: Mapping[str, Sequence[int]],
) -> Iterator[Row]:
    places = {heading: found[0] for heading, found in positions.items()}
    for rows in (head, rest):
        for number, cells in rows:
            values = {
                heading: cells[place] if place < len(cells) else None
                for heading, place in places.items()
            }
            if any(value is not None and str(value).strip() for value in values.values()):
                yield Row(number, values)


def _key(heading: Cell) -> str:
    return "".join(str(heading).replace("_", " ").split()).upper()


def _positions(cells: Sequence[Cell], columns: Columns) -> dict[str, list[int]]:
    wanted = {_key(heading): heading for heading in columns.all}
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and (heading := wanted.get(_key(cell))):
            found.setdefault(heading, []).append(place)
    return found


def _missing(header: tuple[int, Sequence[Cell]], columns: Columns) -> list[Fault]:
    number, cells = header
    found = _positions(cells, columns)
    missing = [heading for heading in columns.required if heading not in found]
    if len(missing) * 2 > len(columns.required):
        needed = ", ".join(columns.required)
        reason = _("Baris judul tidak ditemukan. Berkas ini memerlukan kolom: %(columns)s.")
        return [Fault(0, "", reason % {"columns": needed})]
    faults = [
        Fault(number, heading, _("Kolom ini tidak ada pada baris judul. Tambahkan."))
        for heading in missing
    ]
    faults += [
        Fault(number, heading, _("Judul kolom ini tertulis lebih dari sekali. Sisakan satu."))
        for heading, places in found.items()
        if len(places) > 1
    ]
    return faults


def _sheets(content: bytes, name: str) -> Iterator[Iterable[Sequence[Cell]]]:
    if not content.strip():
        raise FileRefused([Fault(0, "", _("Berkas ini kosong."))])
    if len(content) > _LARGEST:
        reason = _("Berkas ini lebih besar dari %(size)s MB. Bagi menjadi beberapa berkas.")
        raise FileRefused([Fault(0, "", reason % {"size": _LARGEST // 1_000_000})])
    zipped = content.startswith(b"PK")
    if zipped != name.lower().endswith(".xlsx") or content.startswith(_OLD_EXCEL):
        reason = _(
            "Isi berkas tidak sesuai dengan namanya. Simpan sebagai Excel (.xlsx) atau CSV UTF-8 (.csv)."
        )
        raise FileRefused([Fault(0, "", reason)])
    return _worksheets(content) if zipped else iter([_csv(content)])


def _worksheets(content: bytes) -> Iterator[Iterable[Sequence[Cell]]]:
    inspect_workbook(content, LIMITS)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            yield book.get_sheet_by_name(name).iter_rows()
    except CalamineError as error:
        reason = _("Berkas ini tidak dapat dibaca sebagai Excel. Simpan ulang sebagai .xlsx.")
        raise FileRefused([Fault(0, "", reason)]) from error


def _csv(content: bytes) -> Iterator[Sequence[Cell]]:
    reason = _("Berkas ini bukan teks UTF-8. Simpan ulang sebagai “CSV UTF-8”.")
    if b"\0" in content:
        raise FileRefused([Fault(0, "", reason)])
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise FileRefused([Fault(0, "", reason)]) from error
    return _csv_rows(text)


def _csv_rows(text: str) -> Iterator[Sequence[Cell]]:
    """Records in order, blank lines among them: the rows that a spreadsheet shows."""
    sample = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(",;\t", key=sample.count)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if reader.line_num > LIMITS.rows:
                reason = _("Berkas ini lebih dari %(rows)s baris. Bagi menjadi beberapa berkas.")
                raise FileRefused([Fault(0, "", reason % {"rows": LIMITS.rows})])
            yield record
    except csv.Error as error:
        reason = _("CSV rusak pada baris ini: periksa tanda kutipnya.")
        raise FileRefused([Fault(reader.line_num, "", reason)]) from error


def _lines(text: str) -> Iterator[str]:
    """Lines as `csv` wants them; one without end would become millions of cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            reason = _("Baris ini terlalu panjang. Periksa pemisah kolom dan tanda kutipnya.")
            raise FileRefused([Fault(number, "", reason)])
        yield line
