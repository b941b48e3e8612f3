"""`breach_report --actor X --from T --to T`: whose data did this account read between two moments."""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.validators import normalize_nip
from prima_portal.auditing.exports import relation_of
from prima_portal.auditing.queries import Reading, readings_by


class Command(BaseCommand):
    """Lists people with masked NIP; changes nothing."""

    help = "Lists the people whose data an account read, or could read, between two moments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--actor", required=True, help="NIP or sign-in name of the account")
        parser.add_argument("--from", dest="since", required=True, help="day or moment (ISO 8601)")
        parser.add_argument("--to", dest="until", required=True, help="day or moment, excluded")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        typed = normalize_nip(options["actor"])
        actor = User.objects.filter(username__in=(typed, options["actor"])).first()
        if actor is None:
            message = _("%(actor)s: tidak ada akun dengan NIP atau nama masuk ini")
            raise CommandError(message % {"actor": options["actor"]})
        since, until = _moment(options["since"]), _moment(options["until"])
        if until <= since:
            raise CommandError(_("--to: harus sesudah --from"))
        readings = readings_by(actor, since, until)
        if options["format"] == "json":
            people = [_plain(each) for each in readings]
            report = {"from": since.isoformat(), "to": until.isoformat(), "people": people}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for each in readings:
            places = ", ".join(each.places) or "-"
            line = (each.person.full_name, each.person.masked_nip, f"{each.times}x", places)
            self.stdout.write("\t".join((*line, relation_of(each))))


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
    try:
        moment = parse_datetime(text) if "T" in text or " " in text else None
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.datetime.combine(day, datetime.time.min)
    if moment is None:
        message = _("%(text)s: bukan tanggal atau waktu. Tulis YYYY-MM-DD atau YYYY-MM-DDThh:mm.")
        raise CommandError(message % {"text": text})
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
