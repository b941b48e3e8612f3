"""Small files for the import tests, written row by row; importing them, and what came of it."""

import csv
import datetime
import io

import pytest

from exchange.files import FileRefused
from organization.enums import PostingKind
from organization.files import read_acting, read_roster, read_units
from organization.models import Posting, Unit
from organization.operations import import_roster, import_units

UNITS = ("UNOR ID", "UNOR NAMA", "UNOR ATASAN ID", "JENIS UNOR", "JABATAN PIMPINAN", "NIP PIMPINAN")
ROSTER = (
    *("PNS ID", "NIP BARU", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TANGGAL LAHIR", "EMAIL GOV"),
    *("JENIS PEGAWAI NAMA", "KEDUDUKAN HUKUM NAMA", "GOL AKHIR NAMA", "JENIS JABATAN NAMA"),
    *("JABATAN NAMA", "TMT JABATAN", "UNOR ID"),
)
FIRST = datetime.date(2026, 3, 1)
TODAY = datetime.date(2026, 11, 24)
TMT = datetime.date(2022, 3, 1)
ACTING = ("NIP", "UNOR ID", "JENIS", "MULAI", "SELESAI")


def nip(serial):
    return f"198609262015051{serial:03d}"


def text(heading, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(heading)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def units_file(*rows):
    """Rows of (code, parent code) or with the name, and the head's NIP as keywords of a dict."""
    full = [
        [
            row["code"],
            row.get("name", f"Unit {row['code']}"),
            row.get("parent", ""),
            row.get("kind", "SEKSI"),
            row.get("title", f"Kepala {row['code']}"),
            row.get("head", ""),
        ]
        for row in rows
    ]
    return read_units(text(UNITS, full))


def person(serial, unit, **cells):
    """A row of a roster by heading; an executor unless it says otherwise."""
    return {
        "PNS ID": f"ID-{serial}",
        "NIP BARU": nip(serial),
        "NAMA": f"Orang {serial}",
        "JENIS PEGAWAI NAMA": "PNS Daerah",
        "KEDUDUKAN HUKUM NAMA": "Aktif",
        "GOL AKHIR NAMA": "III/a",
        "JENIS JABATAN NAMA": "Jabatan Pelaksana",
        "JABATAN NAMA": "Pengelola",
        "TMT JABATAN": "01-03-2022",
        "UNOR ID": unit,
    } | {heading.replace("_", " "): value for heading, value in cells.items()}


def head(serial, unit, **cells):
    """A structural official."""
    return person(
        serial,
        unit,
        **{"JENIS JABATAN NAMA": "Jabatan Struktural", "JABATAN NAMA": "Kepala"} | cells,
    )


def roster_bytes(*rows):
    return text(ROSTER, [[row.get(heading, "") for heading in ROSTER] for row in rows])


def roster_file(*rows):
    return read_roster(roster_bytes(*rows), name="roster.csv")


def acting_file(*rows):
    return read_acting(text(ACTING, rows))


def three_units():
    """A, and B and C below it."""
    import_units(
        file=units_file({"code": "A"}, {"code": "B", "parent": "A"}, {"code": "C", "parent": "A"}),
        by=None,
    )


def name_head(code, number):
    Unit.objects.filter(code=code).update(head_nip=number)


def load(*rows, on=TODAY, **options):
    return import_roster(file=roster_file(*rows), effective_date=on, by=None, **options)


def faults(*rows, on=TODAY):
    with pytest.raises(FileRefused) as refusal:
        load(*rows, on=on)
    return [(fault.row, fault.column) for fault in refusal.value.faults]


def own(serial):
    """The own posts of a person: (unit, title, first day, day after)."""
    return [
        (one.position.unit.code, one.position.title, one.valid.lower, one.valid.upper)
        for one in Posting.objects.filter(user__nip=nip(serial), kind=PostingKind.DEFINITIVE)
        .select_related("position__unit")
        .order_by("valid")
    ]


def holders(code):
    """Who holds the head's post on TODAY: {(serial, kind)}."""
    held = Posting.objects.leading().in_force(TODAY).filter(position__unit__code=code)
    return {(int(one.user.nip[-3:]), one.kind) for one in held.select_related("user")}
