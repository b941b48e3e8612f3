"""Cells of the three files: each rule with its own words."""

import datetime

import pytest

from exchange.files import Fault, FileRefused
from organization.files import read_roster
from organization.files.cells import Cells
from organization.files.roster import in_service
from organization.files.tables import Row
from tests.organization.rosters import acting_file, nip, person, roster_bytes, roster_file

GOOD = "198609262015051001"


def cell(value, read):
    faults = []
    found = read(Cells(Row(7, {"X": value}), faults))
    assert all((fault.row, fault.column) == (7, "X") for fault in faults)
    return found, " ".join(fault.reason for fault in faults)


@pytest.mark.parametrize(
    "written",
    [GOOD, "'198609262015051001", "19860926 201505 1 001", "1986.0926.2015051001 ", "’" + GOOD],
)
def test_nip_in_every_usual_writing(written):
    assert cell(written, lambda cells: cells.nip("X")) == (GOOD, "")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (198609262015051001, "Format kolom sebagai teks"),
        (1.98609262015051e17, "Format kolom sebagai teks"),
        ("1,98609E+17", "Format kolom sebagai teks"),
        ("1.98609262015051e+17", "Format kolom sebagai teks"),
        ("19860926201505100", "17 angka"),
        ("1986092620150510011", "19 angka"),
        ("200013312024211001", "tanggal lahir"),
        ("198609262015131001", "13 dan 14"),
        ("198609262015053001", "ke-15"),
        ("198609262015051000", "000"),
        ("19860926201505100A", "angka"),
        ("", "wajib"),
        (None, "wajib"),
        ("x" * 65, "paling banyak"),
    ],
)
def test_nip_that_cannot_be_used(written, words):
    found, reasons = cell(written, lambda cells: cells.nip("X", required=True))
    assert found == ""
    assert words in reasons


def test_nip_may_be_left_out_where_it_is_not_required():
    assert cell("", lambda cells: cells.nip("X")) == ("", "")


@pytest.mark.parametrize(
    "written",
    [
        "24-11-2026",
        "24/11/2026",
        "24.11.2026",
        "'24-11-2026",
        "2026-11-24",
        "2026-11-24 00:00:00",
        "2026/11/24",
        "24 November 2026",
        "24 NOP 2026",
        "24-Nov-2026",
        "24 Nov. 2026",
        datetime.date(2026, 11, 24),
        datetime.datetime(2026, 11, 24, 0, 0),  # noqa: DTZ001 - as calamine gives it
    ],
)
def test_day_in_every_usual_writing(written):
    assert cell(written, lambda cells: cells.day("X")) == (datetime.date(2026, 11, 24), "")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("31-02-2024", "tidak ada pada kalender"),
        ("2024-02-31", "tidak ada pada kalender"),
        ("1-13-2024", "tidak ada pada kalender"),
        ("31 Juni 2024", "tidak ada pada kalender"),
        ("24 November", "bukan tanggal"),
        ("24 Nopem 2026x", "bukan tanggal"),
        ("24 Brumaire 2026", "bukan tanggal"),
        ("24-11-26", "bukan tanggal"),
        ("24-11-1026", "tidak wajar"),
        (45000, "bukan tanggal"),
        (45000.0, "bukan tanggal"),
        (datetime.time(7), "bukan tanggal"),
        (datetime.date(9999, 12, 31), "tidak wajar"),
        (datetime.datetime(1899, 12, 31, 0, 0), "tidak wajar"),  # noqa: DTZ001 - as calamine gives it
        ("", "wajib"),
    ],
)
def test_day_that_cannot_be_used(written, words):
    found, reasons = cell(written, lambda cells: cells.day("X", required=True))
    assert found is None
    assert words in reasons


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  Ani \n Lestari ", "Ani Lestari"),
        (12.0, "12"),
        ("A\u202eB\u200b", "AB"),
        (None, ""),
    ],
)
def test_text_is_tidied(written, expected):
    assert cell(written, lambda cells: cells.text("X", limit=20)) == (expected, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (1.1, "angka yang tidak bulat"),
        (1e15, "angka yang tidak bulat"),
        (float("nan"), "angka yang tidak bulat"),
        (True, "nilai benar/salah"),
        (datetime.date(2026, 2, 1), "tanggal atau waktu"),
        (datetime.datetime(2026, 2, 1, 7, 30), "tanggal atau waktu"),  # noqa: DTZ001
        (datetime.timedelta(hours=30), "tanggal atau waktu"),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_not_guessed_back(typed, words):
    found, reasons = cell(typed, lambda cells: cells.text("X", limit=20))
    assert found == ""
    assert reasons == (
        f"Sel ini berisi {words}, bukan teks. Format kolom sebagai teks, lalu isi ulang."
    )


@pytest.mark.parametrize("written", ["２４-１１-２０２６", "٢٤-١١-٢٠٢٦", "45000", "3,5", "1.000"])
def test_digits_of_other_scripts_and_serials_are_no_date(written):
    found, reasons = cell(written, lambda cells: cells.day("X"))
    assert (found, "bukan tanggal" in reasons) == (None, True)


def test_digits_of_other_scripts_are_no_nip():
    found, reasons = cell("１９８６０９２６２０１５０５１００１", lambda cells: cells.nip("X"))
    assert (found, reasons) == ("", "NIP hanya boleh berisi angka.")


@pytest.mark.parametrize(
    ("label", "serves"),
    [
        ("Aktif", True),
        ("PPPK Aktif", True),
        ("Tidak Aktif", False),
        ("Non-Aktif", False),
        ("Nonaktif", False),
        ("Pensiun", False),
        ("Meninggal dunia", False),
        ("", False),
    ],
)
def test_legal_status_that_means_service(label, serves):
    assert in_service(label) == serves


@pytest.mark.parametrize(
    ("label", "number", "expected"),
    [
        ("PNS Daerah", GOOD, "PNS"),
        ("CPNS", GOOD, "PNS"),
        ("PPPK Paruh Waktu", GOOD, "PPPK"),
        ("", GOOD, "PNS"),
        ("", "198609262023211001", "PPPK"),
        ("Pejabat Negara", GOOD, "OTHER"),
    ],
)
def test_kind_of_employment(label, number, expected):
    (row,) = roster_file(person(1, "U", JENIS_PEGAWAI_NAMA=label, NIP_BARU=number)).rows
    assert row.employment_type == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Jabatan Struktural", "STRUCTURAL"),
        ("JABATAN FUNGSIONAL", "FUNCTIONAL"),
        ("Pelaksana", "EXECUTOR"),
        ("Lain", "OTHER"),
    ],
)
def test_kind_of_post(label, expected):
    (row,) = roster_file(person(1, "U", JENIS_JABATAN_NAMA=label)).rows
    assert (row.position_kind, row.is_structural) == (expected, expected == "STRUCTURAL")


