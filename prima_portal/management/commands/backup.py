"""`backup --to DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from prima_portal.backups import BackupRefused, backup, require_place


class Command(RichCommand):
    """Writes database, evidence, version and checksums into a new folder, encrypted."""

    help = "Writes a backup (database, evidence files, checksums) into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "--to", type=Path, required=True, help="a folder that does not exist yet"
        )
        parser.add_argument(
            "--plain", action="store_true", help="without encryption: the folder itself has it"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, or say why not."""
        recipients = [] if options["plain"] else settings.BACKUP_RECIPIENTS
        if not recipients and not options["plain"]:
            raise CommandError(
                _(
                    "Cadangan memuat data pribadi. Isi BACKUP_RECIPIENTS dengan kunci publik age (age1…), "
                    "atau sebutkan --plain bila tempat penyimpanannya sudah terenkripsi."
                )
            )
        try:
            if options["dry_run"]:
                require_place(options["to"], recipients=recipients)
                said = _("%(folder)s dapat dipakai untuk cadangan; tidak ada yang ditulis")
                self.stdout.write(said % {"folder": options["to"]})
                return
            with self.console.status(str(options["to"])):
                manifest = backup(options["to"], recipients=recipients)
        except (BackupRefused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(folder)s: %(count)d berkas dicadangkan")
            % {"folder": options["to"], "count": len(manifest["files"])}
        )
