"""From stored instruments and answers to what the scorer takes, and from its result to a row."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from assessments.files.schemes import scheme_from_document
from assessments.models import Score
from assessments.queries.documents import Document, scorable
from assessments.scoring import (
    METHOD,
    Scheme,
    Scorecard,
    UnknownMethod,
    score,
)
from pillars.models import Instrument
from pillars.queries import document_of


class ScoreNotReproduced(RuntimeError):
    """A stored score that its own frozen document does not give; `verify_dashboards` finds them all."""


@lru_cache(maxsize=64)
def scheme_of(instrument_id: int) -> Scheme:
    """The scheme of a published version; kept in memory, since it never changes.

    Raises ValueError for a draft, `Instrument.DoesNotExist` for an unknown key.
    """
    instrument = Instrument.objects.get(pk=instrument_id)
    if instrument.is_draft:
        raise ValueError(f"{instrument} is a draft; only published versions are scored")
    return scheme_from_document(document_of(instrument))


def scorecard_of(instrument_id: int, document: Document) -> Scorecard:
    """Score one document of answers by its instrument version."""
    return score(scheme_of(instrument_id), scorable(document))


def card_of(stored: Score, document: Document) -> Scorecard:
    """The scorecard behind a stored score, computed again from the document it was computed from.

    Raises UnknownMethod where another method computed it, and ScoreNotReproduced where the figures
    differ: no explanation is shown that does not end in the stored figure.
    """
    if stored.method != METHOD:
        raise UnknownMethod(stored.method)
    card = scorecard_of(stored.instrument_id, document)
    if exact_of(card) != fractions_of(stored.numerators, stored.denominators):
        raise ScoreNotReproduced(stored.pk)
    return card


def exact_of(card: Scorecard) -> list[Fraction | None]:
    """The exact scores of a card in the order of a `Score` row: the total, then the pillars."""
    return [card.total.exact, *(pillar.exact for pillar in card.pillars)]


def fractions_of(
    numerators: Iterable[Decimal | None], denominators: Iterable[Decimal | None]
) -> list[Fraction | None]:
    """The exact scores that the columns of a `Score` row hold."""
    return [
        None if above is None or below is None else Fraction(int(above), int(below))
        for above, below in zip(numerators, denominators, strict=True)
    ]
