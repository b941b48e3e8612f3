"""Saying on a terminal what a long command is at; elsewhere nothing is printed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_rich.management import RichCommand

NAMES: Final = {
    "reading": _("membaca unit"),
    "counting": _("menghitung nilai"),
    "scoring": _("menilai ulang semua jawaban"),
    "adding": _("menjumlahkan unit"),
    "writing": _("menyimpan rekap"),
}


@contextmanager
def steps(command: RichCommand, cycle: str) -> Iterator[Callable[[str], None]]:
    """A spinner with the name of the step; tell it the code of each."""
    with command.console.status(cycle) as status:
        yield lambda code: status.update(f"{cycle}: {NAMES[code]}")
