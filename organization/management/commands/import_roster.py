"""`import_roster FILE`: people and their posts from a SIASN export."""

import datetime
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import portal_today
from organization.files import read_roster
from organization.management.importing import ImportCommand
from organization.operations import Outcome, import_roster


class Command(ImportCommand):
    """Imports people and their posts; people whom the file does not name are left as they are."""

    help = "Imports people and their posts from a SIASN export. Import the units first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the effective date besides."""
        super().add_arguments(parser)
        parser.add_argument(
            "--effective-date",
            type=_date,
            metavar="YYYY-MM-DD",
            help="the day on which changes of posts take effect; today where left out",
        )

    def run_import(self, content: bytes, name: str, **options: Any) -> Outcome:
        """Write the people and postings of the file."""
        return import_roster(
            file=read_roster(content, name=name, in_process=False),
            effective_date=options["effective_date"] or portal_today(),
            by=None,
            dry_run=options["dry_run"],
        )


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("bukan tanggal YYYY-MM-DD: %(text)s") % {"text": text}) from None
