"""Imports a generated roster of a whole province: seconds, and peak memory of both processes.

Run as `bin/env python bench/roster.py [people]`. Everything is rolled back.
"""

import json
import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import django
from xlsxwriter import Workbook

FILLED = {
    "NIK": lambda number: f"3273{number:012d}",
    "NOMOR HP": lambda number: f"0850{number:08d}",
    "EMAIL": lambda number: f"orang{number}@contoh.invalid",
    "EMAIL GOV": lambda number: f"{number}@contoh.invalid",
    "ALAMAT": lambda number: f"Jl. Contoh No. {number % 99}",
    "NPWP NOMOR": lambda number: f"{number:015d}",
    "BPJS": lambda number: f"{number:013d}",
}
EMPTY = 30
"""Further columns that an export carries and that are mostly empty."""


def write_files(folder: Path, people: int) -> tuple[Path, Path]:
    """A tree of one unit for some ten people, each with a head, and the people in 69 columns."""
    units = max(1, people // 10)
    lines = ["UNOR ID,UNOR NAMA,UNOR ATASAN ID,JENIS UNOR,JABATAN PIMPINAN,NIP PIMPINAN"]
    for unit in range(units):
        parent = f"U{(unit - 1) // 6}" if unit else ""
        lines.append(f"U{unit},Unit Kerja Nomor {unit},{parent},SEKSI,Kepala Unit {unit},")
    tree = folder / "units.csv"
    tree.write_text("\n".join(lines))
    heading = [
        *("PNS ID", "NIP BARU", "NAMA", "GELAR DEPAN", "GELAR BELAKANG", "TANGGAL LAHIR"),
        *("JENIS PEGAWAI NAMA", "KEDUDUKAN HUKUM NAMA", "GOL AKHIR NAMA", "JENIS JABATAN NAMA"),
        *("JABATAN NAMA", "TMT JABATAN", "UNOR ID", "UNOR NAMA", "INSTANSI INDUK NAMA"),
        *FILLED,
        *(f"KOLOM {number}" for number in range(EMPTY)),
    ]
    roster = folder / "roster.xlsx"
    with Workbook(roster, {"constant_memory": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["DATA UTAMA PEGAWAI"])
        sheet.write_row(3, 0, heading)
        for number in range(people):
            born = date(1966, 1, 1) + timedelta(days=number % 12_007)
            unit, head = number % units, number < units
            row = [
                *(f"ID-{number:08d}-{number:08X}", f"{born:%Y%m%d}2015{1 + number % 12:02d}1"),
                *(f"Nama Orang {number}", "", "S.Sos.", f"{born:%d-%m-%Y}"),
                *("PNS Daerah", "Aktif", "III/d"),
                *(("Jabatan Struktural", "Kepala") if head else ("Jabatan Pelaksana", "Pengelola")),
                *("01-04-2022", f"U{unit}", f"Unit Kerja Nomor {unit}", "Pemerintah Provinsi"),
                *(fill(number) for fill in FILLED.values()),
            ]
            row[1] += f"{1 + number // 12 % 999:03d}"
            sheet.write_row(number + 4, 0, row)
    return tree, roster


def processor() -> float:
    """Processor seconds of this process and of the readers that ended; PostgreSQL's are not among them."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def database_processor(backend: int) -> float:
    """Processor seconds of the connection's process, where PostgreSQL runs on this machine."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of_readers() -> int:
    """Largest resident memory in MB among the readers that ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def main() -> None:
    """Import twice inside a transaction that is rolled back."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    from django.db import connection, transaction  # noqa: PLC0415 - settings come first

    from bench.measuring import peak_megabytes  # noqa: PLC0415
    from organization.files import read_roster, read_units  # noqa: PLC0415
    from organization.operations import import_roster, import_units  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name, transaction.atomic():
        child = os.fork()
        if not child:  # the generator's memory is not the import's
            write_files(Path(name), people)
            os._exit(0)
        os.waitpid(child, 0)
        tree, roster = Path(name) / "units.csv", Path(name) / "roster.xlsx"
        # Foreign keys are checked at the commit, which never comes: have them checked as rows come in.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        import_units(file=read_units(tree.read_bytes(), name=tree.name), by=None)
        figures: dict[str, object] = {"people": people, "megabytes": roster.stat().st_size / 1e6}
        for run in ("first", "second"):
            start, spent, backend = time.perf_counter(), processor(), connection.connection.info
            database = database_processor(backend.backend_pid)
            content = roster.read_bytes()
            file = read_roster(content, name=roster.name, in_process=False)
            read, reading = time.perf_counter(), processor()
            outcome = import_roster(file=file, effective_date=date(2026, 11, 24), by=None)
            figures[run] = {
                "read_seconds": round(read - start, 1),
                "write_seconds": round(time.perf_counter() - read, 1),
                "read_processor_seconds": round(reading - spent, 1),
                "write_processor_seconds": round(processor() - reading, 1),
                "database_processor_seconds": round(
                    database_processor(backend.backend_pid) - database, 1
                ),
                "created": outcome.created,
                "changed": outcome.changed,
                "peak_megabytes": round(peak_megabytes(os.getpid())),
                "peak_megabytes_of_reader": peak_of_readers(),
            }
            del file
        transaction.set_rollback(True)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")
    django.setup()
    main()
