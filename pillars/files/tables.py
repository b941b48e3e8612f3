"""Reads typed values out of plain nested data and notes a fault, with its place, for each that does not fit.

A reader returns None in place of what is faulty, so that one pass finds every fault.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from exchange.files import Fault
from pillars.files.document import canonical, plain

CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
# What stands beside indicator codes as a name: the first column of a file of answers, the other fields of
# the forms whose inputs are named by code, the parameters of their pages. Compared without case.
RESERVED_CODES: Final = (
    "respondent",
    "csrfmiddlewaretoken",
    "indicator",
    "next",
    "change",
    "token",
    "step",
    "cycle",
    "gaps",
)
# Parts of addresses: browsers take them for "here" and "one up".
RESERVED_IN_ADDRESSES: Final = (".", "..")
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
# NUL cannot be stored by PostgreSQL; the other control characters are never meant.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MISSING: Final = object()
_FINEST: Final = 30


class Table:
    """One table of the file. Each key is read once; ``close`` faults the keys that nobody asked for."""

    def __init__(self, data: Mapping[str, object], place: str, faults: list[Fault]) -> None:
        self.place = place
        self._unread = dict(data)
        self._known: list[str] = []
        self._faults = faults

    def at(self, key: str) -> str:
        """Return the place of a key of this table."""
        return f"{self.place}.{key}" if self.place else key

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong at a key of this table."""
        self._faults.append(Fault.at(self.at(key), message))

    def has(self, key: str) -> bool:
        """Whether the file gives the key, well or badly."""
        return key in self._unread

    def _take(self, key: str, *, required: bool) -> object:
        self._known.append(key)
        value = self._unread.pop(key, _MISSING)
        if value is _MISSING and required:
            self.fault(key, _("Wajib diisi, tetapi tidak ada. Tambahkan kunci ini."))
        return value

    def text(self, key: str, *, limit: int, required: bool = True) -> str | None:
        """Return a text of 1..``limit`` characters; "" when an optional one is absent or empty."""
        value = self._take(key, required=required)
        if value is _MISSING:
            return None if required else ""
        if value == "" and not required:
            return ""
        return self._text(key, value, limit)

    def _text(self, key: str, value: object, limit: int) -> str | None:
        if not isinstance(value, str):
            self.fault(key, _not_a_text(value))
        elif not value.strip():
            self.fault(key, _("Teks ini kosong. Isi, atau hapus kuncinya bila tidak wajib."))
        elif len(value) > limit:
            self.fault(
                key,
                _("Teks ini %(length)s karakter; paling banyak %(limit)s. Persingkat.")
                % {"length": len(value), "limit": limit},
            )
        elif _CONTROL.search(value):
            self.fault(
                key, _("Teks ini memuat karakter kendali yang tidak terlihat. Ketik ulang teksnya.")
            )
        else:
            return value
        return None

    def code(self, key: str, *, reserved: Sequence[str] = ()) -> str | None:
        """Return a code: 1..40 letters, digits, dots, underscores and hyphens; none of `reserved`."""
        value = self._take(key, required=True)
        if value is _MISSING:
            return None
        if not isinstance(value, str):
            self.fault(key, _not_a_text(value))
        elif not CODE.fullmatch(value):
            self.fault(
                key,
                _(
                    "Kode “%(value)s” tidak dapat dipakai. Gunakan 1 sampai 40 huruf, angka, "
                    "titik, garis bawah, atau tanda hubung, tanpa spasi."
                )
                % {"value": _short(value)},
            )
        elif value.casefold() in reserved:
            reason = _(
                "Kode “%(code)s” dipakai portal pada formulir, alamat, atau berkas jawaban. "
                "Pilih kode lain, misalnya PRO-01."
            )
            self.fault(key, reason % {"code": value})
        else:
            return value
        return None

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        """Return a required text that is one of `choices`."""
        value = self._take(key, required=True)
        if value is _MISSING or value in choices:
            return None if value is _MISSING else str(value)
        self.fault(
            key,
            _("“%(value)s” tidak dikenal. Pilih salah satu: %(known)s.")
            % {"value": _short(value), "known": ", ".join(choices)},
        )
        return None

    def number(
        self, key: str, *, low: Decimal, high: Decimal, places: int, default: Decimal | None = None
    ) -> Decimal | None:
        """Return a decimal within ``low``..``high`` with at most ``places`` decimals."""
        value = self._take(key, required=default is None)
        if value is _MISSING:
            return default
        number = _number(value)
        if number is None:
            self.fault(key, _not_a_number(value))
        elif not low <= number <= high:
            self.fault(
                key,
                _("%(number)s di luar batas. Isi angka %(low)s sampai %(high)s.")
                % {"number": _shown(number), "low": plain(low), "high": plain(high)},
            )
        elif _decimals(number) > places:
            self.fault(
                key,
                _("%(number)s terlalu rinci. Pakai paling banyak %(places)s angka desimal.")
                % {"number": _shown(number), "places": places},
            )
        else:
            return canonical(number)
        return None

    def integer(self, key: str, *, low: int, high: int) -> int | None:
        """Return a required whole number of low..high."""
        number = self.number(key, low=Decimal(low), high=Decimal(high), places=0)
        return None if number is None else int(number)

    def flag(self, key: str) -> bool | None:
        """Return an optional true/false; False when absent."""
        value = self._take(key, required=False)
        if value is _MISSING:
            return False
        if isinstance(value, bool):
            return value
        self.fault(key, _("Harus true atau false, bukan %(kind)s.") % {"kind": kind(value)})
        return None

    def day(self, key: str) -> date | None:
        """Return an optional date, given as a date or as ISO text; None when absent or faulty."""
        value = self._take(key, required=False)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not _MISSING:
            self.fault(
                key, _("Bukan tanggal yang ada. Tulis tahun-bulan-hari, misalnya 2026-11-24.")
            )
        return None

    def texts(self, key: str, *, limit: int) -> tuple[str, ...] | None:
        """Return an optional list of texts; () when absent, None when any of them is faulty."""
        value = self._take(key, required=False)
        if value is _MISSING:
            return ()
        if not isinstance(value, list):
            self.fault(key, _("Harus berupa daftar teks, bukan %(kind)s.") % {"kind": kind(value)})
            return None
        read = [self._text(f"{key}[{index}]", text, limit) for index, text in enumerate(value)]
        texts = tuple(text for text in read if text is not None)
        return texts if len(texts) == len(read) else None

    def table(self, key: str) -> "Table | None":
        """Return a required table within this one."""
        value = self._take(key, required=True)
        if value is _MISSING:
            return None
        if isinstance(value, dict):
            return Table(value, self.at(key), self._faults)
        self.fault(
            key,
            _("Harus berupa tabel [%(key)s], bukan %(kind)s.") % {"key": key, "kind": kind(value)},
        )
        return None

    def text_or_table(self, key: str, *, limit: int) -> "str | Table | None":
        """Return an optional text or table; None when absent, empty or faulty."""
        value = self._take(key, required=False)
        if value is _MISSING or value == "":
            return None
        if isinstance(value, dict):
            return Table(value, self.at(key), self._faults)
        return self._text(key, value, limit)

    def tables(self, key: str, *, required: bool) -> "list[Table] | None":
        """Return a list of tables; [] when an optional one is absent, None when it is faulty or empty."""
        value = self._take(key, required=required)
        if value is _MISSING:
            return None if required else []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault(key, _("Harus berupa daftar tabel [[%(key)s]].") % {"key": key})
            return None
        if not value:
            self.fault(
                key,
                _("Daftar ini kosong. Isi sedikitnya satu, atau hapus kuncinya bila tidak wajib."),
            )
            return None
        return [
            Table(entry, f"{self.at(key)}[{index}]", self._faults)
            for index, entry in enumerate(value)
        ]

    def close(self) -> None:
        """Fault every key that the format does not know."""
        for key in self._unread:
            known = ", ".join(self._known)
            self.fault(
                _short(key),
                _("Kunci ini tidak dikenal. Yang dikenal di sini: %(known)s.") % {"known": known},
            )


