"""`export_instrument CODE VERSION --to FILE`: a stored version as the file that loads it again."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exchange.files import FileUnreachable, write_whole
from pillars.errors import InstrumentInvalid
from pillars.exports import FORMATS, export
from pillars.models import Instrument


class Command(BaseCommand):
    """Writes a stored version as a file that loads it again, unchanged."""

    help = "Writes an instrument version to a TOML or XLSX file; the same version, the same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("version", metavar="VERSION")
        parser.add_argument(
            "--to", type=Path, required=True, metavar="FILE", help="ends in .toml or .xlsx"
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *, code: str, version: str, to: Path, dry_run: bool, **options: Any) -> None:
        kind = to.suffix.lower().removeprefix(".")
        if kind not in FORMATS:
            raise CommandError(_("Akhiri nama berkas dengan .toml atau .xlsx."))
        try:
            content = export(Instrument.objects.get(code=code, version=version), kind)
            if not dry_run:
                write_whole(to, content)
        except Instrument.DoesNotExist as error:
            raise CommandError(
                _("%(code)s versi %(version)s tidak ada.") % {"code": code, "version": version}
            ) from error
        except InstrumentInvalid as error:
            faults = "\n".join(map(str, error.faults))
            raise CommandError(
                _("Rancangan ini belum lengkap dan belum dapat menjadi berkas.\n%(faults)s")
                % {"faults": faults}
            ) from error
        except FileUnreachable as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            figures = {"path": str(to), "bytes": len(content), "dry_run": dry_run}
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        message = (
            _("%(path)s: %(size)d bita akan ditulis; tidak ada yang disimpan.")
            if dry_run
            else _("%(path)s: %(size)d bita.")
        )
        self.stdout.write(message % {"path": to, "size": len(content)})
