"""`audit_anchor --to FILE`: notes the end of the chain outside the database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.models import Unsealed
from audit.operations import digest_history, seal_all
from audit.queries import Anchor, last_anchor
from audit.queries.history import digests_due

PATIENCE = 60.0
"""Seconds for whoever is writing history: an anchor is worth waiting for."""


class Command(BaseCommand):
    """Digests row history, seals what waits, then appends a line to a file that database writers cannot reach."""

    help = "Appends the end of the audit chain to a file; keep it where the database cannot be written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--to", type=Path, required=True)
        parser.add_argument("--dry-run", action="store_true", help="seal nothing, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, to: Path, dry_run: bool, **options: Any) -> None:
        """Write one anchor."""
        if not dry_run:
            digest_history(patience=PATIENCE)
        sealed = Unsealed.objects.count() + digests_due() if dry_run else seal_all()
        anchor = last_anchor()
        sequence = anchor.sequence + (sealed if dry_run else 0)
        if not dry_run:
            _append(to, anchor)
        figures = {"sequence": sequence, "sealed": sealed, "to": str(to), "dry_run": dry_run}
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        text = (
            _(
                "jangkar %(sequence)d akan ditulis ke %(to)s; %(sealed)d peristiwa akan disegel "
                "dahulu; tidak ada yang disimpan"
            )
            if dry_run
            else _("jangkar %(sequence)d ditulis ke %(to)s")
        )
        self.stdout.write(text % figures)


def _append(to: Path, anchor: Anchor) -> None:
    try:
        with to.open("a", encoding="utf-8") as file:
            file.write(anchor.to_line() + "\n")
    except OSError as error:
        raise CommandError(
            _("%(path)s tidak dapat ditulis: %(reason)s.")
            % {"path": to, "reason": error.strerror or error}
        ) from error
