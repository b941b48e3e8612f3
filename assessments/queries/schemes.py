"""From stored instruments and answers to what the scorer takes, and from its result to a row."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assessments.files.schemes import scheme_from_document
from assessments.scoring import NOT_APPLICABLE, Answer, Scheme, Scorecard, score
from pillars.models import Instrument
from pillars.queries import document_of


@lru_cache(maxsize=64)
def scheme_of(instrument_id: int) -> Scheme:
    """The scheme of a published version; kept in memory, since it never changes.

    Raises ValueError for a draft, `Instrument.DoesNotExist` for an unknown key.
    """
    instrument = Instrument.objects.get(pk=instrument_id)
    if instrument.is_draft:
        raise ValueError(f"{instrument} is a draft; only published versions are scored")
    return scheme_from_document(document_of(instrument))


def scorable(document: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    """The answers of a `Submission.answers` or `Review.ratings` document; missing ones left out."""
    answers: dict[str, Answer] = {}
    for code, entry in document.items():
        if entry.get("na"):
            answers[code] = NOT_APPLICABLE
        elif entry.get("value") is not None:
            answers[code] = Decimal(entry["value"])
    return answers


def scorecard_of(instrument_id: int, document: Mapping[str, Mapping[str, Any]]) -> Scorecard:
    """Score one document of answers by its instrument version."""
    return score(scheme_of(instrument_id), scorable(document))
