"""What a cycle's people answered and were given, as plain numbers for statistics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.enums import DECIDED, HANDED_IN, ScoreKind
from assessments.models import Assessment, Cycle, Score
from assessments.queries.documents import Document, opened


@dataclass(frozen=True, slots=True)
class Rated:
    """One person without a name: chosen levels by code, the reviewer's, and both scores by place.

    Scores are 0..100 with the total at place 0; `given` and `verified` are empty before a decision.
    """

    chosen: Mapping[str, Decimal]
    given: Mapping[str, Decimal]
    own: tuple[float | None, ...]
    verified: tuple[float | None, ...]


def rated_people(cycle: Cycle) -> Iterator[Rated]:
    """Everybody whose submission counts, in no order that says who it is."""
    handed_in = Assessment.objects.filter(cycle=cycle, status__in=HANDED_IN)
    scores = _scores(cycle)
    rows = handed_in.order_by("submission__answers_hash").values_list(
        "submission", "status", "submission__answers", "submission__review__ratings"
    )
    for submission, status, answers, ratings in rows.iterator(chunk_size=2_000):
        decided = status in DECIDED
        yield Rated(
            chosen=_levels(answers),
            given=_levels(ratings or {}) if decided else {},
            own=scores.get((submission, ScoreKind.SELF), ()),
            verified=scores.get((submission, ScoreKind.VERIFIED), ()) if decided else (),
        )


def _scores(cycle: Cycle) -> dict[tuple[int, str], tuple[float | None, ...]]:
    rows = Score.objects.filter(submission__assessment__cycle=cycle).values_list(
        "submission", "kind", "numerators", "denominators"
    )
    return {
        (submission, kind): tuple(
            None if above is None else float(above / below)
            for above, below in zip(numerators, denominators, strict=True)
        )
        for submission, kind, numerators, denominators in rows.iterator(chunk_size=2_000)
    }


def _levels(document: Document) -> dict[str, Decimal]:
    entries = {code: opened(stored) for code, stored in document.items()}
    return {
        code: Decimal(entry["value"])
        for code, entry in entries.items()
        if entry.get("value") is not None
    }