def test_roster_names_every_cell_of_every_row():
    file = roster_file(
        person(1, "U", NAMA="x" * 151, GELAR_DEPAN="x" * 61, GOL_AKHIR_NAMA="x" * 11),
        person(2, "", JABATAN_NAMA="", JENIS_JABATAN_NAMA="", KEDUDUKAN_HUKUM_NAMA="Aktif"),
        person(3, "", JABATAN_NAMA="", JENIS_JABATAN_NAMA="", KEDUDUKAN_HUKUM_NAMA="Pensiun"),
        person(4, "U", KEDUDUKAN_HUKUM_NAMA="", PNS_ID="ID-1"),
    )
    assert sorted((fault.row, fault.column) for fault in file.faults) == [
        (2, "GELAR DEPAN"),
        (2, "GOL AKHIR NAMA"),
        (2, "NAMA"),
        (2, "PNS ID"),
        (3, "JABATAN NAMA"),
        (3, "JENIS JABATAN NAMA"),
        (3, "UNOR ID"),
        (5, "KEDUDUKAN HUKUM NAMA"),
        (5, "PNS ID"),
    ]


def test_birth_date_that_disagrees_is_a_warning():
    file = roster_file(
        person(1, "U", TANGGAL_LAHIR="26-09-1986"), person(2, "U", TANGGAL_LAHIR="27-09-1986")
    )
    assert file.faults == ()
    assert [(one.row, one.column) for one in file.warnings] == [(3, "TANGGAL LAHIR")]


def test_roster_without_people_is_refused():
    assert [fault.row for fault in roster_file().faults] == [0]


def test_roster_lacking_a_column_is_refused():
    content = roster_bytes(person(1, "U")).replace(b"UNOR ID", b"UNOR")
    with pytest.raises(FileRefused, match="kolom UNOR ID"):
        read_roster(content, name="roster.csv")


def test_acting_periods_of_one_unit_may_touch_and_not_overlap():
    file = acting_file(
        (nip(1), "U", "PLT", "01-10-2026", "31-12-2026"),
        (nip(2), "U", "PLT", "01-01-2027", "31-01-2027"),
        (nip(3), "V", "PLT", "01-10-2026", "31-12-2026"),
    )
    assert file.faults == ()
    nested = acting_file(
        (nip(1), "U", "PLT", "01-10-2026", "31-12-2026"),
        (nip(2), "U", "PLT", "05-10-2026", "06-10-2026"),
        (nip(3), "U", "PLT", "31-12-2026", "31-12-2026"),
    )
    assert [(fault.row, fault.column) for fault in nested.faults] == [(3, "MULAI"), (4, "MULAI")]


def test_fault_reads_as_a_line():
    assert str(Fault(9, "NIP BARU", "Salah.")) == "baris 9, kolom NIP BARU: Salah."
    assert str(Fault(9, "", "Salah.")) == "baris 9: Salah."
    assert str(Fault(0, "", "Salah.")) == "Salah."
    assert str(Fault(0, "X", "Salah.")) == "X: Salah."
