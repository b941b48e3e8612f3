"""Small files for the import tests, written row by row."""

import csv
import io

from organization.files import read_acting, read_roster, read_units

UNITS = ("UNOR ID", "UNOR NAMA", "UNOR ATASAN ID", "JENIS UNOR", "JABATAN PIMPINAN", "NIP PIMPINAN")
ROSTER = (
    *("PNS ID", "NIP BARU", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TANGGAL LAHIR", "EMAIL GOV"),
    *("JENIS PEGAWAI NAMA", "KEDUDUKAN HUKUM NAMA", "GOL AKHIR NAMA", "JENIS JABATAN NAMA"),
    *("JABATAN NAMA", "TMT JABATAN", "UNOR ID"),
)
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
