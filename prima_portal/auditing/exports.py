"""Files for the auditor: CSV as Indonesian spreadsheets open it, with text that cannot run."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Event
from exchange.files import CSV, CsvWriter
from prima_portal.auditing.readings import Reading
from prima_portal.auditing.words import verb_in_words

RELATIONS: Final[dict[str, Promise]] = {
    "own": gettext_lazy("diri sendiri"),
    "supervised": gettext_lazy("yang ditinjau"),
    "recorded": gettext_lazy("menurut catatan pembacaan"),
}


def events_file(events: Iterable[Event]) -> HttpResponse:
    """Events, one a line; details stay on the page of each."""
    heading = (
        _("Nomor"),
        _("Waktu"),
        _("Pelaku"),
        _("Peristiwa"),
        _("Kode peristiwa"),
        _("Jenis objek"),
        _("Nomor objek"),
        _("Nomor permintaan"),
    )
    lines = (
        (
            str(event.pk),
            event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds"),
            event.actor_name,
            verb_in_words(event.verb),
            event.verb,
            event.subject_type,
            event.subject_id,
            event.request_id,
        )
        for event in events
    )
    return _attachment("jejak-audit.csv", heading, lines)


def readings_file(readings: Iterable[Reading]) -> StreamingHttpResponse:
    """People whose data was read, or may have been; sent while it is read."""
    heading = (_("Nama"), _("NIP"), _("Tercatat dibaca"), _("Di mana"), _("Hubungan"))
    # The language of the request is gone before the last line is.
    words = {relation: str(text) for relation, text in RELATIONS.items()}
    lines = (
        (
            each.person.full_name,
            each.person.masked_nip,
            str(each.times),
            ", ".join(each.places),
            words[relation_of(each)],
        )
        for each in readings
    )
    response = StreamingHttpResponse(
        map(CsvWriter().line, chain([heading], lines)), content_type=CSV
    )
    response["Content-Disposition"] = 'attachment; filename="laporan-pembacaan.csv"'
    return response


def relation_of(reading: Reading) -> str:
    """How the account came to read the person's data: a key of `RELATIONS`."""
    if reading.own:
        return "own"
    return "supervised" if reading.supervised else "recorded"


def _attachment(name: str, heading: Sequence[str], lines: Iterable[Sequence[str]]) -> HttpResponse:
    writer = CsvWriter()
    content = b"".join(map(writer.line, (heading, *lines)))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CSV, headers=headers)
