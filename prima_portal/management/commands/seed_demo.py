"""`seed_demo`: an invented province with three cycles in all states."""

import io
import json
from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import transaction
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from accounts.clock import portal_today
from accounts.models import User
from assessments.management.statistics import renew_statistics
from assessments.models import Assessment, Cycle, Score, Submission
from organization.models import Posting
from prima_portal.demo_accounts import DEMO_PASSWORD
from prima_portal.seeding import cycles, instruments, organization

PEOPLE = 620
UNITS = 70
CYCLES = 3


class Command(RichCommand):
    """Fills an empty database; the same seed on the same day makes the same province."""

    help = "Fills an empty database with an invented province, its people and their assessments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--units", type=int, default=UNITS)
        parser.add_argument("--people", type=int, default=PEOPLE)
        parser.add_argument("--cycles", type=int, default=CYCLES, choices=(1, 2, 3))
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed in one transaction, all of it or nothing; then build the dashboards, each at a moment of its own."""
        if User.objects.exists():
            raise CommandError(
                _(
                    "basis data sudah berisi pegawai; kosongkan dahulu (make reset) atau pakai yang lain"
                )
            )
        as_json = options["format"] == "json"
        with transaction.atomic():
            made = self._seed(options)
            transaction.set_rollback(options["dry_run"])
        for code in [] if options["dry_run"] else made["cycles"]:
            told = OutputWrapper(io.StringIO()) if as_json else self.stdout
            call_command("rebuild_dashboards", code, stdout=told)
        if as_json:
            self.stdout.write(json.dumps({**made, "dry_run": options["dry_run"]}))
            return
        text = _("%(units)d unit, %(people)d orang, %(number)d periode: %(codes)s") % {
            **made,
            "number": len(made["cycles"]),
            "codes": ", ".join(made["cycles"]),
        }
        tried = _(" (uji coba: tidak ada yang ditulis)") if options["dry_run"] else ""
        self.stdout.write(text + tried)

    def _seed(self, options: dict[str, Any]) -> dict[str, Any]:
        random = Random(options["seed"])
        today = portal_today()
        with self.console.status("unit dan pegawai") as status:
            province = organization.build(
                random,
                units=options["units"],
                people_count=options["people"],
                today=today,
                # Known passwords exist only where nobody real signs in.
                password=DEMO_PASSWORD if settings.DEVELOPMENT else None,
            )
            old, new = instruments.load_instruments(province.cast["dewi"], today=today)
            made: list[Cycle] = []
            for period in cycles.periods(old, new, today=today, count=options["cycles"]):
                status.update(f"periode {len(made) + 1} dari {options['cycles']}")
                made.append(cycles.seed_cycle(random, period, province.cast))
        renew_statistics(User, Posting, Assessment, Submission, Score)
        return {
            "units": len(province.plans),
            "people": User.objects.count(),
            "cycles": [cycle.code for cycle in made],
        }
