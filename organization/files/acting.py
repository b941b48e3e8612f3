"""The file of acting heads: who acts as head of which unit, from which day to which."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from exchange.files import Fault
from organization.enums import ACTING
from organization.files.cells import Cells
from organization.files.tables import Columns, read_table

NIP: Final = "NIP"
UNIT: Final = "UNOR ID"
KIND: Final = "JENIS"
SINCE: Final = "MULAI"
UNTIL: Final = "SELESAI"
COLUMNS: Final = Columns(required=(NIP, UNIT, KIND, SINCE, UNTIL))


@dataclass(frozen=True, slots=True)
class ActingRow:
    """An acting post; `until` is the last day of it. None and "" stand for faulty cells."""

    row: int
    nip: str
    unit_code: str
    kind: str
    since: datetime.date | None
    until: datetime.date | None


@dataclass(frozen=True, slots=True)
class ActingFile:
    """What a file of acting heads holds, sound or not."""

    rows: tuple[ActingRow, ...]
    faults: tuple[Fault, ...] = ()


def read_acting(content: bytes, *, name: str = "acting.csv") -> ActingFile:
    """Read a file of acting heads. Raises FileRefused where it is no such table at all."""
    faults: list[Fault] = []
    rows = [_read(Cells(row, faults)) for row in read_table(content, name=name, columns=COLUMNS)]
    faults += _overlaps(rows)
    if not rows:
        faults.append(Fault(0, "", _("Berkas ini tidak memuat satu baris pun.")))
    return ActingFile(tuple(rows), tuple(faults))


def _read(cells: Cells) -> ActingRow:
    kind = cells.text(KIND, limit=20, required=True).upper().rstrip(".")
    if kind and kind not in ACTING:
        cells.fault(KIND, _("“%(kind)s” tidak dikenal. Tulis PLT atau PLH.") % {"kind": kind})
        kind = ""
    since = cells.day(SINCE, required=True)
    until = cells.day(UNTIL, required=True)
    if since and until and until < since:
        cells.fault(UNTIL, _("Tanggal selesai mendahului tanggal mulai. Periksa keduanya."))
        until = None
    return ActingRow(
        row=cells.number,
        nip=cells.nip(NIP, required=True),
        unit_code=cells.text(UNIT, limit=64, required=True),
        kind=kind,
        since=since,
        until=until,
    )


def _overlaps(rows: list[ActingRow]) -> list[Fault]:
    reason = _(
        "Masa ini tumpang tindih dengan baris %(row)s untuk unit yang sama. Akhiri yang satu sebelum "
        "yang lain dimulai."
    )
    by_unit: dict[str, list[tuple[datetime.date, datetime.date, int]]] = {}
    for row in rows:
        if row.unit_code and row.since and row.until:
            by_unit.setdefault(row.unit_code, []).append((row.since, row.until, row.row))
    faults = []
    for periods in by_unit.values():
        latest = None
        for period in sorted(periods):
            if latest and period[0] <= latest[1]:
                faults.append(Fault(period[2], SINCE, reason % {"row": latest[2]}))
            if latest is None or period[1] > latest[1]:
                latest = period
    return faults
