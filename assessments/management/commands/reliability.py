"""`reliability CYCLE`: does the instrument measure, and do raters agree? Statistics as JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from assessments.errors import CycleDestroyed
from assessments.models import Cycle
from assessments.queries import scheme_of
from assessments.queries.ratings import Rated, rated_people
from assessments.queries.retention import destroyed_at
from assessments.scoring import PillarScheme, Scheme

MISSING = ("item-median", "pairwise", "listwise")


class Command(RichCommand):
    """Changes nothing, and names nobody."""

    help = "Prints consistency, agreement and signs of careless answering of a cycle as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("cycle", help="code of the cycle")
        parser.add_argument(
            "--missing",
            choices=MISSING,
            default=MISSING[0],
            help="what alpha does about skipped answers; every figure says what was done",
        )
        parser.add_argument("--format", choices=("json",), default="json")

    def handle(self, *args: Any, cycle: str, missing: str, **options: Any) -> None:
        """Compute everything, then print it at once."""
        target = Cycle.objects.select_related("instrument").filter(code=cycle).first()
        if target is None:
            raise CommandError(_("Tidak ada periode berkode %(code)s.") % {"code": cycle})
        try:
            # Seconds and a hundred megabytes: loaded where it is used, and by nothing else.
            statistics: Any = import_module("assessments.reliability")
        except ModuleNotFoundError as error:
            raise CommandError(
                _("Pustaka statistik belum terpasang. Jalankan: %(command)s")
                % {"command": "pip install -r requirements-analysis.txt"}
            ) from error
        if at := destroyed_at(target):
            raise CommandError(str(CycleDestroyed(at)))
        with self.console.status(target.code):
            report = _report(statistics, target, list(rated_people(target)), missing)
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False))


def _report(statistics: Any, cycle: Cycle, people: Sequence[Rated], missing: str) -> dict[str, Any]:
    scheme = scheme_of(cycle.instrument_id)
    everything = [item for pillar in scheme.pillars for item in _items(statistics, pillar)]
    return {
        "cycle": cycle.code,
        "instrument": {
            "code": cycle.instrument.code,
            "version": cycle.instrument.version,
            "structure_hash": cycle.instrument.structure_hash,
        },
        "n": len(people),
        "least_people": statistics.LEAST_PEOPLE,
        "judged_from": statistics.JUDGED_FROM,
        "libraries": statistics.versions(),
        "pillars": {
            pillar.code: {
                "consistency": statistics.consistency(
                    _items(statistics, pillar), _chosen(people), missing=missing
                ),
                "self_and_reviewer": statistics.agreement(
                    _pairs(statistics, scheme, place, people)
                ),
            }
            for place, pillar in enumerate(scheme.pillars, start=1)
        },
        "carelessness": statistics.carelessness(
            everything, _chosen(people), least=settings.MIN_GROUP
        ),
    }


def _items(statistics: Any, pillar: PillarScheme) -> list[Any]:
    return [
        statistics.Item(item.code, float(item.minimum), float(item.maximum), item.reversed)
        for item in pillar.items
    ]


def _chosen(people: Sequence[Rated]) -> list[dict[str, float]]:
    return [{code: float(level) for code, level in person.chosen.items()} for person in people]


def _pairs(statistics: Any, scheme: Scheme, place: int, people: Sequence[Rated]) -> list[Any]:
    """Both sides of the pillar at `place` for everybody whose review is complete."""
    codes = [item.code for item in scheme.pillars[place - 1].items]
    pairs = []
    for person in people:
        if not person.given:
            continue
        own = person.own[place] if person.own else None
        verified = person.verified[place] if person.verified else None
        pairs.append(
            statistics.Pair(
                scores=None if own is None or verified is None else (own, verified),
                levels=tuple(
                    (float(person.chosen[code]), float(person.given[code]))
                    for code in codes
                    if code in person.chosen and code in person.given
                ),
            )
        )
    return pairs
