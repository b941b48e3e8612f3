"""`open_cycle CODE --instrument … --version … --opens … --closes … --census-date …`."""

import datetime
import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.clock import parse_moment
from assessments.errors import CycleRefused
from assessments.management.statistics import renew_statistics
from assessments.models import Assessment, CycleUnit
from assessments.operations import open_cycle
from organization.models import Unit
from pillars.models import Instrument


class Command(BaseCommand):
    """Opens a cycle on a published instrument and invites the people posted on the census date."""

    help = "Opens a cycle and invites everybody posted in its population on the census date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line; times without a zone are in the portal's time zone."""
        parser.add_argument("code")
        parser.add_argument("--name", default="", help="shown to people; the code where left out")
        parser.add_argument("--instrument", required=True, help="code of the instrument")
        # `--version` is Django's own flag for printing its version; here it names the instrument's.
        parser.add_argument("--opens", required=True, type=_moment(datetime.time.min))
        parser.add_argument("--closes", required=True, type=_moment(datetime.time(23, 59, 59)))
        parser.add_argument("--census-date", required=True, type=_date)
        parser.add_argument(
            "--population",
            nargs="*",
            default=[],
            help="unit codes; the whole organisation if left out",
        )
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Let `--version` name the instrument's version, as the operator contract has it."""
        parser = super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)
        parser.add_argument("--version", required=True, help="version of the instrument")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the cycle, or say which part of the request to mend."""
        instrument = _instrument(options["instrument"], options["version"])
        units = list(Unit.objects.filter(code__in=options["population"]))
        if unknown := set(options["population"]) - {unit.code for unit in units}:
            raise CommandError(
                _("--population: unit tidak dikenal: %(codes)s")
                % {"codes": ", ".join(sorted(unknown))}
            )
        with transaction.atomic():
            try:
                cycle = open_cycle(
                    code=options["code"],
                    name=options["name"] or options["code"],
                    instrument=instrument,
                    opens_at=options["opens"],
                    closes_at=options["closes"],
                    census_date=options["census_date"],
                    population=units,
                    by=None,
                )
            except CycleRefused as refusal:
                raise CommandError(f"{refusal.field}: {refusal}") from refusal
            invited = Assessment.objects.filter(cycle=cycle).count()
            if options["dry_run"]:
                transaction.set_rollback(True)
        renew_statistics(Assessment, CycleUnit)
        dry_run = options["dry_run"]
        figures = {"cycle": cycle.code, "invited": invited, "dry_run": dry_run}
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures))
            return
        tried = _(" (uji coba: tidak ada yang ditulis)") if dry_run else ""
        self.stdout.write(_("%(cycle)s: %(invited)d pegawai diundang") % figures + tried)


def _instrument(code: str, version: str) -> Instrument:
    try:
        return Instrument.objects.get(code=code, version=version)
    except Instrument.DoesNotExist:
        raise CommandError(
            _("--instrument: %(code)s versi %(version)s tidak ada; muat dengan load_instrument")
            % {"code": code, "version": version}
        ) from None


def _date(text: str) -> datetime.date:
    try:
        date = parse_date(text)
    except ValueError:
        date = None
    if date is None:
        raise ArgumentTypeError(_("bukan tanggal YYYY-MM-DD: %(text)s") % {"text": text})
    return date


def _moment(at: datetime.time) -> Callable[[str], datetime.datetime]:
    """A parser of moments; a bare date stands for `at` on that day."""

    def parse(text: str) -> datetime.datetime:
        moment = parse_moment(text, at=at)
        if moment is None:
            raise ArgumentTypeError(_("bukan waktu YYYY-MM-DDThh:mm: %(text)s") % {"text": text})
        return moment

    return parse
