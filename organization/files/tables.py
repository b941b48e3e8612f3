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
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from exchange.files import Fault, FileRefused, Limits, inspect_workbook, refuse_locked

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None

HEADER_WITHIN: Final = 50
"""The header row is looked for in that many rows."""
LIMITS: Final = Limits(unpacked=600_000_000, unsuspicious=20_000_000, rows=250_000)
"""100,000 people in 69 columns unpack to some 250 MB."""
LONGEST_LINE: Final = 1_000_000
_LARGEST: Final = 100_000_000


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
    fault: str = ""
    """What is wrong with the row as a whole, and what to do about it."""


def read_table(content: bytes, *, name: str, columns: Columns) -> Iterator[Row]:
    """Yield the rows below the header row that have any cell filled.

    Raises FileRefused at the first step for a file that is not what its name says, is too large,
    or lacks a required column.
    """
    faults: list[Fault] = []
    found: tuple[str, Iterator[Row]] | None = None
    for sheet, rows in _sheets(content, name, columns):
        numbered = enumerate(rows, start=1)
        head = list(islice(numbered, HEADER_WITHIN))
        header = max(head, key=lambda row: len(_positions(row[1], columns)), default=(0, ()))
        missing = _missing(header, columns)
        if not missing:
            if found:
                reason = _("Lembar “%(one)s” dan “%(other)s” sama-sama memuat data. Sisakan satu.")
                raise FileRefused([Fault(0, "", reason % {"one": found[0], "other": sheet})])
            below = (row for row in head if row[0] > header[0])
            found = sheet, _rows(below, numbered, header[1], columns)
        faults = faults or missing
    if found:
        return found[1]
    raise FileRefused(faults or [Fault(0, "", _("Berkas ini kosong."))])


def _rows(
    head: Iterable[tuple[int, Sequence[Cell]]],
    rest: Iterable[tuple[int, Sequence[Cell]]],
    header: Sequence[Cell],
    columns: Columns,
) -> Iterator[Row]:
    places = {heading: found[0] for heading, found in _positions(header, columns).items()}
    for rows in (head, rest):
        for number, cells in rows:
            values = {
                heading: cells[place] if place < len(cells) else None
                for heading, place in places.items()
            }
            if any(value is not None and str(value).strip() for value in values.values()):
                yield Row(number, values, _surplus(cells, header))


def _surplus(cells: Sequence[Cell], header: Sequence[Cell]) -> str:
    """A cell beyond the headings: in a CSV a delimiter within a text, and all after it stand wrong."""
    if len(cells) <= len(header):
        return ""
    filled = [place for place, cell in enumerate(cells, start=1) if str(cell or "").strip()]
    if not filled or filled[-1] <= len(header):
        return ""
    return _(
        "Baris ini berisi %(cells)s sel, sedangkan judulnya %(columns)s. Apit teks yang memuat "
        "pemisah kolom dengan tanda kutip."
    ) % {"cells": filled[-1], "columns": len(header)}


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


def _sheets(
    content: bytes, name: str, columns: Columns
) -> Iterator[tuple[str, Iterable[Sequence[Cell]]]]:
    if not content.strip():
        raise FileRefused([Fault(0, "", _("Berkas ini kosong."))])
    if len(content) > _LARGEST:
        reason = _("Berkas ini lebih besar dari %(size)s MB. Bagi menjadi beberapa berkas.")
        raise FileRefused([Fault(0, "", reason % {"size": _LARGEST // 1_000_000})])
    refuse_locked(content)
    zipped = content.startswith(b"PK")
    if zipped != name.lower().endswith(".xlsx"):
        reason = _(
            "Isi berkas tidak sesuai dengan namanya. Simpan sebagai Excel (.xlsx) atau CSV UTF-8 (.csv)."
        )
        raise FileRefused([Fault(0, "", reason)])
    return _worksheets(content) if zipped else iter([("", _csv(content, columns))])


def _worksheets(content: bytes) -> Iterator[tuple[str, Iterable[Sequence[Cell]]]]:
    """The sheets that people see: what is hidden is seldom meant, and never looked through."""
    inspect_workbook(content, LIMITS)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                yield sheet.name, book.get_sheet_by_name(sheet.name).iter_rows()
    except CalamineError as error:
        reason = _("Berkas ini tidak dapat dibaca sebagai Excel. Simpan ulang sebagai .xlsx.")
        raise FileRefused([Fault(0, "", reason)]) from error


def _csv(content: bytes, columns: Columns) -> Iterator[Sequence[Cell]]:
    reason = _("Berkas ini bukan teks UTF-8. Simpan ulang sebagai “CSV UTF-8”.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused([Fault(0, "", reason)])
    if (place := content.find(b"\0")) >= 0:
        raise FileRefused([Fault(_line_of(content, place), "", reason)])
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        row = _line_of(content.removeprefix(codecs.BOM_UTF8), error.start)
        raise FileRefused([Fault(row, "", reason)]) from error
    return _csv_rows(text, _delimiter(text, columns))


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _delimiter(text: str, columns: Columns) -> str:
    """The one that makes headings of the first lines: texts hold commas, whatever parts the columns."""
    lines = [line[:LONGEST_LINE] for line in islice(io.StringIO(text, newline=""), HEADER_WITHIN)]

    def headings(delimiter: str) -> int:
        try:
            records = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0
        return max((len(_positions(record, columns)) for record in records), default=0)

    return max(",;\t", key=lambda each: (headings(each), sum(line.count(each) for line in lines)))


def _csv_rows(text: str, delimiter: str) -> Iterator[Sequence[Cell]]:
    """Records in order, blank lines among them: the rows that a spreadsheet shows."""
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
