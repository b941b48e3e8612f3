"""`audit_anchor --to FILE`: notes the end of the chain outside the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.models import Unsealed
from audit.operations import SEAL_BATCH, seal
from audit.queries import last_anchor


class Command(BaseCommand):
    """Seals what waits, then appends one line to a file that the database's writers cannot reach."""

    help = "Appends the end of the audit chain to a file; keep it where the database cannot be written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--to", type=Path, required=True)
        parser.add_argument("--dry-run", action="store_true", help="seal nothing, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one anchor."""
        if options["dry_run"]:
            waiting = Unsealed.objects.count()
            self.stdout.write(
                f"jangkar {last_anchor().sequence + waiting} akan ditulis ke {options['to']}; "
                f"{waiting} peristiwa akan disegel dahulu; tidak ada yang disimpan"
            )
            return
        while seal() == SEAL_BATCH:
            pass
        anchor = last_anchor()
        try:
            with options["to"].open("a", encoding="utf-8") as file:
                file.write(anchor.to_line() + "\n")
        except OSError as error:
            raise CommandError(
                f"{options['to']}: tidak dapat ditulis ({error.strerror})"
            ) from error
        self.stdout.write(f"jangkar {anchor.sequence} ditulis ke {options['to']}")
