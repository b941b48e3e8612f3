"""What the three import commands share: reading the file, and saying what came of it."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from accounts.operations import note_denial
from exchange.files import (
    Fault,
    FileRefused,
    FileUnreachable,
    read_file,
    write_rows,
    write_whole,
)
from organization.operations import Outcome

SHOWN_WARNINGS = 20


class ImportCommand(RichCommand):
    """Imports one file whole or not at all; a second run of the same file changes nothing."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what all imports take."""
        parser.add_argument("file", type=Path, metavar="FILE", help="XLSX or CSV (UTF-8)")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.xlsx", help="faults and warnings as XLSX"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Import, or name every fault and write nothing."""
        try:
            content = read_file(file)
        except FileUnreachable as error:
            raise CommandError(str(error)) from error
        if options["report"] and options["report"].resolve() == file.resolve():
            raise CommandError(
                _("--report: berkas yang diimpor akan tertimpa. Sebutkan nama lain.")
            )
        # Found out after the import, it would be told of what has been written already.
        self._report(options["report"])
        try:
            with self.console.status(_("Membaca dan memeriksa %(file)s") % {"file": file.name}):
                outcome = self.run_import(content, file.name, **options)
        except FileRefused as refusal:
            kind = type(self).__module__.rpartition("_")[2]
            note_denial(rule=f"upload.{kind}", faults=len(refusal.faults))
            self._report(options["report"], faults=refusal.faults)
            self._print_refused(refusal, as_json=options["format"] == "json")
            message = _("%(file)s: tidak ada yang ditulis; %(count)s kesalahan:\n%(faults)s")
            raise CommandError(
                message % {"file": file, "count": len(refusal.faults), "faults": refusal}
            ) from refusal
        self._report(options["report"], warnings=outcome.warnings)
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_data(outcome, dry_run=options["dry_run"])))
        else:
            self._print(outcome, file.name, dry_run=options["dry_run"])

    def run_import(self, content: bytes, name: str, **options: Any) -> Outcome:
        """Read the content and write it; each command its own."""
        raise NotImplementedError

    def _print(self, outcome: Outcome, name: str, *, dry_run: bool) -> None:
        for warning in outcome.warnings[:SHOWN_WARNINGS]:
            self.stderr.write(
                _("peringatan: %(warning)s") % {"warning": warning}, self.style.WARNING
            )
        if (more := len(outcome.warnings) - SHOWN_WARNINGS) > 0:
            self.stderr.write(
                _("… dan %(count)s peringatan lagi; lihat --report") % {"count": more}
            )
        message = _(
            "%(file)s: %(new)s baru, %(changed)s berubah, %(same)s tetap, %(ended)s diakhiri"
        )
        text = message % {
            "file": name,
            "new": outcome.created,
            "changed": outcome.changed,
            "same": outcome.unchanged,
            "ended": outcome.ended,
        }
        self.stdout.write(text + (_(" (uji coba: tidak ada yang ditulis)") if dry_run else ""))

    def _print_refused(self, refusal: FileRefused, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps(
                    {"faults": [fault.as_data() for fault in refusal.faults]}, ensure_ascii=False
                )
            )

    def _report(
        self, path: Path | None, *, faults: Iterable[Fault] = (), warnings: Iterable[Fault] = ()
    ) -> None:
        if path is None:
            return
        kinds = ((faults, _("kesalahan")), (warnings, _("peringatan")))
        rows = [
            (fault.row, fault.column, fault.reason, kind)
            for found, kind in kinds
            for fault in found
        ]
        try:
            heading = (_("Baris"), _("Kolom"), _("Alasan"), _("Jenis"))
            write_whole(path, write_rows(heading, rows))
        except FileUnreachable as error:
            raise CommandError(f"--report: {error}") from error


def _as_data(outcome: Outcome, *, dry_run: bool) -> dict[str, object]:
    return {
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "ended": outcome.ended,
        "dry_run": dry_run,
        "warnings": [warning.as_data() for warning in outcome.warnings],
    }
