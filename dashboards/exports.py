"""The heatmap as a file: the rows of the page, with numbers as numbers and text that cannot run."""

import io
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.enums import ScoreKind
from dashboards.queries import Board, Cell, Row, State
from exchange.files import CsvWriter, Sheet, Value, open_workbook


def file_name(board: Board, extension: str) -> str:
    """`rekap-2026-1-sekretariat-dinas-pendidikan.csv`: many units are called the same."""
    unit = board.unit
    names = [unit.cycle.code, unit.name, unit.parent.name if unit.parent else ""]
    return f"rekap-{'-'.join(slugify(name)[:60] for name in names if name)}.{extension}"


def table_of(board: Board) -> list[list[Value]]:
    """Heading and lines of the heatmap as the page shows them."""
    heading: list[Value] = [
        _("Unit kerja"),
        _("Unit induk"),
        _("Jenis unit"),
        _("Pegawai"),
        _("Mulai mengisi"),
        _("Diajukan"),
        _("Diverifikasi"),
        *(column.name or _("Nilai total") for column in board.columns),
    ]
    return [heading, *(_line(row) for row in board.lines)]


def to_csv(board: Board) -> bytes:
    """CSV as Indonesian spreadsheets open it."""
    writer = CsvWriter()
    return b"".join(map(writer.line, table_of(board)))


def to_xlsx(board: Board) -> bytes:
    """A workbook: the table, and a sheet that says what it is and why cells may be empty of figures."""
    output = io.BytesIO()
    heading, *lines = table_of(board)
    with open_workbook(output) as book:
        sheet = Sheet(book, _("Rekap"))
        sheet.widths(50, 50, *[16] * (len(heading) - 2))
        sheet.heading(map(str, heading), columns=1)
        for line in lines:
            sheet.row(line, places=board.unit.cycle.instrument.decimals)
        notes = Sheet(book, _("Keterangan"))
        notes.widths(20, 90)
        for note in _notes(board):
            notes.row(note)
    return output.getvalue()


def _line(row: Row) -> list[Value]:
    people = row.people
    counts: list[Value] = (
        [people.invited, people.started, people.submitted, people.verified]
        if people
        else [_("disembunyikan"), None, None, None]
    )
    name = _("%(unit)s (langsung)") % {"unit": row.name} if row.is_own else row.name
    return [name, row.parent, row.kind, *counts, *map(_value, row.cells)]


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
    if board.unit.parent:
        yield _("Unit induk"), board.unit.parent.name
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
                "Angka kelompok kecil, dan angka yang dapat dipakai untuk menghitungnya, "
                "tidak ditampilkan."
            ),
        )
