"""`import_units FILE`: the unit tree from XLSX or CSV."""

from typing import Any

from exchange.files import apart
from organization.files import read_units
from organization.management.importing import ImportCommand
from organization.operations import Outcome, import_units


class Command(ImportCommand):
    """Imports the unit tree."""

    help = "Imports the unit tree: UNOR ID, UNOR NAMA, UNOR ATASAN ID, JENIS UNOR, JABATAN and NIP PIMPINAN."

    def run_import(self, content: bytes, name: str, **options: Any) -> Outcome:
        """Write the units of the file."""
        file = apart(lambda: read_units(content, name=name))
        return import_units(file=file, by=None, dry_run=options["dry_run"])
