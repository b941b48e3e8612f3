"""Instrument files: TOML or XLSX bytes ↔ `InstrumentDocument`. No database; the format is docs' operator contract."""

from typing import Final

from django.utils.translation import gettext as _

from exchange.files import Fault, FileRefused, apart, refuse_locked
from pillars.files.document import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    Why,
)
from pillars.files.hashing import content_hash, structure_hash
from pillars.files.toml import read_toml, write_toml
from pillars.files.validation import build_document
from pillars.files.xlsx import read_xlsx, write_xlsx

__all__ = [
    "BandDocument",
    "IndicatorDocument",
    "InstrumentDocument",
    "PillarDocument",
    "ScalePoint",
    "Why",
    "build_document",
    "content_hash",
    "read_instrument",
    "read_instrument_apart",
    "read_toml",
    "read_xlsx",
    "structure_hash",
    "write_toml",
    "write_xlsx",
]

READER_CPU_SECONDS: Final = 20
"""Far more than any instrument takes: a key of a million parts would go on for minutes."""
_ZIP = b"PK\x03\x04"


def read_instrument(content: bytes, *, name: str = "") -> InstrumentDocument:
    """Read an instrument from TOML or XLSX, told apart by what the file is.

    Raises FileRefused, which names every fault; one of them is a `name` that says something else.
    """
    refuse_locked(content)
    is_workbook = content.startswith(_ZIP)
    if name.lower().endswith(".toml" if is_workbook else ".xlsx"):
        message = _("Isi berkas tidak sesuai dengan namanya. Simpan sebagai .toml atau .xlsx.")
        raise FileRefused([Fault.at("berkas", message)])
    return read_xlsx(content) if is_workbook else read_toml(content)


def read_instrument_apart(content: bytes, *, name: str = "") -> InstrumentDocument:
    """Read an instrument in a process of its own, which may take `READER_CPU_SECONDS`. Raises FileRefused."""
    return apart(lambda: read_instrument(content, name=name), cpu_seconds=READER_CPU_SECONDS)
