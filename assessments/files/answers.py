"""Answers as CSV: `respondent,<indicator code>,…`, one person a row, as the operator contract says.

An empty cell is a missing answer and `NA` is "tidak relevan". Values use a decimal point; `3.0` and `3.000`
are 3, unless the scale has 3 and 3000 both.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from assessments.scoring import NOT_APPLICABLE, Answer, ItemScheme, Scheme
from exchange.files import Fault, FileRefused, column_name

RESPONDENT: Final = "respondent"
MAXIMUM_RESPONDENT: Final = 100
# Enough to mend a file by; the wrong file altogether would otherwise fill the memory with faults.
MAXIMUM_FAULTS: Final = 1_000
# Written as `3.000` by statistics programs, and as three thousand by people.
_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_VALUE: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One person's answers by indicator code; a missing answer has no entry.

    Not `is_sound` from the first fault of the file on: such answers are of no use, the respondent is.
    """

    row: int
    respondent: str
    answers: dict[str, Answer]
    is_sound: bool = True


def read_answers(content: bytes, scheme: Scheme) -> Iterator[AnswerRow]:
    """Yield the rows of a file of answers one at a time.

    Raises FileRefused after the last row, with every fault of the file; rows that were yielded before
    it must then not be kept. An indicator without a column is missing for everybody.
    """
    reader = _Reader(scheme)
    yield from reader.read(content)
    if reader.faults:
        raise FileRefused(reader.faults)


class _TooManyFaults(Exception):
    """The file is so wrong that looking further helps nobody."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of answers; ``usual`` holds what each usual spelling of a cell says."""

    item: ItemScheme
    usual: dict[str, Answer | None]


class _Reader:
    def __init__(self, scheme: Scheme) -> None:
        self.faults: list[Fault] = []
        self._items = {item.code: item for item in scheme.items}
        self._rows_by_respondent: dict[str, int] = {}

    def read(self, content: bytes) -> Iterator[AnswerRow]:
        text = self._decode(content)
        if text is None:
            return
        row = 0
        records = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        try:
            heading = [name.strip() for name in next(records, [])]
            row = 1
            columns = self._columns(heading)
            if RESPONDENT not in heading:
                return
            key = heading.index(RESPONDENT)
            for row, cells in enumerate(records, start=2):
                answered = self._row(row, cells, key, columns)
                if answered is not None:
                    yield answered
        except csv.Error:
            self._note(
                row + 1, "", _("Tanda kutip tidak berpasangan, atau isi sel terlalu panjang.")
            )
        except _TooManyFaults:
            self._note(
                0,
                "",
                _("Sesudah %(count)s kesalahan, sisanya tidak diperiksa.")
                % {"count": MAXIMUM_FAULTS},
            )

    def _decode(self, content: bytes) -> str | None:
        if not content.strip():
            self._note(0, "", _("Berkas kosong. Baris pertama harus berisi judul kolom."))
            return None
        if content.startswith(_WORKBOOKS):
            self._note(0, "", _("Ini buku kerja Excel, bukan CSV. Simpan sebagai “CSV UTF-8”."))
            return None
        if b"\0" in content:
            row = content.count(b"\n", 0, content.index(b"\0")) + 1
            self._note(row, "", _("Ada karakter NUL. Simpan ulang sebagai CSV UTF-8."))
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content.count(b"\n", 0, error.start) + 1
            self._note(row, "", _("Bukan teks UTF-8. Simpan ulang sebagai CSV UTF-8."))
            return None

    def _columns(self, heading: list[str]) -> list[_Column | None]:
        """Return the columns in the order of the file, None where a column is not answers."""
        columns: list[_Column | None] = []
        for index, name in enumerate(heading):
            item = self._items.get(name)
            columns.append(None if item is None else _Column(item, _usual(item)))
            if name in heading[:index]:
                self._fault(
                    1, name or column_name(index), _("Judul kolom ini berulang. Hapus salah satu.")
                )
            elif not name:
                self._fault(
                    1, column_name(index), _("Kolom ini tidak berjudul. Beri judul, atau hapus.")
                )
            elif item is None and name != RESPONDENT:
                message = _(
                    "Kolom ini bukan indikator pada instrumen. Perbaiki kodenya, atau hapus."
                )
                self._fault(1, _short(name), message)
        if RESPONDENT not in heading:
            message = _(
                "Kolom ini tidak ada. Beri judul “%(respondent)s” pada kolom responden."
            ) % {"respondent": RESPONDENT}
            self._fault(1, RESPONDENT, message)
        return columns

    def _row(
        self, row: int, cells: list[str], key: int, columns: list[_Column | None]
    ) -> AnswerRow | None:
        if not any(map(str.strip, cells)):
            return None
        if len(cells) != len(columns):
            message = _("Ada %(count)s sel, sedangkan judulnya %(columns)s kolom. Samakan.") % {
                "count": len(cells),
                "columns": len(columns),
            }
            self._fault(row, "", message)
            return None
        respondent = cells[key].strip()
        self._check_respondent(row, respondent)
        answers: dict[str, Answer] = {}
        for column, cell in zip(columns, cells, strict=True):
            if column is None or not cell:
                continue
            answer = (
                column.usual[cell] if cell in column.usual else self._unusual(row, column, cell)
            )
            if answer is not None:
                answers[column.item.code] = answer
        return AnswerRow(row, respondent, answers, is_sound=not self.faults)

    def _check_respondent(self, row: int, respondent: str) -> None:
        if not respondent:
            self._fault(row, RESPONDENT, _("Responden kosong. Isi pengenal orangnya."))
        elif len(respondent) > MAXIMUM_RESPONDENT:
            message = _("Lebih dari %(limit)s karakter. Periksa isi sel ini.") % {
                "limit": MAXIMUM_RESPONDENT
            }
            self._fault(row, RESPONDENT, message)
        elif respondent in self._rows_by_respondent:
            first = self._rows_by_respondent[respondent]
            message = _(
                "“%(respondent)s” sudah ada di baris %(row)s. Satu orang hanya satu baris."
            ) % {"respondent": respondent, "row": first}
            self._fault(row, RESPONDENT, message)
        else:
            self._rows_by_respondent[respondent] = row

    def _unusual(self, row: int, column: _Column, cell: str) -> Answer | None:
        """Read a cell that is not spelled as usual, such as " 3.0"; None when missing or faulty."""
        text = cell.strip()
        if text in column.usual:
            return column.usual[text]
        if _VALUE.fullmatch(text) and not _is_ambiguous(text, column.item):
            value = Decimal(text)
            if value in column.item.values:
                return value
        self._fault(row, column.item.code, _refusal(column.item, text))
        return None

    def _fault(self, row: int, column: str, message: str) -> None:
        if len(self.faults) >= MAXIMUM_FAULTS:
            raise _TooManyFaults
        self._note(row, column, message)

    def _note(self, row: int, column: str, message: str) -> None:
        self.faults.append(Fault(row, column, message))


