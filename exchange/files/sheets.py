"""Tables out: CSV and XLSX whose text can be nothing but text. Every export writes through here.

A spreadsheet runs what begins like a formula, in a CSV whatever its quotes, in a workbook as soon as somebody
edits the cell. Numbers stay numbers.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final

from django.utils.formats import get_format

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | Decimal | bool | date | None
RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; the wide forms are the same to some spreadsheets."""
_UNSEEN: Final = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
)
"""Spaces, marks of direction and what has no width: some programs drop them before they look."""
LONGEST_CELL: Final = 32_767
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """The text, marked by an apostrophe where a spreadsheet would run it."""
    seen = _UNSEEN.sub("", text, count=1)
    return f"'{text}" if text.startswith(RUNS) or seen.startswith(RUNS) else text


class CsvWriter:
    """Lines of CSV as Indonesian spreadsheets open it: UTF-8 with mark, semicolons, decimal commas.

    `line` returns the bytes of one line, so that a long file is never held.
    """

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, delimiter=";", lineterminator="\r\n")
        self._mark = "\ufeff"

    def line(self, values: Iterable[Value]) -> bytes:
        """One line, with the mark before the first."""
        self._writer.writerow([_plain(value) for value in values])
        text, self._mark = self._mark + self._buffer.getvalue(), ""
        self._buffer.seek(0)
        self._buffer.truncate()
        return text.encode()


class Sheet:
    """One sheet of a workbook; rows are appended from the top.

    `verbatim` leaves out the apostrophe, for a file that must read back equal; such a text is still
    a text, and stays one when somebody edits the cell.
    """

    def __init__(self, book: "Workbook", name: str | None, *, verbatim: bool = False) -> None:
        self._verbatim = verbatim
        self._sheet: Worksheet = book.add_worksheet(name)
        self._next = 0
        style = {"text_wrap": True, "valign": "top"}
        self._bold = book.add_format({"bold": True, **style})
        self._text = book.add_format({"num_format": "@", **style})
        # Keeps a text such as "=1+1" a text when somebody edits the cell.
        self._quoted = book.add_format({"quote_prefix": True, **style})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._book = book
        self._figures: dict[int, Format] = {}

    def widths(self, *widths: float) -> None:
        """Widths of the columns from the first on, in characters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def heading(self, titles: Iterable[str], *, columns: int = 0) -> None:
        """A bold row that stays in view, with that many columns."""
        self._row(titles, self._bold)
        self._sheet.freeze_panes(self._next, columns)

    def row(self, values: Iterable[Value], *, places: int | None = None) -> None:
        """A row; `places` are the decimals with which Decimals are shown."""
        self._row(values, None, places)

    def _row(
        self, values: Iterable[Value], style: "Format | None", places: int | None = None
    ) -> None:
        for column, value in enumerate(values):
            self._write(column, value, style, places)
        self._next += 1

    def _write(self, column: int, value: Value, style: "Format | None", places: int | None) -> None:
        match value:
            case None:
                pass
            case bool():
                self._sheet.write_boolean(self._next, column, value, style)
            case int() | Decimal():
                # Every figure of the portal lies within the 15 digits that a spreadsheet keeps.
                figure = self._figure(places) if isinstance(value, Decimal) else style
                self._sheet.write_number(self._next, column, float(value), figure)
            case date():
                self._sheet.write_datetime(self._next, column, value, self._day)
            case _:
                marked = harmless(value)
                own = self._text if marked == value else self._quoted
                text = value if self._verbatim else marked
                self._sheet.write_string(self._next, column, text[:LONGEST_CELL], style or own)

    def _figure(self, places: int | None) -> "Format | None":
        if places is None:
            return None
        if places not in self._figures:
            shape = f"0.{'0' * places}" if places else "0"
            self._figures[places] = self._book.add_format({"num_format": shape})
        return self._figures[places]


@contextmanager
def open_workbook(
    target: IO[bytes], *, streamed: bool = False, properties: dict[str, Any] | None = None
) -> Iterator["Workbook"]:
    """A workbook written to `target` at the end. `streamed`: rows go to disk as they come, for long ones."""
    from xlsxwriter import Workbook  # noqa: PLC0415  2 MB, needed by exports alone

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options |= {"constant_memory": True} if streamed else {"in_memory": True}
    with Workbook(target, options) as book:
        if properties:
            book.set_properties(properties)
        yield book


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell, both counted from 0: `B7`."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415  as above

    return str(xl_rowcol_to_cell(row, column))


def column_name(column: int) -> str:
    """What a spreadsheet calls a column, counted from 0: `A`, …, `Z`, `AA`, …"""
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415  as above

    return str(xl_col_to_name(column))


def write_rows(heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a workbook of one sheet: a report that people read."""
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        sheet = Sheet(book, None)
        sheet.widths(8, 24, 100)
        sheet.heading(heading)
        for row in rows:
            sheet.row(row)
    return buffer.getvalue()


def _plain(value: Value) -> str:
    """A value as text. Figures are the portal's own and run nothing, a negative one neither."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f").replace(".", get_format("DECIMAL_SEPARATOR"))
        case int():
            return str(value)
        case date():
            return value.isoformat()
    return harmless(value)
