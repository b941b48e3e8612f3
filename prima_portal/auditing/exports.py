"""Files for the auditor: CSV as Indonesian spreadsheets open it, with text that cannot run."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Event
from exchange.files import CSV, CsvWriter
from prima_portal.auditing.queries import Reading
from prima_portal.auditing.words import verb_in_words


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


def readings_file(readings: Iterable[Reading]) -> HttpResponse:
    """People whose data was read, or may have been."""
    heading = (_("Nama"), _("NIP"), _("Tercatat dibaca"), _("Di mana"), _("Hubungan"))
    lines = (
        (
            each.person.full_name,
            each.person.masked_nip,
            str(each.times),
            ", ".join(each.places),
            relation_of(each),
        )
        for each in readings
    )
    return _attachment("laporan-pembacaan.csv", heading, lines)


def relation_of(reading: Reading) -> str:
    """How the account came to read the person's data."""
    if reading.own:
        return _("diri sendiri")
    return _("yang ditinjau") if reading.supervised else _("menurut catatan pembacaan")


def _attachment(name: str, heading: Sequence[str], lines: Iterable[Sequence[str]]) -> HttpResponse:
    writer = CsvWriter()
    content = b"".join(map(writer.line, (heading, *lines)))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CSV, headers=headers)
