"""`score_file INSTRUMENT ANSWERS`: scores a file of answers with an instrument file. No database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from assessments.files import read_answers, scheme_from_document
from assessments.management.reading import read
from assessments.scoring import Aggregate, Figure, Scheme, Scorecard, aggregate, score
from exchange.files import FileRefused, stream_apart
from pillars.files import read_instrument_apart, structure_hash

IN_MEMORY: Final = 16_000_000


class Command(RichCommand):
    """Prints one scorecard for each respondent and the aggregate; on any fault nothing but the faults."""

    help = "Scores a CSV of answers with an instrument file (TOML or XLSX); prints JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", type=Path, help="instrument file, TOML or XLSX")
        parser.add_argument("answers", type=Path, help="CSV: respondent,<indicator code>,…")
        parser.add_argument("--format", choices=("json",), default="json")

    def handle(self, *args: str, instrument: Path, answers: Path, **options: Any) -> None:
        try:
            file = read(instrument)
            document = read_instrument_apart(file, name=instrument.name)
        except FileRefused as error:
            raise _refused(instrument, error) from error
        scheme = scheme_from_document(document)
        identity = {
            "code": document.code,
            "version": document.version,
            "structure_hash": structure_hash(document),
        }
        content = read(answers)
        # The output waits until the last row is known to be good; a long one waits on disk.
        with SpooledTemporaryFile(IN_MEMORY, mode="w+", encoding="utf-8") as output:
            try:
                with self.console.status(answers.name):
                    _write(output, identity, scheme, content)
            except FileRefused as error:
                raise _refused(answers, error) from error
            output.seek(0)
            for line in output:
                self.stdout.write(line)


def _write(output: IO[str], identity: dict[str, str], scheme: Scheme, content: bytes) -> None:
    """Write the JSON row by row; the aggregate is made of the same rows as they pass."""

    def cards() -> Iterator[Scorecard]:
        separator = "\n"
        for row in stream_apart(lambda: read_answers(content, scheme)):
            card = score(scheme, row.answers)
            output.write(f"{separator}  {json.dumps(_respondent(row.respondent, card))}")
            separator = ",\n"
            yield card

    output.write(f'{{"instrument": {json.dumps(identity)},\n "respondents": [')
    result = aggregate(scheme, cards())
    output.write(f'],\n "aggregate": {json.dumps(_aggregate(result))}}}\n')


def _respondent(respondent: str, card: Scorecard) -> dict[str, Any]:
    return {
        "respondent": respondent,
        "total": _figure(card.total),
        "pillars": {
            pillar.code: {
                **_figure(pillar),
                "answered": pillar.answered,
                "not_applicable": pillar.not_applicable,
                "missing": pillar.missing,
            }
            for pillar in card.pillars
        },
    }


def _aggregate(result: Aggregate) -> dict[str, Any]:
    return {
        "n": result.n,
        "scored": result.scored,
        "total": _figure(result.total),
        "pillars": {
            pillar.code: {**_figure(pillar), "scored": pillar.scored} for pillar in result.pillars
        },
    }


def _figure(figure: Figure) -> dict[str, str | None]:
    """Return a score as text with every decimal of the instrument; without one, the reason."""
    if figure.rounded is None:
        return {"score": None, "band": None, "reason": figure.reason}
    return {"score": format(figure.rounded, "f"), "band": figure.band}


def _refused(path: Path, error: Exception) -> CommandError:
    return CommandError(_("%(path)s ditolak.\n%(faults)s") % {"path": path, "faults": error})
