"""Instrument files as a workbook, for those who would rather edit rows: one sheet per kind of thing.

A workbook becomes the same plain data as a TOML file and passes the same rules; faults name sheet and cell.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from exchange.files import (
    Fault,
    FileRefused,
    Limits,
    Sheet,
    Value,
    cell_name,
    inspect_workbook,
    open_workbook,
)
from pillars.files.document import IndicatorDocument, InstrumentDocument, plain
from pillars.files.validation import build_document

HEAD: Final = ("code", "version", "title", "language", "conversion", "minimum_coverage", "decimals")
SCALE: Final = ("indicator", "value", "label")
BANDS: Final = ("code", "label", "lower")
PILLARS: Final = ("code", "name", "description", "weight")
WHY: Final = ("reason", "source", "berakhlak", "reviewed_on", "next_review")
INDICATORS: Final = (
    "pillar",
    "code",
    "statement",
    "weight",
    "reversed",
    "not_applicable",
    "evidence_from",
    *(f"why_{key}" for key in WHY),
)
SHEETS: Final = ("instrument", "scale", "bands", "pillars", "indicators")
DIGITS: Final = 15
"""As many as a spreadsheet keeps of a number."""
LIMITS: Final = Limits(unpacked=20_000_000, unsuspicious=5_000_000, rows=10_000)
NUMBERS: Final = ("minimum_coverage", "decimals", "value", "lower", "weight", "evidence_from")
# Written as text, a thousand to one reader and one to another.
_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_FLAGS: Final = {"true": True, "ya": True, "false": False, "tidak": False}

_LEVEL: Final = re.compile(r"level_[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its filled cells by column name, and where each of them is."""

    place: str
    values: dict[str, object]
    places: dict[str, str]

    def split(self, prefix: str) -> "Row":
        """Take the columns of a prefix out of this row, into a row of their own without the prefix."""
        names = [name for name in self.values if name.startswith(prefix)]
        return Row(
            self.place,
            {name.removeprefix(prefix): self.values.pop(name) for name in names},
            {name.removeprefix(prefix): self.places.pop(name) for name in names},
        )


def read_xlsx(content: bytes) -> InstrumentDocument:
    """Read and check an instrument; raises FileRefused with every fault at its sheet and cell."""
    reader = _Reader(_open(content))
    tree = reader.tree()
    try:
        document = build_document(tree)
    except FileRefused as error:
        found = [Fault.at(reader.place_of(fault.place), fault.reason) for fault in error.faults]
        raise FileRefused([*reader.faults, *found]) from None
    if reader.faults:
        raise FileRefused(reader.faults)
    return document


def write_xlsx(document: InstrumentDocument) -> bytes:
    """Return the document as a workbook that reads back equal. The same document gives the same bytes."""
    buffer = io.BytesIO()
    about = {"created": datetime(2026, 1, 1, tzinfo=UTC), "title": document.title}
    with open_workbook(buffer, properties=about) as book:
        sheets = {name: Sheet(book, name, verbatim=True) for name in SHEETS}
        for sheet in sheets.values():
            sheet.widths(*[24] * 26)
        for key in HEAD:
            sheets["instrument"].row((key, _exact(getattr(document, key))))
        sheets["scale"].heading(SCALE)
        for point in document.scale:
            sheets["scale"].row((None, _exact(point.value), point.label))
        sheets["bands"].heading(BANDS)
        for band in document.bands:
            sheets["bands"].row((band.code, band.label, _exact(band.lower)))
        sheets["pillars"].heading(PILLARS)
        indicators = [indicator for pillar in document.pillars for indicator in pillar.indicators]
        deepest = max(len(indicator.levels) for indicator in indicators)
        sheets["indicators"].heading(
            (*INDICATORS, *(f"level_{number + 1}" for number in range(deepest)))
        )
        for pillar in document.pillars:
            sheets["pillars"].row(
                (pillar.code, pillar.name, pillar.description or None, _exact(pillar.weight))
            )
            for indicator in pillar.indicators:
                sheets["indicators"].row((pillar.code, *_indicator_cells(indicator)))
                for point in indicator.scale:
                    sheets["scale"].row((indicator.code, _exact(point.value), point.label))
    return buffer.getvalue()


