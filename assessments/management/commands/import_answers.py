"""`import_answers CYCLE FILE`: hands in answers from a CSV of `respondent,<indicator code>,…`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from assessments.files import AnswerRow, read_answers
from assessments.management.reading import read
from assessments.management.statistics import renew_statistics
from assessments.models import Assessment, Cycle, ScoringJob, Submission
from assessments.operations import import_answers
from assessments.queries import scheme_of
from exchange.files import FileRefused, stream_apart


class Command(RichCommand):
    """Hands in a whole file or nothing; a second run of the same file changes nothing."""

    help = "Hands in answers from a CSV (respondent = NIP) through the operations of the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("cycle", help="code of the cycle")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, cycle: str, file: Path, **options: Any) -> None:
        """Hand in, or name every row that cannot be."""
        try:
            target = Cycle.objects.select_related("instrument").get(code=cycle)
        except Cycle.DoesNotExist:
            raise CommandError(_("Tidak ada periode berkode %(code)s.") % {"code": cycle}) from None
        content = read(file)
        try:
            with transaction.atomic():
                scheme = scheme_of(target.instrument_id)
                rows = stream_apart(lambda: read_answers(content, scheme))
                outcome = import_answers(cycle=target, rows=self._counted(file, rows), by=None)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except FileRefused as error:
            if options["format"] == "json":
                faults = [fault.as_data() for fault in error.faults]
                self.stdout.write(json.dumps({"faults": faults}, ensure_ascii=False))
            raise CommandError(
                _("%(path)s ditolak; tidak ada yang disimpan.\n%(faults)s")
                % {"path": file, "faults": error}
            ) from error
        renew_statistics(Assessment, Submission, ScoringJob)
        figures = {
            "cycle": target.code,
            "submitted": outcome.submitted,
            "unchanged": outcome.unchanged,
            "dry_run": options["dry_run"],
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures))
            return
        tried = _(" (uji coba: tidak ada yang ditulis)") if options["dry_run"] else ""
        message = _("%(cycle)s: %(submitted)d diajukan, %(unchanged)d sudah diajukan sebelumnya")
        self.stdout.write(message % figures + tried)

    def _counted(self, file: Path, rows: Iterator[AnswerRow]) -> Iterator[AnswerRow]:
        """Pass the rows on and, on a terminal, say how many have passed."""
        with self.console.status(file.name) as status:
            for number, row in enumerate(rows, start=1):
                status.update(f"{file.name}: {number}")
                yield row
