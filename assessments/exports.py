"""People of a cycle as a file, a row at a time: memory does not grow with their number."""

import tempfile
from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.clock import portal_day
from assessments.enums import Status
from assessments.models import Assessment
from exchange.files import CsvWriter, Sheet, Value, open_workbook

BATCH = 2_000


def people_as_csv(people: QuerySet[Assessment]) -> Iterator[bytes]:
    """The lines of the file, heading first."""
    writer = CsvWriter()
    yield writer.line(_heading())
    for row in _rows(people):
        yield writer.line(row)


def people_as_xlsx(people: QuerySet[Assessment]) -> IO[bytes]:
    """The workbook as a temporary file, at its beginning; it is gone once it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response
    with open_workbook(file, streamed=True) as book:
        sheet = Sheet(book, _("Pegawai"))
        sheet.widths(40, 22, 50, 50, 16, 18, 18)
        sheet.heading(_heading())
        for row in _rows(people):
            sheet.row(row)
    file.seek(0)
    return file


def _heading() -> list[str]:
    return [
        _("Nama"),
        _("NIP"),
        _("Unit kerja"),
        _("Jabatan"),
        _("Keadaan"),
        _("Diajukan"),
        _("Batas waktu"),
    ]


def _rows(people: QuerySet[Assessment]) -> Iterator[list[Value]]:
    labels = {status.value: str(status.label) for status in Status}
    needed = people.select_related("cycle", "person", "unit", "submission").only(
        "cycle__closes_at",
        "person__name",
        "person__title_before",
        "person__title_after",
        "person__nip",
        "unit__name",
        "position_title",
        "status",
        "extended_until",
        "submission__submitted_at",
    )
    for each in needed.order_by("unit__first", "pk").iterator(chunk_size=BATCH):
        submission = each.submission
        yield [
            each.person.full_name,
            each.person.nip,
            each.unit.name,
            each.position_title,
            labels[each.status],
            portal_day(submission.submitted_at) if submission else None,
            portal_day(each.deadline),
        ]
