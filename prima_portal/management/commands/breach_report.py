"""`breach_report --actor X --from T --to T`: whose data did this account read between two moments."""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import parse_moment
from accounts.queries import account_called
from assessments.queries.reviewed import Span
from prima_portal.auditing.exports import RELATIONS, relation_of
from prima_portal.auditing.readings import Reading, Readings


class Command(BaseCommand):
    """Lists people with masked NIP; changes nothing."""

    help = "Lists the people whose data an account read, or could read, between two moments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--actor", required=True, help="NIP or sign-in name of the account")
        parser.add_argument(
            "--from",
            dest="since",
            required=True,
            help="day or moment (ISO 8601), of the portal without a zone",
        )
        parser.add_argument(
            "--to",
            dest="until",
            required=True,
            help="day or moment, excluded: a day ends at its midnight, of the portal",
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        actor = account_called(options["actor"])
        if actor is None:
            message = _("%(actor)s: tidak ada akun dengan NIP atau nama masuk ini")
            raise CommandError(message % {"actor": options["actor"]})
        span = Span(_moment(options["since"]), _moment(options["until"]))
        if span.until <= span.since:
            options_named = {"later": "--to", "earlier": "--from"}
            raise CommandError(_("%(later)s: harus sesudah %(earlier)s") % options_named)
        write = self._write_json if options["format"] == "json" else self._write_text
        write(Readings(actor, span))

    def _write_text(self, readings: Readings) -> None:
        self.stdout.write(
            f"# {readings.span.since.isoformat()} – {readings.span.until.isoformat()}"
        )
        self.stdout.write(f"# {_basis(readings)}")
        for each in readings:
            places = ", ".join(each.places) or "-"
            line = (each.person.full_name, each.person.masked_nip, f"{each.times}x", places)
            self.stdout.write("\t".join((*line, str(RELATIONS[relation_of(each)]))))

    def _write_json(self, readings: Readings) -> None:
        """One person a line: the document may be longer than memory."""
        head = {
            "from": readings.span.since.isoformat(),
            "to": readings.span.until.isoformat(),
            "first_day": readings.span.first_day.isoformat(),
            "last_day": readings.span.last_day.isoformat(),
            "basis": _basis(readings),
        }
        self.stdout.write(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "people": [')
        before = ""
        for each in readings:
            self.stdout.write(f"{before}{json.dumps(_plain(each), ensure_ascii=False)}", ending="")
            before = ",\n"
        self.stdout.write("\n]}")


def _basis(readings: Readings) -> str:
    """What the report rests on, so that nobody takes it for more."""
    text = _(
        "%(count)d orang. Yang ditinjau dihitung untuk hari %(first)s sampai %(last)s (%(zone)s), menurut "
        "penempatan dan struktur unit yang tercatat sekarang, termasuk penilaian yang sejak itu dimusnahkan."
    )
    return text % {
        "count": len(readings),
        "first": readings.span.first_day,
        "last": readings.span.last_day,
        "zone": timezone.get_default_timezone(),
    }


def _plain(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.person.full_name,
        "nip": reading.person.masked_nip,
        "times": reading.times,
        "places": reading.places,
        "supervised": reading.supervised,
        "own": reading.own,
    }


def _moment(text: str) -> datetime.datetime:
    moment = parse_moment(text, at=datetime.time.min)
    if moment is None:
        message = _("%(text)s: bukan tanggal atau waktu. Tulis YYYY-MM-DD atau YYYY-MM-DDThh:mm.")
        raise CommandError(message % {"text": text})
    return moment
