"""What is wrong with a file: where, and what to do about it. One shape for every kind of file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Refused


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault, or one warning; `reason` is a sentence for people that says what to do.

    Tables name the row as the spreadsheet shows it (0: the file as a whole) and the column by its
    heading. Documents name a path such as `pillars[1].indicators[0].weight` (counted from 0), a
    sheet's cell, or a line and column: see `at`.
    """

    row: int
    column: str
    reason: str
    path: str = ""

    @classmethod
    def at(cls, path: str, reason: str) -> "Fault":
        """A fault of a document, at a path."""
        return cls(0, "", reason, path)

    @property
    def place(self) -> str:
        """Where it is, in words; "" is the file as a whole."""
        if self.path:
            return self.path
        if not self.row:
            return self.column
        place = _("baris %(row)s, kolom %(column)s") if self.column else _("baris %(row)s")
        return place % {"row": self.row, "column": self.column}

    def as_data(self) -> dict[str, object]:
        """The fault for machines: where, and why; a row of 0 is none."""
        if self.path:
            return {"place": self.path, "reason": self.reason}
        return {"row": self.row or None, "column": self.column, "reason": self.reason}

    def __str__(self) -> str:
        place = self.place
        return f"{place}: {self.reason}" if place else self.reason


class FileRefused(Refused):
    """The file is refused as a whole and nothing was written.

    `faults` holds everything that was found, each once, in the order it was found.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Faults travel from the process that read the file."""
        return type(self), (self.faults,)
