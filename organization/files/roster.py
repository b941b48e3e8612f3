"""The roster export of SIASN: the fourteen columns that the portal needs of its sixty-nine.

Every other column (NIK, NPWP, BPJS, religion, marriage, address, telephone …) stays unread.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from accounts.enums import EmploymentType
from exchange.files import Fault, stream_apart
from organization.enums import PositionKind
from organization.files.cells import Cells, repeated
from organization.files.tables import Columns, read_table

SIASN_ID: Final = "PNS ID"
NIP: Final = "NIP BARU"
NAME: Final = "NAMA"
TITLE_BEFORE: Final = "GELAR DEPAN"
TITLE_AFTER: Final = "GELAR BELAKANG"
BORN: Final = "TANGGAL LAHIR"
EMAIL: Final = "EMAIL GOV"
EMPLOYMENT: Final = "JENIS PEGAWAI NAMA"
LEGAL_STATUS: Final = "KEDUDUKAN HUKUM NAMA"
RANK: Final = "GOL AKHIR NAMA"
POSITION_KIND: Final = "JENIS JABATAN NAMA"
POSITION: Final = "JABATAN NAMA"
SINCE: Final = "TMT JABATAN"
UNIT: Final = "UNOR ID"
COLUMNS: Final = Columns(
    required=(NIP, NAME, LEGAL_STATUS, POSITION_KIND, POSITION, UNIT),
    optional=(
        SIASN_ID,
        TITLE_BEFORE,
        TITLE_AFTER,
        BORN,
        EMAIL,
        EMPLOYMENT,
        RANK,
        SINCE,
    ),
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person as the roster gives it. Cells with a fault are empty."""

    row: int
    siasn_id: str
    nip: str
    name: str
    title_before: str
    title_after: str
    email: str
    employment_type: str
    legal_status: str
    rank: str
    position_kind: str
    position: str
    since: datetime.date | None
    unit_code: str

    @property
    def is_active(self) -> bool:
        """Whether the person is in service and is asked to fill in."""
        return in_service(self.legal_status)

    @property
    def is_structural(self) -> bool:
        """Whether the person's own post is structural: the head's post of the unit."""
        return self.position_kind == PositionKind.STRUCTURAL


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a roster holds, sound or not. Warnings do not keep it from being imported."""

    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def in_service(legal_status: str) -> bool:
    """Whether a KEDUDUKAN HUKUM means service: `Aktif`, `PPPK Aktif`; not `Tidak Aktif`, `Pensiun`."""
    words = legal_status.casefold().replace("-", " ").split()
    return "aktif" in words and not {"tidak", "non"} & set(words)


def read_roster(
    content: bytes, *, name: str = "roster.xlsx", in_process: bool = True
) -> RosterFile:
    """Read a roster, `in_process` or, row by row, in a limited one beside it.

    Raises FileRefused where it is no roster at all.
    """
    read = partial(_read_rows, content, name)
    rows: list[RosterRow] = []
    faults: list[Fault] = []
    warnings: list[Fault] = []
    nips: dict[str, list[int]] = {}
    ids: dict[str, list[int]] = {}
    for row, row_faults, row_warnings in read() if in_process else stream_apart(read):
        rows.append(row)
        faults += row_faults
        warnings += row_warnings
        if row.nip:
            nips.setdefault(row.nip, []).append(row.row)
        if row.siasn_id:
            ids.setdefault(row.siasn_id, []).append(row.row)
    faults += repeated(nips, NIP, _("NIP ini juga ada pada baris %(rows)s. Sisakan satu."))
    faults += repeated(ids, SIASN_ID, _("PNS ID ini juga ada pada baris %(rows)s. Sisakan satu."))
    if not rows:
        faults.append(Fault(0, "", _("Berkas ini tidak memuat satu pegawai pun.")))
    return RosterFile(tuple(rows), tuple(faults), tuple(warnings))


def _read_rows(content: bytes, name: str) -> Iterator[tuple[RosterRow, list[Fault], list[Fault]]]:
    """Each row with its faults and its warnings."""
    for row in read_table(content, name=name, columns=COLUMNS):
        faults: list[Fault] = []
        warnings: list[Fault] = []
        yield _read(Cells(row, faults), warnings), faults, warnings


def _read(cells: Cells, warnings: list[Fault]) -> RosterRow:
    legal_status = cells.text(LEGAL_STATUS, limit=60, required=True)
    asked = in_service(legal_status)
    nip = cells.nip(NIP, required=True)
    born = cells.day(BORN)
    if nip and born and nip[:8] != f"{born:%Y%m%d}":
        reason = _("Tanggal lahir tidak sama dengan delapan angka pertama NIP. Periksa keduanya.")
        warnings.append(Fault(cells.number, BORN, reason))
    email = cells.email(EMAIL)
    if email is None:
        warnings.append(Fault(cells.number, EMAIL, _("Bukan alamat surel; dikosongkan.")))
    return RosterRow(
        row=cells.number,
        siasn_id=cells.text(SIASN_ID, limit=64),
        nip=nip,
        name=cells.text(NAME, limit=150, required=True),
        title_before=cells.text(TITLE_BEFORE, limit=60),
        title_after=cells.text(TITLE_AFTER, limit=100),
        email=email or "",
        employment_type=_employment(cells.text(EMPLOYMENT, limit=60), nip),
        legal_status=legal_status,
        rank=cells.text(RANK, limit=10),
        position_kind=_position_kind(cells.text(POSITION_KIND, limit=60, required=asked)),
        position=cells.text(POSITION, limit=250, required=asked),
        since=cells.day(SINCE),
        unit_code=cells.text(UNIT, limit=64, required=asked),
    )


def _employment(label: str, nip: str) -> str:
    """PNS or PPPK by the label; where it is empty by digits 13-14 of the NIP (PPPK: 21 or more)."""
    words = label.upper()
    if "PPPK" in words or (not words and nip[12:14] > "12"):
        return EmploymentType.PPPK
    return EmploymentType.PNS if "PNS" in words or not words else EmploymentType.OTHER


def _position_kind(label: str) -> str:
    words = label.casefold()
    for word, kind in (
        ("struktural", PositionKind.STRUCTURAL),
        ("fungsional", PositionKind.FUNCTIONAL),
        ("pelaksana", PositionKind.EXECUTOR),
    ):
        if word in words:
            return kind
    return PositionKind.OTHER
