"""`restore --from DIR`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from exchange.files import FileUnreachable
from prima_portal.backups import BackupRefused, restore


class Command(RichCommand):
    """Fills an empty database from a backup after checking every checksum."""

    help = "Restores a backup into an empty database."
    requires_system_checks = ()  # the database is empty

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--from", dest="folder", type=Path, required=True)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--identity",
            type=Path,
            help="the file with the secret key of age, where it is encrypted",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, or say why not."""
        try:
            with self.console.status(str(options["folder"])):
                manifest = restore(
                    options["folder"], identity=options["identity"], dry_run=options["dry_run"]
                )
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            place = Path(error.filename or options["folder"])
            raise CommandError(str(FileUnreachable(place, error))) from error
        if options["format"] == "json":
            figures = {
                "folder": str(options["folder"]),
                "made_at": manifest["made_at"],
                "files": len(manifest["files"]),
                "dry_run": options["dry_run"],
            }
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(
            (
                _("cadangan %(moment)s utuh dan dapat dipulihkan; tidak ada yang ditulis")
                if options["dry_run"]
                else _("cadangan %(moment)s dipulihkan; jalankan migrate bila perlu")
            )
            % {"moment": manifest["made_at"]}
        )
