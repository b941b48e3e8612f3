"""The units file: the tree that a roster export lacks, one row for each unit."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from exchange.files import Fault
from organization.files.cells import Cells, repeated
from organization.files.tables import Columns, read_table

CODE: Final = "UNOR ID"
NAME: Final = "UNOR NAMA"
PARENT: Final = "UNOR ATASAN ID"
KIND: Final = "JENIS UNOR"
HEAD_TITLE: Final = "JABATAN PIMPINAN"
HEAD_NIP: Final = "NIP PIMPINAN"
COLUMNS: Final = Columns(required=(CODE, NAME, PARENT), optional=(KIND, HEAD_TITLE, HEAD_NIP))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the file gives it; `parent_code` is empty at the root."""

    row: int
    code: str
    name: str
    parent_code: str = ""
    kind: str = ""
    head_title: str = ""
    head_nip: str = ""


@dataclass(frozen=True, slots=True)
class UnitsFile:
    """What a units file holds, sound or not: rows with a fault keep their sound cells."""

    rows: tuple[UnitRow, ...]
    faults: tuple[Fault, ...] = ()


def read_units(content: bytes, *, name: str = "units.csv") -> UnitsFile:
    """Read a units file. Raises FileRefused where it is no table of units at all."""
    faults: list[Fault] = []
    rows: list[UnitRow] = []
    places: dict[str, list[int]] = {}
    for row in read_table(content, name=name, columns=COLUMNS):
        cells = Cells(row, faults)
        unit = UnitRow(
            row=row.number,
            code=cells.text(CODE, limit=64, required=True),
            name=cells.text(NAME, limit=250, required=True),
            parent_code=cells.text(PARENT, limit=64),
            kind=cells.text(KIND, limit=60),
            head_title=cells.text(HEAD_TITLE, limit=250),
            head_nip=cells.nip(HEAD_NIP),
        )
        rows.append(unit)
        if unit.code:
            places.setdefault(unit.code, []).append(row.number)
    faults += repeated(places, CODE, _("Kode unit ini juga ada pada baris %(rows)s. Sisakan satu."))
    if not rows:
        faults.append(Fault(0, "", _("Berkas ini tidak memuat satu unit pun.")))
    return UnitsFile(tuple(rows), tuple(faults))
