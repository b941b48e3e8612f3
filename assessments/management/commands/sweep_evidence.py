"""`sweep_evidence`: deletes evidence files that no row names; the beat runs the same sweep each night."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessments.operations.evidence import sweep_evidence


class Command(BaseCommand):
    """Sweeps up what a crash between file and row left behind."""

    help = "Deletes evidence files that no row names and that are older than a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--dry-run", action="store_true", help="only say which")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and count."""
        swept = sweep_evidence(dry_run=options["dry_run"])
        if options["format"] == "json":
            self.stdout.write(json.dumps({"swept": swept, "dry_run": options["dry_run"]}))
            return
        self.stdout.write(_("berkas tanpa catatan: %(count)d") % {"count": len(swept)})
