"""Answers as CSV: `respondent,<indicator code>,…`, one person a row, as the operator contract says.

An empty cell is a missing answer and `NA` is "tidak relevan". Values use a decimal point.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assessments.scoring import NOT_APPLICABLE, Answer, ItemScheme, Scheme

RESPONDENT: Final = "respondent"
MAXIMUM_RESPONDENT: Final = 100
# Enough to mend a file by; the wrong file altogether would otherwise fill the memory with faults.
MAXIMUM_FAULTS: Final = 1_000
_VALUE: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """``row`` is the row as a spreadsheet numbers it (the heading is row 1), None for the whole file;
    ``column`` is the heading, or the letters of a column without one, None for the whole row."""

    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        places = [] if self.row is None else [f"baris {self.row}"]
        places += [] if self.column is None else [f"kolom {self.column}"]
        return ": ".join(filter(None, (", ".join(places), self.message)))


class AnswersFileError(Exception):
    """The file is refused as a whole; ``faults`` holds what is wrong with it, in the order of the file."""

    def __init__(self, faults: list[AnswerFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One person's answers by indicator code; a missing answer has no entry."""

    row: int
    respondent: str
    answers: dict[str, Answer]


def read_answers(content: bytes, scheme: Scheme) -> Iterator[AnswerRow]:
    """Yield the rows of a file of answers one at a time.

    Raises AnswersFileError after the last row, with every fault of the file; rows that were yielded before
    it must then not be kept. An indicator without a column is missing for everybody.
    """
    reader = _Reader(scheme)
    yield from reader.read(content)
    if reader.faults:
        raise AnswersFileError(reader.faults)


class _TooManyFaults(Exception):
    """The file is so wrong that looking further helps nobody."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of answers; ``usual`` holds what each usual spelling of a cell says."""

    item: ItemScheme
    usual: dict[str, Answer | None]


class _Reader:
    def __init__(self, scheme: Scheme) -> None:
        self.faults: list[AnswerFault] = []
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
                if answered is not None and not self.faults:
                    yield answered
        except csv.Error:
            self._note(
                row + 1, None, "Tanda kutip tidak berpasangan, atau isi sel terlalu panjang."
            )
        except _TooManyFaults:
            self._note(None, None, f"Sesudah {MAXIMUM_FAULTS} kesalahan, sisanya tidak diperiksa.")

    def _decode(self, content: bytes) -> str | None:
        if not content.strip():
            self._note(None, None, "Berkas kosong. Baris pertama harus berisi judul kolom.")
            return None
        if b"\0" in content:
            row = content.count(b"\n", 0, content.index(b"\0")) + 1
            self._note(row, None, "Ada karakter NUL. Simpan ulang sebagai CSV UTF-8.")
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = content.count(b"\n", 0, error.start) + 1
            self._note(row, None, "Bukan teks UTF-8. Simpan ulang sebagai CSV UTF-8.")
            return None

    def _columns(self, heading: list[str]) -> list[_Column | None]:
        """Return the columns in the order of the file, None where a column is not answers."""
        columns: list[_Column | None] = []
        for index, name in enumerate(heading):
            item = self._items.get(name)
            columns.append(None if item is None else _Column(item, _usual(item)))
            if name in heading[:index]:
                self._fault(
                    1, name or _letters(index), "Judul kolom ini berulang. Hapus salah satu."
                )
            elif not name:
                self._fault(1, _letters(index), "Kolom ini tidak berjudul. Beri judul, atau hapus.")
            elif item is None and name != RESPONDENT:
                message = "Kolom ini bukan indikator pada instrumen. Perbaiki kodenya, atau hapus."
                self._fault(1, _short(name), message)
        if RESPONDENT not in heading:
            message = f"Kolom ini tidak ada. Beri judul “{RESPONDENT}” pada kolom responden."
            self._fault(1, RESPONDENT, message)
        return columns

    def _row(
        self, row: int, cells: list[str], key: int, columns: list[_Column | None]
    ) -> AnswerRow | None:
        if not any(map(str.strip, cells)):
            return None
        if len(cells) != len(columns):
            message = f"Ada {len(cells)} sel, sedangkan judulnya {len(columns)} kolom. Samakan."
            self._fault(row, None, message)
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
        return AnswerRow(row, respondent, answers)

    def _check_respondent(self, row: int, respondent: str) -> None:
        if not respondent:
            self._fault(row, RESPONDENT, "Responden kosong. Isi pengenal orangnya.")
        elif len(respondent) > MAXIMUM_RESPONDENT:
            message = f"Lebih dari {MAXIMUM_RESPONDENT} karakter. Periksa isi sel ini."
            self._fault(row, RESPONDENT, message)
        elif respondent in self._rows_by_respondent:
            first = self._rows_by_respondent[respondent]
            message = f"“{respondent}” sudah ada di baris {first}. Satu orang hanya satu baris."
            self._fault(row, RESPONDENT, message)
        else:
            self._rows_by_respondent[respondent] = row

    def _unusual(self, row: int, column: _Column, cell: str) -> Answer | None:
        """Read a cell that is not spelled as usual, such as " 3.0"; None when missing or faulty."""
        text = cell.strip()
        if text in column.usual:
            return column.usual[text]
        if _VALUE.fullmatch(text):
            value = Decimal(text)
            if value in column.item.values:
                return value
        self._fault(row, column.item.code, _refusal(column.item, text))
        return None

    def _fault(self, row: int, column: str | None, message: str) -> None:
        if len(self.faults) >= MAXIMUM_FAULTS:
            raise _TooManyFaults
        self._note(row, column, message)

    def _note(self, row: int | None, column: str | None, message: str) -> None:
        self.faults.append(AnswerFault(row, column, message))


def _usual(item: ItemScheme) -> dict[str, Answer | None]:
    usual: dict[str, Answer | None] = {format(value, "f"): value for value in item.values}
    usual[""] = None
    if item.not_applicable:
        usual[NOT_APPLICABLE.value] = NOT_APPLICABLE
    return usual


def _refusal(item: ItemScheme, text: str) -> str:
    values = ", ".join(format(value, "f") for value in item.values)
    if text == NOT_APPLICABLE.value:
        return (
            f"Indikator ini tidak boleh dijawab NA. Isi salah satu dari {values}, atau kosongkan."
        )
    if _VALUE.fullmatch(text.replace(",", ".", 1)) and "," in text:
        return (
            f"“{_short(text)}” memakai koma. Tulis dengan titik desimal, salah satu dari {values}."
        )
    allowed = f"{values}, atau NA" if item.not_applicable else values
    return (
        f"“{_short(text)}” di luar skala. Isi salah satu dari {allowed}; kosong bila tidak dijawab."
    )


def _delimiter(text: str) -> str:
    """Tell commas from semicolons by the heading, whose codes hold neither."""
    heading = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return ";" if heading.count(";") > heading.count(",") else ","


def _letters(index: int) -> str:
    """Return a spreadsheet's name of a column counted from 0: A, …, Z, AA, …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
