"""Workbooks that would hurt are refused before anything opens them, in bounded time and memory."""

import io
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest

from exchange.files import FileRefused, Limits, inspect_workbook

LIMITS = Limits(unpacked=50_000_000, unsuspicious=20_000_000, rows=250_000)
SHEET = "xl/worksheets/sheet1.xml"


def zipped(**parts):
    return archive({name.replace("__", "/"): content for name, content in parts.items()})


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return buffer.getvalue()


def refused(content, limits=LIMITS):
    with pytest.raises(FileRefused) as refusal:
        inspect_workbook(content, limits)
    return " ".join(fault.reason for fault in refusal.value.faults)


def test_an_ordinary_archive_passes():
    inspect_workbook(archive({SHEET: b"<c r='A1'/>", "xl/media/a.png": b"\0\x89PNG"}), LIMITS)


def test_74_kilobytes_that_unpack_to_30_megabytes_cost_neither_time_nor_memory():
    rows = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>%b</t></is></c></row>' % (b"a" * 1_000) * 28_000
    )
    bomb = archive({SHEET: rows})
    assert (len(bomb) < 100_000, len(rows) > 29_000_000) == (True, True)
    tracemalloc.start()
    before = time.process_time()
    assert "terlalu besar saat dibuka" in refused(bomb)
    spent, (_held, peak) = time.process_time() - before, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (peak < 1_000_000, spent < 1) == (True, True)


def lying(content, said, *, crc=None):
    """The archive with a smaller size for its one part in both headers, and the checksum of so much."""
    size, told = len(content).to_bytes(4, "little"), said.to_bytes(4, "little")
    packed = archive({SHEET: content})
    assert packed.count(size) >= 2
    packed = packed.replace(size, told)
    if crc is not None:
        packed = packed.replace(
            zlib.crc32(content).to_bytes(4, "little"), crc.to_bytes(4, "little")
        )
    return packed


@pytest.mark.parametrize("said", [1_000, 65_536, 65_537])
def test_a_part_that_is_longer_than_it_says_is_refused_at_the_first_byte_more(said):
    content = b" " * 123_456_789
    lie = lying(content, said, crc=zlib.crc32(content[:said]))
    tracemalloc.start()
    assert "rusak" in refused(lie)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_part_that_is_shorter_than_it_says_or_altered_is_refused():
    assert "rusak" in refused(lying(b"0123456789" * 1000, 10_001))
    whole = archive({SHEET: b"0123456789" * 1000})
    assert "rusak" in refused(
        whole.replace(zlib.crc32(b"0123456789" * 1000).to_bytes(4, "little"), b"abcd")
    )


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "xl/../../a", "..\\a", "c:a", "a\0b"]
)
def test_names_that_leave_the_folder_are_refused(name):
    placeholder = "n" * len(name)
    content = archive({placeholder: b"x"}).replace(placeholder.encode(), name.encode())
    assert "tidak wajar" in refused(content)


def test_links_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        link = zipfile.ZipInfo("xl/a.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        book.writestr(link, "/etc/passwd")
    assert "tidak wajar" in refused(buffer.getvalue())


def test_two_parts_of_one_name_are_refused():
    content = archive({"xl/a.xml": b"x", "xl/b.xml": b"y"}).replace(b"xl/b.xml", b"XL/A.xml")
    assert "rusak" in refused(content)


def test_parts_that_overlap_are_refused():
    content = bytearray(archive({"xl/a.xml": b"x" * 100, "xl/b.xml": b"x" * 100}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    assert "rusak" in refused(bytes(content))


def test_a_million_parts_are_counted_before_they_are_listed():
    entry = b"PK\x01\x02" + bytes(42)
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 65_535, 65_535, 46 * 200_000, 0, 0)
    assert "rusak" in refused(entry * 200_000 + end)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 bukan zip", b"PK\x05\x06" + bytes(18)[:10]])
def test_what_is_no_archive_is_refused(content):
    assert "rusak" in refused(content)


@pytest.mark.parametrize("flag", [0x01, 0x41])
def test_an_encrypted_part_is_refused(flag):
    content = bytearray(archive({SHEET: b"x"}))
    content[content.index(b"PK\x01\x02") + 8] |= flag
    assert "kata sandi" in refused(bytes(content))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels", "xl/drawings/a.VML"]
)
@pytest.mark.parametrize("place", [0, 65_530, 131_000])
def test_entities_are_refused_in_every_part_wherever_they_stand(part, place):
    assert "entitas" in refused(archive({part: b" " * place + LAUGHS}))
    assert "entitas" in refused(archive({part: b" " * place + b"<!doctype x>"}))


def test_xml_that_hides_in_another_encoding_is_refused():
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert "UTF-8" in refused(archive({SHEET: LAUGHS.decode().encode(encoding)}))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (b'<c r="XFD1"/>', "di luar DZ"),
        (b"<c r = 'EA7'/>", "di luar DZ"),
        (b'<row r="900000">', "250000 baris"),
        (b'<c r="A250001"/>', "250000 baris"),
        (b'<c r="A99999999999999999999999"/>', "250000 baris"),
    ],
)
@pytest.mark.parametrize("place", [0, 65_530, 65_540])
def test_one_cell_far_out_is_refused_unopened(cell, words, place):
    assert words in refused(archive({SHEET: b"<sheetData>" + b" " * place + cell}))


def test_the_last_cell_that_fits_passes():
    inspect_workbook(archive({SHEET: b'<row r="250000"><c r="DZ250000"/></row>'}), LIMITS)


@pytest.mark.parametrize("place", [0, 65_480, 65_520, 65_530])
def test_formulas_are_named_by_their_cells(place):
    cells = b'<c r="A1"><v>1</v></c><c r="B7" t="str"><f>HYPERLINK("x")</f><v>9</v></c><x:c r="C9"><x:f/></x:c>'
    with pytest.raises(FileRefused) as refusal:
        inspect_workbook(archive({SHEET: b" " * place + cells}), LIMITS)
    assert [fault.reason for fault in refusal.value.faults] == [
        f"Sel {cell} berisi rumus. Salin, tempel sebagai nilai, lalu unggah lagi."
        for cell in ("B7", "C9")
    ]
    assert [fault.place for fault in refusal.value.faults] == [
        "baris 7, kolom B",
        "baris 9, kolom C",
    ]


@pytest.mark.parametrize("name", ["xl/other.xml", "xl/Worksheets/sheet1.xml", "xl/sheet.dat"])
@pytest.mark.parametrize("place", [0, 65_525, 131_000])
def test_a_sheet_is_one_whatever_its_part_is_called(name, place):
    start = b" " * place + b"<x:worksheet ><sheetData>"
    assert "rumus" in refused(archive({name: start + b'<c r="B7"><f>1</f></c>'}))
    assert "di luar DZ" in refused(archive({name: start + b'<c r="XFD1"/>'}))


def test_formulas_without_end_are_named_twenty_times():
    cells = b"".join(b'<c r="A%d"><f>1</f></c>' % row for row in range(1, 5_000))
    with pytest.raises(FileRefused) as refusal:
        inspect_workbook(archive({SHEET: cells}), LIMITS)
    assert len(refusal.value.faults) == 21
    assert refusal.value.faults[-1].reason == "Sesudah 20 rumus, sisanya tidak disebutkan."


def test_looking_through_a_large_workbook_holds_none_of_it():
    content = archive({SHEET: b'<row r="1"><c r="A1"><v>1</v></c></row>' * 400_000})
    limits = Limits(unpacked=50_000_000, unsuspicious=50_000_000, rows=250_000)
    tracemalloc.start()
    inspect_workbook(content, limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
