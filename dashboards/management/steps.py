"""What commands of dashboards say: what they are at, on a terminal; that a cycle's data are gone."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_rich.management import RichCommand

from assessments.errors import CycleDestroyed

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


def say_destroyed(
    command: RichCommand, gone: CycleDestroyed, figures: dict[str, object], *, as_json: bool
) -> None:
    """Say that there is nothing left to count from; that is as the schedule has it, and no error."""
    if as_json:
        command.stdout.write(json.dumps({**figures, "destroyed_at": gone.at.isoformat()}))
    else:
        command.stdout.write(f"{figures['cycle']}: {gone}")
