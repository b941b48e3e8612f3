"""`import_acting FILE`: acting heads (Plt. and Plh.) from XLSX or CSV."""

from typing import Any

from exchange.files import apart
from organization.files import read_acting
from organization.management.importing import ImportCommand
from organization.operations import Outcome, import_acting


class Command(ImportCommand):
    """Imports acting heads."""

    help = (
        "Imports acting heads: NIP, UNOR ID, JENIS (PLT, PLH), MULAI, SELESAI (both days included)."
    )

    def run_import(self, content: bytes, name: str, **options: Any) -> Outcome:
        """Write the acting posts of the file."""
        file = apart(lambda: read_acting(content, name=name))
        return import_acting(file=file, by=None, dry_run=options["dry_run"])
