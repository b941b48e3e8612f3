"""Faults of a workbook, by sheet and cell; that a written workbook reads back is tested with TOML."""

import io

import pytest
from xlsxwriter import Workbook

from exchange.files import FileRefused
from pillars.files import build_document, read_xlsx
from tests.pillars.files.trees import make_tree


def rows_of_tree():
    tree = make_tree()
    return {
        "instrument": [[key, value] for key, value in tree["instrument"].items()],
        "scale": [["value", "label"], *([p["value"], p["label"]] for p in tree["scale"])],
        "bands": [["code", "label", "lower"], *(list(band.values()) for band in tree["bands"])],
        "pillars": [
            ["code", "name", "weight"],
            *([p["code"], p["name"], p["weight"]] for p in tree["pillars"]),
        ],
        "indicators": [
            [
                "pillar",
                "code",
                "statement",
                "weight",
                "evidence_from",
                "reversed",
                "level_1",
                "level_2",
                "level_3",
                "level_4",
            ],
            ["P", "P-1", "Pernyataan 1", None, None, "tidak", "a", "b", "c", "d"],
            ["P", "P-2", "Pernyataan 2", None, 4, False],
            ["Q", "Q-1", "Pernyataan 3", 0.5],
        ],
    }


def book(sheets):
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def places_of(sheets):
    with pytest.raises(FileRefused) as caught:
        read_xlsx(book(sheets))
    return [fault.place for fault in caught.value.faults]


def test_a_workbook_says_what_the_file_says():
    assert read_xlsx(book(rows_of_tree())) == build_document(make_tree())


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "place"),
    [
        ("instrument", 0, 1, "dua kata", "lembar instrument, sel B1"),
        ("instrument", 1, 1, 2026.1, "lembar instrument, sel B2"),
        ("instrument", 4, 1, 80, "lembar instrument, sel B5"),
        ("instrument", 2, 1, None, "lembar instrument, kolom title"),
        ("instrument", 2, 0, "judul", "lembar instrument, kolom title"),
        ("scale", 2, 0, 1, "lembar scale, sel A3"),
        ("bands", 2, 2, 95, "lembar bands, sel C3"),
        ("bands", 2, 2, 30, "lembar bands, sel C3"),
        ("pillars", 1, 2, "1,5", "lembar pillars, sel C2"),
        ("pillars", 1, 2, "1.000", "lembar pillars, sel C2"),
        ("pillars", 1, 2, "１", "lembar pillars, sel C2"),
        ("instrument", 5, 1, "1.000", "lembar instrument, sel B6"),
        ("pillars", 2, 2, None, "lembar pillars, baris 3, kolom weight"),
        ("pillars", 0, 3, "ikon", "lembar pillars, sel D1"),
        ("pillars", 0, 3, "name", "lembar pillars, sel D1"),
        ("pillars", 1, 3, "x", "lembar pillars, sel D2"),
        ("indicators", 3, 3, -1, "lembar indicators, sel D4"),
        ("indicators", 3, 1, "P-1", "lembar indicators, sel B4"),
        ("indicators", 1, 5, "mungkin", "lembar indicators, sel F2"),
        ("indicators", 1, 9, None, "lembar indicators, baris 2, kolom levels"),
        ("indicators", 1, 7, None, "lembar indicators, baris 2, kolom level_2"),
        ("indicators", 1, 7, 5, "lembar indicators, sel H2"),
        ("indicators", 0, 9, "level_0", "lembar indicators, sel J1"),
        ("indicators", 4, 0, "R", "lembar indicators, sel A5"),
        ("indicators", 4, 11, "x", "lembar indicators, sel L5"),
    ],
)
def test_a_fault_is_named_by_sheet_and_cell(sheet, row, column, value, place):
    sheets = rows_of_tree()
    rows = sheets[sheet]
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value
    assert place in places_of(sheets)


def test_an_indicator_without_a_pillar():
    sheets = rows_of_tree()
    sheets["indicators"][1][0] = None
    assert places_of(sheets)[0] == "lembar indicators, baris 2, kolom pillar"


def test_own_scales_belong_to_an_indicator():
    sheets = rows_of_tree()
    sheets["scale"][0].append("indicator")
    sheets["scale"] += [[0, "Tidak", "Q-1"], [1, "Ya", "Q-1"], [0, "Tidak", "Z"]]
    sheets["bands"][2][2] = 0
    assert places_of(sheets) == ["lembar scale, sel C8"]
    sheets["scale"].pop()
    indicator = read_xlsx(book(sheets)).pillars[1].indicators[0]
    assert [point.label for point in indicator.scale] == ["Tidak", "Ya"]


def test_sheets_are_known_by_name():
    sheets = rows_of_tree() | {"catatan": [["a"]]}
    assert places_of(sheets) == ["lembar catatan"]
    del sheets["catatan"], sheets["pillars"], sheets["indicators"]
    assert places_of(sheets) == ["lembar pillars"]
    assert places_of({"instrument": [["code", "A", 1], ["code", "B"]]})[0] == (
        "lembar instrument, sel A2"
    )


def test_a_small_file_may_not_hold_a_huge_one():
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("instrument")
        for number in range(2_000):
            sheet.write_row(number, 0, ["title", f"{number}{'a' * 30_000}"])
    with pytest.raises(FileRefused) as caught:
        read_xlsx(buffer.getvalue())
    assert [str(fault) for fault in caught.value.faults] == [
        "Berkas ini menjadi terlalu besar saat dibuka. Bagi atau simpan ulang."
    ]
