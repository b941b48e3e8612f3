"""`load_instrument FILE [--publish]`: an instrument file becomes a draft, or nothing is written."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.files import Fault, FileRefused, FileUnreachable, read_file
from pillars.errors import InstrumentInvalid, VersionExists
from pillars.files import read_instrument_apart, structure_hash
from pillars.models import Instrument
from pillars.operations import load_instrument
from pillars.queries import document_of


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
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(
        self, *, file: Path, publish: bool, replace: bool, dry_run: bool, **options: Any
    ) -> None:
        as_json = options["format"] == "json"
        try:
            content = read_file(file)
            document = read_instrument_apart(content, name=file.name)
            with transaction.atomic():
                instrument = load_instrument(
                    document=document, by=None, publish=publish, replace=replace
                )
                found = _as_data(instrument, dry_run=dry_run)
                transaction.set_rollback(dry_run)
        except (FileRefused, InstrumentInvalid) as error:
            if as_json:
                self._print({"faults": [fault.as_data() for fault in error.faults]})
            raise _refused(file, error.faults) from error
        except (FileUnreachable, VersionExists) as error:
            raise CommandError(str(error)) from error
        if as_json:
            self._print(found)
            return
        message = (
            _("%(instrument)s dapat dimuat (%(status)s). Tidak ada yang disimpan.")
            if dry_run
            else _("%(instrument)s tersimpan (%(status)s).")
        )
        self.stdout.write(
            message % {"instrument": instrument, "status": instrument.get_status_display()}
        )

    def _print(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False))


def _as_data(instrument: Instrument, *, dry_run: bool) -> dict[str, Any]:
    document = document_of(instrument)
    return {
        "instrument": {
            "code": document.code,
            "version": document.version,
            "structure_hash": structure_hash(document),
        },
        "status": instrument.status,
        "pillars": len(document.pillars),
        "indicators": sum(len(pillar.indicators) for pillar in document.pillars),
        "dry_run": dry_run,
    }


def _refused(file: Path, faults: Iterable[Fault]) -> CommandError:
    return CommandError(
        _("%(path)s ditolak; tidak ada yang disimpan.\n%(faults)s")
        % {"path": file, "faults": "\n".join(map(str, faults))}
    )
