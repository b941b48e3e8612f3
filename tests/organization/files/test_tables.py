"""Reading rows out of whatever people hand in; refusing what is not a table, before it costs memory."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from exchange.files import Fault, FileRefused
from organization.files.tables import Columns, Row, read_table

COLUMNS = Columns(required=("UNOR ID", "NAMA"), optional=("CATATAN",))
ROSTER = Path(__file__).parents[2] / "data" / "roster" / "roster.xlsx"


def read(content, name="a.csv"):
    return list(read_table(content, name=name, columns=COLUMNS))


def refused(content, name="a.csv"):
    with pytest.raises(FileRefused) as refusal:
        read(content, name)
    return refusal.value.faults


def book(*rows, sheets=1):
    buffer = io.BytesIO()
    with Workbook(buffer, {"default_date_format": "dd-mm-yyyy"}) as workbook:
        for _ in range(sheets - 1):
            workbook.add_worksheet().write(0, 0, "Petunjuk")
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return buffer.getvalue()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["unix", "windows"])
def test_csv_as_editors_and_excel_write_it(mark, delimiter, end):
    rows = [b"DAFTAR", b"", b"Nama,unor_id,LAIN", b"Ani,U1,x", b" ,,x", b"Budi,U2,y"]
    content = mark + end.join(rows).replace(b",", delimiter)
    assert read(content) == [
        Row(4, {"NAMA": "Ani", "UNOR ID": "U1"}),
        Row(6, {"NAMA": "Budi", "UNOR ID": "U2"}),
    ]


def test_quoted_cells_may_hold_delimiters_and_line_breaks():
    content = b'NAMA,UNOR ID\n"Ani, S.Sos.\nbaris dua",U1\nBudi,U2\n'
    assert [(row.number, row.cells["NAMA"]) for row in read(content)] == [
        (2, "Ani, S.Sos.\nbaris dua"),
        (3, "Budi"),
    ]


def test_workbook_keeps_the_types_and_numbers_of_its_cells():
    day = datetime.date(2026, 11, 24)
    content = book((), ("x",), ("", "UNOR  ID ", "nama", "CATATAN"), (), ("", "U1", 1.5, day))
    assert read(content, "a.XLSX") == [Row(5, {"UNOR ID": "U1", "NAMA": 1.5, "CATATAN": day})]


def test_header_is_looked_for_on_every_sheet():
    content = book(("UNOR ID", "NAMA"), ("U1", "Ani"), sheets=3)
    assert [row.cells["NAMA"] for row in read(content, "a.xlsx")] == ["Ani"]


def test_workbook_without_the_headings_says_what_is_needed():
    (fault,) = refused(book(("a", "b"), sheets=2), "a.xlsx")
    assert "memerlukan kolom: UNOR ID, NAMA" in fault.reason


def test_short_rows_have_empty_cells():
    assert read(b"NAMA,UNOR ID\nAni\n") == [Row(2, {"NAMA": "Ani", "UNOR ID": None})]


def test_commas_within_texts_are_no_columns_of_a_file_with_semicolons():
    rows = ["UNOR ID;NAMA", *(f"U{n};Seksi Tata Usaha, Umum, dan Arsip {n}" for n in range(60))]
    assert [row.cells["NAMA"] for row in read("\n".join(rows).encode())] == [
        f"Seksi Tata Usaha, Umum, dan Arsip {n}" for n in range(60)
    ]


def test_a_row_with_more_cells_than_headings_says_so():
    rows = read(b"UNOR ID,NAMA\nU1,Ani,S.Sos.\nU2,Budi,, \nU3,Citra\n")
    assert [row.fault for row in rows] == [
        "Baris ini berisi 3 sel, sedangkan judulnya 2. Apit teks yang memuat pemisah kolom dengan "
        "tanda kutip.",
        "",
        "",
    ]


def test_hidden_sheets_are_not_read_and_of_two_one_must_go():
    def sheets(*states):
        buffer = io.BytesIO()
        with Workbook(buffer) as workbook:
            workbook.add_worksheet("Sampul")
            for number, state in enumerate(states):
                sheet = workbook.add_worksheet(f"Data {number}")
                sheet.write_row(0, 0, ("UNOR ID", "NAMA"))
                sheet.write_row(1, 0, (f"U{number}", f"Orang {number}"))
                getattr(sheet, state)()
        return buffer.getvalue()

    (row,) = read(sheets("hide", "very_hidden", "activate"), "a.xlsx")
    assert row.cells == {"UNOR ID": "U2", "NAMA": "Orang 2"}
    (fault,) = refused(sheets("activate", "hide", "activate"), "a.xlsx")
    assert fault.reason == "Lembar “Data 0” dan “Data 2” sama-sama memuat data. Sisakan satu."
    (fault,) = refused(sheets("hide"), "a.xlsx")
    assert "memerlukan kolom" in fault.reason


@pytest.mark.parametrize("broken", [b"Ren\xe9", b"Ren\x00"])
def test_the_row_of_what_is_no_utf8_is_named(broken):
    (fault,) = refused(b"\xef\xbb\xbfNAMA,UNOR ID\nAni,U1\n" + broken + b",U2\n")
    assert (fault.row, "bukan teks UTF-8" in fault.reason) == (3, True)


def test_missing_column_is_named_at_the_header_row():
    assert refused(b"judul\nNAMA,CATATAN\nAni,x\n") == (
        Fault(2, "UNOR ID", "Kolom ini tidak ada pada baris judul. Tambahkan."),
    )


def test_repeated_heading_is_named():
    assert [(one.row, one.column) for one in refused(b"NAMA,UNOR ID,Nama\n")] == [(1, "NAMA")]


def test_table_of_something_else_says_what_is_needed():
    (fault,) = refused(b"a,b\n1,2\n")
    assert (fault.row, "UNOR ID, NAMA" in fault.reason) == (0, True)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "kosong"),
        (b" \n", "a.xlsx", "kosong"),
        (b"NAMA,UNOR ID\n", "a.xlsx", "tidak sesuai dengan namanya"),
        (book(("NAMA", "UNOR ID")), "a.csv", "tidak sesuai dengan namanya"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "terkunci kata sandi"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "terkunci kata sandi"),
        (book(("NAMA", "UNOR ID")), "a.xlsm", "Simpan sebagai Excel (.xlsx)"),
        (b"PK\x03\x04 bukan zip", "a.xlsx", "rusak"),
        (b"NAMA,UNOR ID\nAn\x00i,U1", "a.csv", "bukan teks UTF-8"),
        ("NAMA,UNOR ID\nAni,U1".encode("utf-16"), "a.csv", "bukan teks UTF-8"),
        ("NAMA,UNOR ID\nRené,U1".encode("latin-1"), "a.csv", "bukan teks UTF-8"),
        (b'NAMA,UNOR ID\n"Ani,U1\n', "a.csv", "CSV rusak"),
        (b"x" * 100_000_001, "a.csv", "lebih besar"),
    ],
)
def test_file_that_is_not_what_it_says(content, name, words):
    (fault,) = refused(content, name)
    assert words in fault.reason


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part.replace("__", "/"), content)
    return buffer.getvalue()


def test_zip_that_is_no_workbook():
    (fault,) = refused(zipped(a="b"), "a.xlsx")
    assert "tidak dapat dibaca sebagai Excel" in fault.reason


def test_last_column_and_row_that_fit_are_read():
    sheet = b'<row r="250000"><c r="DZ250000"/></row>'
    (fault,) = refused(zipped(xl__worksheets__sheet1=sheet), "a.xlsx")
    assert "tidak dapat dibaca sebagai Excel" in fault.reason


def test_columns_that_are_not_asked_for_stay_unread():
    rows = list(read_table(ROSTER.read_bytes(), name="roster.xlsx", columns=COLUMNS))
    assert {frozenset(row.cells) for row in rows} == {frozenset({"UNOR ID", "NAMA"})}
    assert (rows[0].number, rows[-1].number) == (5, 624)


def test_csv_of_too_many_rows_or_of_an_endless_one_is_refused():
    (fault,) = refused(b"NAMA,UNOR ID\n" + b"a,b\n" * 250_000)
    assert fault.reason == "Berkas ini lebih dari 250000 baris. Bagi menjadi beberapa berkas."
    (fault,) = refused(b"NAMA,UNOR ID\n" + b"," * 1_000_001)
    assert (fault.row, "terlalu panjang" in fault.reason) == (2, True)