def _usual(item: ItemScheme) -> dict[str, Answer | None]:
    usual: dict[str, Answer | None] = {format(value, "f"): value for value in item.values}
    usual[""] = None
    if item.not_applicable:
        usual[NOT_APPLICABLE.value] = NOT_APPLICABLE
    return usual


def _is_ambiguous(text: str, item: ItemScheme) -> bool:
    """Whether a cell may be a level or a thousand times it, and the scale has both."""
    return bool(_THOUSANDS.fullmatch(text)) and {Decimal(text), 1000 * Decimal(text)} <= set(
        item.values
    )


def _refusal(item: ItemScheme, text: str) -> str:
    values = ", ".join(format(value, "f") for value in item.values)
    if text == NOT_APPLICABLE.value:
        return _(
            "Indikator ini tidak boleh dijawab NA. Isi salah satu dari %(values)s, atau kosongkan."
        ) % {"values": values}
    if _VALUE.fullmatch(text.replace(",", ".", 1)) and "," in text:
        return _(
            "“%(text)s” memakai koma. Tulis dengan titik desimal, salah satu dari %(values)s."
        ) % {"text": _short(text), "values": values}
    if _is_ambiguous(text, item):
        return _(
            "“%(text)s” dapat berarti ribuan atau pecahan, dan keduanya ada pada skala. Tulis tanpa "
            "titik, salah satu dari %(values)s."
        ) % {"text": text, "values": values}
    allowed = f"{values}, atau NA" if item.not_applicable else values
    return _(
        "“%(text)s” di luar skala. Isi salah satu dari %(allowed)s; kosong bila tidak dijawab."
    ) % {"text": _short(text), "allowed": allowed}


def _delimiter(text: str) -> str:
    """Tell commas from semicolons by the heading, whose codes hold neither."""
    heading = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return ";" if heading.count(";") > heading.count(",") else ","


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
