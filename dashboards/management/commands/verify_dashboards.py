"""`verify_dashboards CYCLE`: compares snapshots with a recompute from raw answers; exit 1 if any differs."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from assessments.errors import CycleDestroyed
from assessments.models import Cycle
from dashboards.management.steps import say_destroyed, steps
from dashboards.operations import verify


class Command(RichCommand):
    """Changes nothing."""

    help = "Compares the dashboards of a cycle with a fresh recompute from raw answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("cycle", help="code of the cycle")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, cycle: str, **options: Any) -> None:
        """Compare; name the units that differ on stderr."""
        target = Cycle.objects.filter(code=cycle).first()
        if target is None:
            raise CommandError(_("Tidak ada periode berkode %(code)s.") % {"code": cycle})
        try:
            with steps(self, cycle) as progress:
                result = verify(cycle=target, progress=progress)
        except CycleDestroyed as gone:
            figures = {"cycle": cycle, "units": 0, "differing": []}
            say_destroyed(self, gone, figures, as_json=options["format"] == "json")
            return
        if options["format"] == "json":
            figures = {"cycle": target.code, "units": result.units, "differing": result.differing}
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        elif not result.differing:
            self.stdout.write(
                _("%(cycle)s: %(units)d rekap unit sama dengan hitungan ulang")
                % {"cycle": cycle, "units": result.units}
            )
        for name in result.differing:
            self.stderr.write(name)
        if result.differing:
            self.stderr.write(
                _(
                    "%(cycle)s: %(number)d rekap unit berbeda dari hitungan ulang. Jalankan rebuild_dashboards "
                    "%(cycle)s, lalu periksa lagi; bila tetap berbeda, periksa nilai di unit itu."
                )
                % {"cycle": cycle, "number": len(result.differing)}
            )
            sys.exit(1)
