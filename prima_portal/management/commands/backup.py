"""`backup --to DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from prima_portal.backup import BackupRefused, backup


class Command(BaseCommand):
    """Writes database, evidence, version and checksums into a new folder."""

    help = "Writes a backup (database, evidence files, checksums) into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "--to", type=Path, required=True, help="a folder that does not exist yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, or say why not."""
        try:
            manifest = backup(options["to"])
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(folder)s: %(count)d berkas dicadangkan")
            % {"folder": options["to"], "count": len(manifest["files"])}
        )
