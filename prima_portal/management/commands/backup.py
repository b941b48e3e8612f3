"""`backup --to DIR`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from exchange.files import FileUnreachable
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
        parser.add_argument("--format", choices=("text", "json"), default="text")

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
                figures: dict[str, Any] = {}
                text = _("%(folder)s dapat dipakai untuk cadangan; tidak ada yang ditulis")
            else:
                with self.console.status(str(options["to"])):
                    manifest = backup(options["to"], recipients=recipients)
                figures = {name: manifest[name] for name in ("made_at", "encrypted")}
                figures["files"] = len(manifest["files"])
                text = _("%(folder)s: %(files)d berkas dicadangkan")
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            place = Path(error.filename or options["to"])
            raise CommandError(str(FileUnreachable(place, error))) from error
        figures |= {"folder": str(options["to"]), "dry_run": options["dry_run"]}
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self.stdout.write(text % figures)
