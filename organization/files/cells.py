"""Reads the cells of one row into what they mean, and notes a fault for each that cannot be read."""

import datetime
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.validators import is_rounded, normalize_nip, validate_nip
from exchange.files import Fault
from organization.files.tables import Row

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_WORDED: Final = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})")
# As people and spreadsheets of both languages write them, whole or from three letters on.
_MONTHS: Final = (
    ("januari", "january"),
    ("februari", "february", "pebruari"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august", "agt"),
    ("september",),
    ("oktober", "october"),
    ("november", "nopember"),
    ("desember", "december"),
)
_DIGITS_KEPT: Final = 10**15
_YEARS: Final = range(1900, 2101)


class Cells:
    """The cells of a row. A reader answers None (or "") for a faulty cell, so one pass finds all."""

    def __init__(self, row: Row, faults: list[Fault]) -> None:
        self.number = row.number
        self.sound = True
        self._cells = row.cells
        self._faults = faults
        if row.fault:
            self.fault("", row.fault)

    def fault(self, column: str, reason: str) -> None:
        """Note a fault of this row."""
        self.sound = False
        self._faults.append(Fault(self.number, column, reason))

    def text(self, column: str, *, limit: int, required: bool = False) -> str:
        """Text without surplus spaces and invisible characters; at most `limit` characters.

        A whole number is its digits. What a spreadsheet made of a text, such as a date of the
        code `1-2`, no longer says what was typed, and is a fault.
        """
        value = self._cells.get(column)
        if isinstance(value, float) and value.is_integer() and abs(value) < _DIGITS_KEPT:
            value = int(value)
        elif not isinstance(value, str | int | None) or isinstance(value, bool):
            self._note_typed(column, value)
            return ""
        text = "" if value is None else " ".join(str(value).split())
        text = "".join(character for character in text if character.isprintable())
        if required and not text:
            self.fault(column, _("Sel ini wajib diisi."))
        if len(text) > limit:
            reason = _("Teks ini %(length)s karakter; paling banyak %(limit)s. Persingkat.")
            self.fault(column, reason % {"length": len(text), "limit": limit})
            return ""
        return text

    def nip(self, column: str, *, required: bool = False) -> str:
        """18 digits; spaces, dots and an apostrophe between or before them are dropped."""
        value = self._cells.get(column)
        if isinstance(value, int | float) or (isinstance(value, str) and is_rounded(value.strip())):
            reason = _(
                "Sel ini berisi angka, sehingga digit terakhir NIP sudah hilang. "
                "Format kolom sebagai teks, lalu isi ulang NIP dari sumbernya."
            )
            self.fault(column, reason)
            return ""
        nip = normalize_nip(self.text(column, limit=64, required=required))
        if not nip:
            return ""
        try:
            validate_nip(nip)
        except ValidationError as error:
            self.fault(column, " ".join(error.messages))
            return ""
        return nip

    def day(self, column: str, *, required: bool = False) -> datetime.date | None:
        """A date: typed as one, written DD-MM-YYYY, or with the month's name."""
        value = self._cells.get(column)
        if isinstance(value, datetime.datetime):
            value = value.date()
        if isinstance(value, datetime.date):
            return self._usual_year(column, value, f"{value:%d-%m-%Y}")
        if isinstance(value, int | float | datetime.time | datetime.timedelta):
            reason = _("Sel ini bukan tanggal. Tulis sebagai teks HH-BB-TTTT, misalnya 24-11-2026.")
            self.fault(column, reason)
            return None
        text = self.text(column, limit=40, required=required)
        return self._written_day(column, text) if text else None

    def email(self, column: str) -> str | None:
        """An address, "" for an empty cell, None for what is no address. Never a fault."""
        value = self._cells.get(column)
        text = value.strip() if isinstance(value, str) else ""
        try:
            if text:
                validate_email(text)
        except ValidationError:
            return None
        return text

    def _note_typed(self, column: str, value: object) -> None:
        """A reader of the file sees something else in the cell than what it holds."""
        names: dict[type, str] = {bool: _("nilai benar/salah"), float: _("angka yang tidak bulat")}
        reason = _(
            "Sel ini berisi %(kind)s, bukan teks. Format kolom sebagai teks, lalu isi ulang."
        )
        kind = names.get(type(value), _("tanggal atau waktu"))
        self.fault(column, reason % {"kind": kind})

    def _written_day(self, column: str, text: str) -> datetime.date | None:
        if found := _DAY_FIRST.fullmatch(text.lstrip("'")):
            day, month, year = map(int, found.groups())
        elif found := _YEAR_FIRST.fullmatch(text.lstrip("'")):
            year, month, day = map(int, found.groups())
        elif (found := _WORDED.fullmatch(text.lstrip("'"))) and (month := _month(found[2])):
            day, year = int(found[1]), int(found[3])
        else:
            reason = _("“%(text)s” bukan tanggal. Tulis HH-BB-TTTT, misalnya 24-11-2026.")
            self.fault(column, reason % {"text": text})
            return None
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            reason = _("Tanggal %(text)s tidak ada pada kalender. Periksa hari dan bulannya.")
            self.fault(column, reason % {"text": text})
            return None
        return self._usual_year(column, date, text)

    def _usual_year(self, column: str, date: datetime.date, text: str) -> datetime.date | None:
        if date.year in _YEARS:
            return date
        reason = _("Tahun pada tanggal %(text)s tidak wajar. Periksa tahunnya.")
        self.fault(column, reason % {"text": text})
        return None


def _month(name: str) -> int:
    """1 to 12, or 0 for what is no month."""
    word = name.casefold()
    return next(
        (
            number
            for number, names in enumerate(_MONTHS, start=1)
            if any(each.startswith(word) for each in names)
        ),
        0,
    )


def repeated(places: dict[str, list[int]], column: str, reason: str) -> list[Fault]:
    """A fault at each row of a value that stands on several; `reason` names the other `rows`."""
    return [
        Fault(
            number, column, reason % {"rows": ", ".join(str(row) for row in rows if row != number)}
        )
        for rows in places.values()
        if len(rows) > 1
        for number in rows
    ]
