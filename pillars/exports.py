"""Stored versions as files: TOML and XLSX, byte for byte the same for the same version."""

from typing import Final

from exchange.files import XLSX
from pillars.errors import InstrumentInvalid
from pillars.files import write_toml, write_xlsx
from pillars.models import Instrument
from pillars.queries import document_of, faults_of

FORMATS: Final = {
    "toml": "application/toml",
    "xlsx": XLSX,
}


def export(instrument: Instrument, kind: str) -> bytes:
    """The version as a file of that kind, a key of FORMATS.

    Raises InstrumentInvalid for an unfinished draft: the file could not be loaded again.
    """
    document = document_of(instrument)
    if faults := faults_of(document):
        raise InstrumentInvalid(faults)
    return write_xlsx(document) if kind == "xlsx" else write_toml(document).encode()
