"""`rebuild_dashboards CYCLE`: recomputes every snapshot of a cycle from its scores."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from assessments.errors import CycleDestroyed
from assessments.models import Cycle
from dashboards.management.steps import say_destroyed, steps
from dashboards.operations import rebuild


class Command(RichCommand):
    """Safe at any time; a second run changes nothing."""

    help = "Recomputes the dashboards of a cycle from its scores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("cycle", help="code of the cycle")
        parser.add_argument("--dry-run", action="store_true", help="count changes, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, cycle: str, **options: Any) -> None:
        """Recompute, and say how many snapshots changed."""
        target = Cycle.objects.filter(code=cycle).first()
        if target is None:
            raise CommandError(_("Tidak ada periode berkode %(code)s.") % {"code": cycle})
        try:
            with steps(self, cycle) as progress:
                changed = rebuild(cycle=target, dry_run=options["dry_run"], progress=progress)
        except CycleDestroyed as gone:
            figures = {"cycle": cycle, "changed": 0, "dry_run": options["dry_run"]}
            say_destroyed(self, gone, figures, as_json=options["format"] == "json")
            return
        if options["format"] == "json":
            figures = {"cycle": cycle, "changed": changed, "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(
                _("%(cycle)s: %(changed)d rekap unit akan berubah; tidak ada yang disimpan")
                % {"cycle": cycle, "changed": changed}
                if options["dry_run"]
                else _("%(cycle)s: %(changed)d rekap unit berubah")
                % {"cycle": cycle, "changed": changed}
            )
