"""Whatever text goes out, no spreadsheet runs it, in any export; and numbers stay numbers."""

import csv
import io
import re
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from assessments import exports as people
from audit.models import Event
from dashboards import exports as dashboards
from exchange.files import CsvWriter, Sheet, harmless, open_workbook, write_rows
from pillars.files import build_document, read_xlsx, write_xlsx
from prima_portal.auditing import exports as auditing
from tests.pillars.files.trees import make_tree

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", " =", "\xa0+", "＝", "＋", "－", "＠", "")
PAYLOADS = ("HYPERLINK(1)", "cmd|' /C calc'!A0", "1+1", "SUM(A1)", "", 'biasa; dengan "kutip"')
# Spaces, controls and what has no width or only turns the direction.
UNSEEN = [
    each
    for each in map(chr, range(0x10000))
    if each.isspace() or unicodedata.category(each) == "Cc" or each in "\xad\u061c\u180e\ufeff"
    or "\u200b" <= each <= "\u200f" or "\u2028" <= each <= "\u202e" or "\u2060" <= each <= "\u206f"
]  # fmt: skip
texts = st.one_of(
    st.builds(str.__add__, st.sampled_from(BEGINNINGS), st.sampled_from(PAYLOADS)),
    st.builds("{}={}".format, st.sampled_from(UNSEEN[1:]), st.sampled_from(PAYLOADS)),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)


def runs(text):
    """Whether a spreadsheet would take it for a formula: written down anew, not as the code has it."""
    seen = text.lstrip("".join(UNSEEN))
    return text.startswith(("\t", "\r", "\n")) or bool(re.match(r"[=+\-@＝＋－＠]", seen))


def lines_of(content):
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def cells_of(content):
    """Text of every cell, by sheet; and whether no part holds a formula or a link."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not re.search(rb"<f[\s>/]|<hyperlink", archive.read(name))
    return [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for cell in row
    ]


@given(texts)
def test_text_is_marked_exactly_where_it_would_run(text):
    assert harmless(text) == (f"'{text}" if runs(text) else text)
    assert not runs(harmless(text))


@given(st.lists(texts, min_size=2, max_size=3))
def test_no_line_of_csv_runs(row):
    (line,) = lines_of(CsvWriter().line(row))
    assert line == [harmless(text) for text in row]


def exported(text):
    """Every export of the portal with a text in the place of each text that people give."""
    event = Event(
        pk=1, at=datetime(2026, 1, 1, tzinfo=UTC), actor_name=text, verb="x", subject_type=text,
        subject_id=text, request_id=text,
    )  # fmt: skip
    yield "csv", auditing.events_file([event]).getvalue()
    person = SimpleNamespace(full_name=text, masked_nip="•••")
    reading = SimpleNamespace(person=person, times=3, places=[text], own=False, supervised=True)
    yield "csv", auditing.readings_file([reading]).getvalue()
    board = board_of(text)
    yield "csv", dashboards.to_csv(board)
    yield "xlsx", dashboards.to_xlsx(board)
    yield "xlsx", write_rows([text, "b"], [(1, text), (-2, "c")])
    yield "csv", b"".join(people.people_as_csv(people_called(text)))
    with people.people_as_xlsx(people_called(text)) as file:
        yield "xlsx", file.read()


def people_called(text):
    """One person of a cycle, as the personnel office takes them away."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    named = SimpleNamespace(full_name=text, nip=text, name=text)
    one = SimpleNamespace(
        person=named, unit=named, position_title=text, status="DRAFT", submission=None, deadline=moment,
    )  # fmt: skip
    rows = SimpleNamespace(iterator=lambda chunk_size: iter([one]))
    for name in ("order_by", "only", "select_related"):
        setattr(rows, name, lambda *_names: rows)
    return rows


def board_of(text):
    cell = SimpleNamespace(state=None, mean=Decimal("-1.50"), band=None)
    row = SimpleNamespace(
        people=None, name=text, kind=text, is_own=False, parent=text, cells=[cell]
    )
    instrument = SimpleNamespace(decimals=2, __str__=lambda self: text)
    cycle = SimpleNamespace(name=text, code=text, instrument=instrument)
    return SimpleNamespace(
        columns=[SimpleNamespace(name=text)], lines=[row], refreshed_at=None, released_at=None,
        unit=SimpleNamespace(cycle=cycle, name=text, parent=None), source="SELF", covers=0, hides=True,
    )  # fmt: skip


@given(texts)
def test_no_cell_of_any_export_runs(text):
    for kind, content in exported(text):
        cells = (
            [cell for line in lines_of(content) for cell in line]
            if kind == "csv"
            else cells_of(content)
        )
        written = [cell for cell in cells if isinstance(cell, str) and cell != "-1,50"]
        assert [cell for cell in written if runs(cell)] == []


def test_numbers_stay_numbers():
    (_heading, line) = lines_of(dashboards.to_csv(board_of("=1")))
    assert line == ["'=1", "'=1", "'=1", "disembunyikan", "", "", "", "-1,50"]
    assert -1.5 in cells_of(dashboards.to_xlsx(board_of("=1")))
    buffer = io.BytesIO()
    with open_workbook(buffer, streamed=True) as book:
        sheet = Sheet(book, "A")
        sheet.row([1, Decimal("-2.5"), True, None, date(2026, 1, 2), "-3"])
    assert cells_of(buffer.getvalue()) == [1.0, -2.5, True, "", date(2026, 1, 2), "'-3"]
    assert CsvWriter().line([7, Decimal("-2.50"), None, date(2026, 1, 2)]) == (
        "\ufeff7;-2,50;;2026-01-02\r\n".encode()
    )


@given(texts.filter(lambda text: text.strip() and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)))
def test_an_instrument_reads_back_equal_and_its_text_stays_text(text):
    tree = make_tree()
    tree["pillars"][0]["indicators"][0]["statement"] = text
    document = build_document(tree)
    content = write_xlsx(document)
    assert read_xlsx(content) == document
    cells_of(content)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-1"])
def test_a_text_of_an_instrument_stays_one_when_somebody_edits_its_cell(text):
    tree = make_tree()
    tree["pillars"][0]["indicators"][0]["statement"] = text
    with zipfile.ZipFile(io.BytesIO(write_xlsx(build_document(tree)))) as archive:
        sheet = archive.read("xl/worksheets/sheet5.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    style = int(re.search(r'r="C2" s="(\d+)"', sheet)[1])
    formats = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)[0]
    chosen = re.findall(r"<xf .*?(?:/>|</xf>)", formats, re.DOTALL)[style]
    assert 'quotePrefix="1"' in chosen
