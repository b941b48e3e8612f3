"""Instrument files as TOML, the form that people edit and review."""

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import tomlkit
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tomlkit.items import AoT, Item, Table

from exchange.files import Fault, FileRefused
from pillars.files.document import (
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    plain,
)
from pillars.files.validation import build_document

MAXIMUM_BYTES: Final = 5_000_000
_REASONS: Final = {
    "Cannot overwrite a value": gettext_lazy("kunci ini sudah diberi nilai sebelumnya"),
    "Cannot declare": gettext_lazy("tabel ini sudah ditulis sebelumnya"),
    "Cannot redefine namespace": gettext_lazy("tabel ini sudah ditulis sebelumnya"),
    "Cannot mutate immutable namespace": gettext_lazy("tabel ini sudah ditulis sebelumnya"),
    "Duplicate inline table key": gettext_lazy("kunci ini berulang"),
    "Expected ']": gettext_lazy("kurung siku tabel belum ditutup"),
    "Unclosed array": gettext_lazy("daftar belum ditutup dengan kurung siku"),
    "Unclosed inline table": gettext_lazy("tabel belum ditutup dengan kurung kurawal"),
    "Illegal character": gettext_lazy(
        "ada karakter yang tidak boleh di sini, atau tanda kutip yang belum ditutup"
    ),
    "Found invalid character": gettext_lazy(
        "ada karakter yang tidak boleh di sini, atau tanda kutip yang belum ditutup"
    ),
    "Unterminated string": gettext_lazy("tanda kutip belum ditutup"),
    "Expected '=": gettext_lazy("sesudah kunci harus ada tanda sama dengan"),
    "Expected newline": gettext_lazy("sesudah nilai harus pindah baris"),
    "Invalid statement": gettext_lazy("baris ini tidak diawali kunci atau nama tabel"),
    "Invalid initial character": gettext_lazy("nama kunci atau tabel belum ditulis"),
    "Invalid value": gettext_lazy(
        "nilainya tidak dikenal; tulis teks di antara tanda kutip, dan angka dengan titik desimal"
    ),
    "Invalid date": gettext_lazy("tanggal atau waktu ini tidak ada"),
    "Unescaped": gettext_lazy("tulis garis miring terbalik di dalam teks dua kali"),
    "Invalid hex": gettext_lazy("kode karakter di dalam teks ini tidak sah"),
    "Escaped character": gettext_lazy("kode karakter di dalam teks ini tidak sah"),
    "Exceeds the limit": gettext_lazy("angka ini terlalu panjang"),
}
"""What the library complains of, by how its words begin."""
_POSITION: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(content: bytes) -> InstrumentDocument:
    """Read and check an instrument.

    Raises FileRefused: one fault with line and column where the file is not TOML in UTF-8, else every
    fault of what it says.
    """
    if len(content) > MAXIMUM_BYTES:
        raise _refused(
            "berkas",
            _("Berkas lebih besar daripada %(size)s MB. Periksa isinya.")
            % {"size": MAXIMUM_BYTES // 1_000_000},
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            _byte_place(content, error.start), _("Bukan teks UTF-8. Simpan ulang sebagai UTF-8.")
        ) from error
    try:
        tree = tomllib.loads(text, parse_float=_decimal)
    except RecursionError as error:
        raise _refused(
            "berkas", _("Isi berkas bersarang terlalu dalam. Periksa tanda kurungnya.")
        ) from error
    except ValueError as error:  # TOMLDecodeError, and an integer too long to read
        raise _refused(
            _toml_place(text, error),
            _("Bukan TOML yang sah: %(reason)s. Perbaiki penulisannya.") % {"reason": _why(error)},
        ) from error
    return build_document(tree)


def write_toml(document: InstrumentDocument) -> str:
    """Return the document as TOML that reads back equal. Defaults are left out; numbers keep every digit."""
    root = tomlkit.document()
    head = tomlkit.table()
    for key in ("code", "version", "title", "language", "conversion"):
        head[key] = _text(getattr(document, key))
    head["minimum_coverage"] = _number(document.minimum_coverage)
    head["decimals"] = document.decimals
    root["instrument"] = head
    if document.scale:
        root["scale"] = _scale(document.scale)
    if document.bands:
        root["bands"] = _tables(
            {
                "code": _text(band.code),
                "label": _text(band.label),
                "lower": _text(plain(band.lower)),
            }
            for band in document.bands
        )
    root["pillars"] = _tables(_pillar(pillar) for pillar in document.pillars)
    return tomlkit.dumps(root)


def _pillar(pillar: PillarDocument) -> dict[str, Any]:
    table: dict[str, Any] = {"code": _text(pillar.code), "name": _text(pillar.name)}
    if pillar.description:
        table["description"] = _text(pillar.description)
    table["weight"] = _number(pillar.weight)
    table["indicators"] = _tables(_indicator(indicator) for indicator in pillar.indicators)
    return table


def _indicator(indicator: IndicatorDocument) -> dict[str, Any]:
    table: dict[str, Any] = {
        "code": _text(indicator.code),
        "statement": _text(indicator.statement),
        "weight": _number(indicator.weight),
    }
    if indicator.levels:
        levels = tomlkit.array()
        levels.extend(_text(level) for level in indicator.levels)
        table["levels"] = levels.multiline(multiline=True)
    table["reversed"] = indicator.reversed
    table["not_applicable"] = indicator.not_applicable
    table["evidence_from"] = _number(indicator.evidence_from)
    # A table may only follow the plain keys of its parent.
    if indicator.why is not None:
        why = indicator.why.to_data()
        table["why"] = (
            _text(why) if isinstance(why, str) else _table({key: _text(why[key]) for key in why})
        )
    if indicator.scale:
        table["scale"] = _scale(indicator.scale)
    return table


def _scale(scale: tuple[ScalePoint, ...]) -> AoT:
    return _tables({"value": _number(point.value), "label": _text(point.label)} for point in scale)


def _tables(entries: Any) -> AoT:
    tables = tomlkit.aot()
    for entry in entries:
        tables.append(_table(entry))
    return tables


def _table(entries: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in entries.items():
        table[key] = value
    return table


def _number(number: Decimal) -> Item:
    return tomlkit.value(plain(number))


def _text(text: str) -> Item:
    # TOML drops a line break that opens a multi-line text, so such a text stays on one line.
    return tomlkit.string(text, multiline="\n" in text and not text.startswith("\n"))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        # An exponent that no decimal can hold: refused at its place, like any other non-number.
        return Decimal("NaN")


def _refused(place: str, message: str) -> FileRefused:
    return FileRefused([Fault.at(place, message)])


def _byte_place(content: bytes, offset: int) -> str:
    lines = content[:offset].split(b"\n")
    return _("baris %(line)s, kolom %(column)s") % {
        "line": len(lines),
        "column": len(lines[-1].decode()) + 1,
    }


def _why(error: ValueError) -> str:
    text = str(error)
    for beginning, reason in _REASONS.items():
        if text.startswith(beginning):
            return str(reason)
    return _("periksa kurung, tanda kutip, dan tanda sama dengan")


def _toml_place(text: str, error: ValueError) -> str:
    if position := _POSITION.search(str(error)):
        return _("baris %(line)s, kolom %(column)s") % {
            "line": position[1],
            "column": position[2],
        }
    return (
        (_("baris %(line)s") % {"line": len(text.splitlines())})
        if "end of document" in str(error)
        else "berkas"
    )