def kind(value: object) -> str:
    """Name the type of a value for a person."""
    match value:
        case bool():
            return "true/false"
        case int() | Decimal():
            return _("angka")
        case str():
            return _("teks")
        case list():
            return _("daftar")
        case dict():
            return _("tabel")
        case _:
            return _("tanggal atau waktu")


def _not_a_text(value: object) -> str:
    return _(
        "Harus berupa teks, bukan %(kind)s. Di TOML tulis di antara tanda kutip; di Excel format selnya "
        "sebagai teks, lalu ketik ulang."
    ) % {"kind": kind(value)}


def _number(value: object) -> Decimal | None:
    match value:
        case bool():
            return None
        case int() | Decimal():
            number = Decimal(value)
        case str() if _NUMBER.fullmatch(value):
            number = Decimal(value)
        case _:
            return None
    return (number or Decimal(0)) if number.is_finite() else None


def _decimals(number: Decimal) -> int:
    """Count the decimals a number needs. An extreme exponent is never written out: it could fill the memory."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_FINEST:
        return _FINEST
    return len(plain(number).partition(".")[2])


def _not_a_number(value: object) -> str:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip().replace(",", ".")):
        return _(
            "“%(value)s” tidak terbaca sebagai angka. Pakai titik desimal tanpa spasi, misalnya "
            "88.31."
        ) % {"value": _short(value)}
    if isinstance(value, str | Decimal):
        return _("“%(value)s” bukan angka. Tulis angka biasa, misalnya 20 atau 88.31.") % {
            "value": _short(value)
        }
    return _("Harus berupa angka, bukan %(kind)s.") % {"kind": kind(value)}


def _shown(number: Decimal) -> str:
    return _short(plain(number) if -30 < number.adjusted() < 30 else number)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
