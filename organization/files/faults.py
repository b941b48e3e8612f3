"""What is wrong with a file: the row as the spreadsheet shows it, the column, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.errors import Refused


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault, or one warning. `row` 0 is the file as a whole; `reason` is a sentence for people."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        if not self.row:
            return f"{self.column}: {self.reason}" if self.column else self.reason
        place = _("baris %(row)s, kolom %(column)s") if self.column else _("baris %(row)s")
        return f"{place % {'row': self.row, 'column': self.column}}: {self.reason}"


class FileRefused(Refused):
    """The file is refused as a whole and nothing was written; `faults` holds everything found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
