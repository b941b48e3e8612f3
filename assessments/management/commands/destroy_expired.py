"""`destroy_expired`: destroys personal data that is older than the schedule allows; the beat does the same daily."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessments.operations import destroy_expired
from assessments.queries.retention import due_now, holds_in_force
from audit.enums import RetentionKind
from audit.models import Destruction


class Command(BaseCommand):
    """The database refuses what is younger, and keeps proof of what goes."""

    help = "Destroys personal data that is older than the schedule (RETENTION_MONTHS_*) allows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--dry-run", action="store_true", help="list what would go")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Destroy, or foretell."""
        as_json = options["format"] == "json"
        if options["dry_run"]:
            self._foretell(as_json=as_json)
            return
        progress = (lambda _made: None) if as_json else self._tell
        outcome = destroy_expired(by=None, progress=progress)
        if as_json:
            self.stdout.write(json.dumps({"destroyed": list(map(_plain, outcome.destructions))}))
        elif not outcome.destructions:
            self.stdout.write(_("Tidak ada yang jatuh tempo."))

    def _tell(self, made: Destruction) -> None:
        self.stdout.write(
            _("%(kind)s %(cycle)s: %(rows)d baris dimusnahkan, sidik jari %(digest)s")
            % {
                "kind": RetentionKind(made.kind).label,
                "cycle": made.cycle or "-",
                "rows": made.rows,
                "digest": made.digest,
            }
        )

    def _foretell(self, *, as_json: bool) -> None:
        due, holds = due_now(), [str(hold) for hold in holds_in_force()]
        if as_json:
            lines = [
                {"kind": each.kind.value, "cycle": each.cycle, "number": each.number}
                for each in due
            ]
            self.stdout.write(json.dumps({"due": lines, "held": holds}, ensure_ascii=False))
            return
        for each in due:
            self.stdout.write(
                _("%(kind)s %(cycle)s: %(number)d akan dimusnahkan")
                % {"kind": each.kind.label, "cycle": each.cycle or "-", "number": each.number}
            )
        if not due:
            self.stdout.write(_("Tidak ada yang jatuh tempo."))
        for held in holds:
            self.stdout.write(_("ditangguhkan: %(held)s") % {"held": held})


def _plain(made: Destruction) -> dict[str, Any]:
    return {
        "number": made.pk,
        "kind": made.kind,
        "cycle": made.cycle,
        "assessments": made.subjects,
        "rows": made.rows,
        "tables": made.tables,
        "digest": made.digest,
    }
