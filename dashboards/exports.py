"""The heatmap as a file: the rows of the page, with numbers as numbers and text that cannot run."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

import xlsxwriter
from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.enums import ScoreKind
from dashboards.queries import Board, Cell, Row, State

Value = str | int | Decimal | None
RUNS_IN_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def file_name(board: Board, extension: str) -> str:
    """`rekap-2026-1-dinas-pendidikan.csv`."""
    return f"rekap-{slugify(board.unit.cycle.code)}-{slugify(board.unit.name)[:80]}.{extension}"


def table_of(board: Board) -> list[list[Value]]:
    """Heading and lines of the heatmap as the page shows them."""
    heading: list[Value] = [
        _("Unit kerja"),
        _("Jenis unit"),
        _("Pegawai"),
        _("Mulai mengisi"),
        _("Diajukan"),
        _("Diverifikasi"),
        *(column.name or _("Nilai total") for column in board.columns),
    ]
    return [heading, *(_line(row) for row in board.lines)]


def to_csv(board: Board) -> bytes:
    """CSV as Indonesian spreadsheets open it: UTF-8 with mark, semicolons, decimal commas."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    for line in table_of(board):
        writer.writerow([_text(value) for value in line])
    return output.getvalue().encode("utf-8-sig")


def to_xlsx(board: Board) -> bytes:
    """A workbook: the table, and a sheet that says what it is and why cells may be empty of figures."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    places = board.unit.cycle.instrument.decimals
    figure = book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
    sheet = book.add_worksheet(_("Rekap"))
    for number, line in enumerate(table_of(board)):
        for place, value in enumerate(line):
            if isinstance(value, Decimal):
                sheet.write_number(number, place, value, figure)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, _text(value), None if number else heading)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, len(board.columns) + 5, 16)
    notes = book.add_worksheet(_("Keterangan"))
    for number, (name, value) in enumerate(_notes(board)):
        notes.write_string(number, 0, name, heading)
        notes.write_string(number, 1, _text(value))
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 90)
    book.close()
    return output.getvalue()


def _line(row: Row) -> list[Value]:
    people = row.people
    counts: list[Value] = (
        [people.invited, people.started, people.submitted, people.verified]
        if people
        else [_("kelompok kecil"), None, None, None]
    )
    name = _("%(unit)s (langsung)") % {"unit": row.name} if row.is_own else row.name
    return [name, row.kind, *counts, *map(_value, row.cells)]


def _value(cell: Cell) -> Value:
    if cell.state is State.HIDDEN:
        return _("disembunyikan")
    if cell.state is State.EMPTY:
        return _("belum ada data")
    if cell.mean is None:
        return _("predikat %(band)s") % {"band": cell.band.code if cell.band else "–"}
    return cell.mean


def _notes(board: Board) -> Iterable[tuple[str, str]]:
    cycle = board.unit.cycle
    moment = board.refreshed_at and timezone.localtime(board.refreshed_at)
    yield _("Unit kerja"), board.unit.name
    yield _("Periode"), f"{cycle.name} ({cycle.code})"
    yield _("Instrumen"), str(cycle.instrument)
    yield _("Nilai"), str(ScoreKind(board.source).label)
    yield _("Diperbarui"), f"{moment:%d-%m-%Y %H.%M %Z}" if moment else _("belum pernah")
    if board.released_at and board.covers:
        released = timezone.localtime(board.released_at)
        yield (
            _("Angka mencakup"),
            _(
                "%(covers)d nilai per %(at)s. Nilai baru masuk bersama sedikitnya %(least)d orang, agar nilai "
                "seorang tidak dapat dihitung dari selisihnya."
            )
            % {
                "covers": board.covers,
                "at": f"{released:%d-%m-%Y %H.%M %Z}",
                "least": settings.MIN_GROUP,
            },
        )
    if board.hides:
        yield (
            _("Disembunyikan"),
            _(
                "Nilai kelompok kecil, dan nilai yang dapat dipakai untuk menghitungnya, "
                "tidak ditampilkan."
            ),
        )


def _text(value: Value) -> str:
    """A cell as text; what a spreadsheet would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(number_format(value, use_l10n=True, force_grouping=False)).replace("\xa0", "")
    text = str(value)
    return f"'{text}" if text.startswith(RUNS_IN_SPREADSHEETS) else text