def _indicator_cells(indicator: IndicatorDocument) -> Iterator[Value]:
    yield from (indicator.code, indicator.statement, _exact(indicator.weight))
    yield from (indicator.reversed, indicator.not_applicable, _exact(indicator.evidence_from))
    for key in WHY:
        yield (getattr(indicator.why, key) or None) if indicator.why else None
    yield from indicator.levels


def _exact(value: Value) -> Value:
    """Write a number of more digits than a spreadsheet keeps as text, which the reader takes for the number."""
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > DIGITS:
        return plain(value)
    return value


class _Reader:
    """Turns sheets into the plain data of a TOML file and remembers which cell each piece came from."""

    def __init__(self, book: CalamineWorkbook) -> None:
        self._book = book
        self._cells: dict[str, str] = {}
        self.faults: list[Fault] = []

    def place_of(self, path: str) -> str:
        """Return the cell that a path came from; for a missing one, its row or sheet and the column to fill."""
        if path in self._cells:
            return self._cells[path]
        parent, _dot, key = path.rpartition(".")
        if parent:
            return _column(self.place_of(parent), key)
        return _("lembar %(sheet)s") % {"sheet": key}

    def tree(self) -> dict[str, Any]:
        for name in self._book.sheet_names:
            if name not in SHEETS:
                self._fault(
                    _("lembar %(sheet)s") % {"sheet": name},
                    _("Lembar ini tidak dikenal. Yang dikenal: %(known)s.")
                    % {"known": ", ".join(SHEETS)},
                )
        shared, own = self._scales()
        pillars = self._table("pillars", list(self._rows("pillars", PILLARS)))
        tree = {
            "instrument": self._head(),
            "scale": self._table("scale", shared),
            "bands": self._table("bands", list(self._rows("bands", BANDS))),
            "pillars": pillars,
        }
        self._indicators(pillars, own)
        return {key: value for key, value in tree.items() if value}

    def _head(self) -> dict[str, object]:
        head: dict[str, object] = {}
        self._cells["instrument"] = _("lembar %(sheet)s") % {"sheet": "instrument"}
        for number, cells in enumerate(self._raw("instrument")):
            key, value = (*cells, "", "")[:2]
            if key in head:
                self._fault(
                    _cell("instrument", number, 0),
                    _("Kunci “%(key)s” berulang. Hapus salah satu.") % {"key": key},
                )
            elif key != "" and value != "":
                head[str(key)] = _value(value)
                self._cells[f"instrument.{key}"] = _cell("instrument", number, 1)
                self._check_number(str(key), value, _cell("instrument", number, 1))
        return head

    def _scales(self) -> tuple[list[Row], dict[object, list[Row]]]:
        shared: list[Row] = []
        own: dict[object, list[Row]] = {}
        for row in self._rows("scale", SCALE):
            indicator = row.values.pop("indicator", None)
            (shared if indicator is None else own.setdefault(indicator, [])).append(row)
        return shared, own

    def _indicators(self, pillars: list[dict[str, Any]], scales: dict[object, list[Row]]) -> None:
        numbers: dict[object, int] = {}
        for number, pillar in enumerate(pillars):
            numbers.setdefault(pillar.get("code"), number)
        for row in self._rows("indicators", INDICATORS, levels=True):
            number = numbers.get(row.values.pop("pillar", ""), -1)
            if number < 0:
                place = row.places.get("pillar", _column(row.place, "pillar"))
                self._fault(
                    place,
                    _("Pilar ini tidak ada di lembar pillars. Isi dengan kode salah satu pilar."),
                )
                continue
            indicators = pillars[number].setdefault("indicators", [])
            indicators.append(
                self._indicator(row, f"pillars[{number}].indicators[{len(indicators)}]", scales)
            )
        for code, rows in scales.items():
            place = rows[0].places["indicator"]
            self._fault(
                place,
                _("Indikator “%(code)s” tidak ada di lembar indicators. Perbaiki kodenya.")
                % {"code": code},
            )

    def _indicator(self, row: Row, path: str, scales: dict[object, list[Row]]) -> dict[str, Any]:
        levels, why = row.split("level_"), row.split("why_")
        indicator = self._placed(path, row)
        for key in ("reversed", "not_applicable"):
            given = indicator.get(key)
            if isinstance(given, str):
                indicator[key] = _FLAGS.get(given.strip().lower(), given)
        if why.values:
            indicator["why"] = self._placed(f"{path}.why", why)
        if own := scales.pop(indicator.get("code"), None):
            indicator["scale"] = self._table(f"{path}.scale", own)
        if levels.values:
            deepest = max(map(int, levels.values))
            # A gap between two levels becomes an empty text, which is refused at its place.
            indicator["levels"] = [
                levels.values.get(str(level), "") for level in range(1, deepest + 1)
            ]
            for level in range(1, deepest + 1):
                place = levels.places.get(str(level), _column(row.place, f"level_{level}"))
                self._cells[f"{path}.levels[{level - 1}]"] = place
        return indicator

    def _table(self, path: str, rows: list[Row]) -> list[dict[str, Any]]:
        return [self._placed(f"{path}[{index}]", row) for index, row in enumerate(rows)]

    def _placed(self, path: str, row: Row) -> dict[str, Any]:
        self._cells[path] = row.place
        self._cells.update({f"{path}.{name}": place for name, place in row.places.items()})
        return row.values

    def _rows(self, sheet: str, columns: tuple[str, ...], *, levels: bool = False) -> Iterator[Row]:
        raw = self._raw(sheet)
        names = [str(name).strip() for name in next(raw, [])]
        for column, name in enumerate(names):
            if name and name not in columns and not (levels and _LEVEL.fullmatch(name)):
                known = ", ".join((*columns, "level_1", "level_2", "…") if levels else columns)
                self._fault(
                    _cell(sheet, 0, column),
                    _("Kolom ini tidak dikenal. Yang dikenal: %(known)s.") % {"known": known},
                )
            elif name and name in names[:column]:
                self._fault(
                    _cell(sheet, 0, column),
                    _("Kolom “%(name)s” berulang. Hapus salah satu.") % {"name": name},
                )
        for number, cells in enumerate(raw, start=1):
            row = Row(
                _("lembar %(sheet)s, baris %(row)s") % {"sheet": sheet, "row": number + 1},
                {},
                {},
            )
            for column, value in enumerate(cells):
                if value == "":
                    continue
                if column < len(names) and names[column]:
                    row.values[names[column]] = _value(value)
                    row.places[names[column]] = _cell(sheet, number, column)
                    self._check_number(names[column], value, _cell(sheet, number, column))
                else:
                    self._fault(
                        _cell(sheet, number, column),
                        _("Kolom ini tidak berjudul. Beri judul, atau kosongkan."),
                    )
            if row.values:
                yield row

    def _raw(self, sheet: str) -> Iterator[Sequence[object]]:
        if sheet in self._book.sheet_names:
            yield from self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    def _check_number(self, name: str, value: object, place: str) -> None:
        if name in NUMBERS and isinstance(value, str) and _THOUSANDS.fullmatch(value.strip()):
            reason = _(
                "“%(text)s” dapat berarti ribuan atau pecahan. Tulis sebagai angka, bukan teks."
            )
            self._fault(place, reason % {"text": value.strip()})

    def _fault(self, place: str, message: str) -> None:
        self.faults.append(Fault.at(place, message))


def _open(content: bytes) -> CalamineWorkbook:
    inspect_workbook(content, LIMITS)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise FileRefused(
            [Fault.at("berkas", _("Bukan berkas XLSX yang sah. Simpan ulang sebagai .xlsx."))]
        ) from error


def _cell(sheet: str, row: int, column: int) -> str:
    return _("lembar %(sheet)s, sel %(cell)s") % {
        "sheet": sheet,
        "cell": cell_name(row, column),
    }


def _column(place: str, column: str) -> str:
    return _("%(place)s, kolom %(column)s") % {"place": place, "column": column}


def _value(value: object) -> object:
    """Return a cell as plain data: a number as its shortest decimal text says, not as its binary value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value
