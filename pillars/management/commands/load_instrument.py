"""`load_instrument FILE [--publish]`: an instrument file becomes a draft, or nothing is written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.files import FileRefused, apart
from pillars.errors import InstrumentInvalid, VersionExists
from pillars.files import read_instrument
from pillars.operations import load_instrument


class Command(BaseCommand):
    """Stores a file as a draft, or as a published version; on any fault nothing."""

    help = "Loads an instrument (TOML or XLSX) as a draft; names every fault with its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="instrument file")
        parser.add_argument("--publish", action="store_true", help="publish it at once")
        parser.add_argument(
            "--replace", action="store_true", help="overwrite a draft of the same code and version"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")

    def handle(
        self, *, file: Path, publish: bool, replace: bool, dry_run: bool, **options: Any
    ) -> None:
        try:
            content = file.read_bytes()
            document = apart(lambda: read_instrument(content, name=file.name))
            with transaction.atomic():
                instrument = load_instrument(
                    document=document, by=None, publish=publish, replace=replace
                )
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(
                _("%(path)s tidak dapat dibaca: %(reason)s.")
                % {"path": file, "reason": error.strerror or error}
            ) from error
        except (FileRefused, InstrumentInvalid) as error:
            faults = "\n".join(map(str, error.faults))
            raise CommandError(
                _("%(path)s ditolak; tidak ada yang disimpan.\n%(faults)s")
                % {"path": file, "faults": faults}
            ) from error
        except VersionExists as error:
            raise CommandError(str(error)) from error
        message = (
            _("%(instrument)s dapat dimuat (%(status)s). Tidak ada yang disimpan.")
            if dry_run
            else _("%(instrument)s tersimpan (%(status)s).")
        )
        self.stdout.write(
            message % {"instrument": instrument, "status": instrument.get_status_display()}
        )
