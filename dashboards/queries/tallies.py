"""Own tallies of a cycle's units anew from raw answers, and how far their people are."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Q

from assessments.enums import DECIDED, HANDED_IN, ScoreKind, Status
from assessments.models import Assessment, Cycle, Review, Score, ScoringJob
from assessments.queries import scheme_of, scorecard_of
from assessments.queries.schemes import exact_of, fractions_of
from assessments.scoring import Scheme
from dashboards.rollup import TOTAL, Figure, Participation, Tally


def recomputed_tallies(cycle: Cycle) -> dict[int, Tally]:
    """The same tallies from raw answers: every current submission and review is scored anew.

    Submissions that still wait for their score do not count. One person at a time, in memory of a batch.
    """
    scheme = scheme_of(cycle.instrument_id)
    tallies = {unit: Tally(people) for unit, people in participation(cycle, None).items()}
    for unit, kind, document in _counted_documents(cycle):
        tallies[unit] += _tally_of(scheme, cycle.instrument_id, kind, document)
    return tallies


def misscored_units(cycle: Cycle) -> set[int]:
    """Units in which a stored score differs from scoring the frozen answers again."""
    found = set()
    scores = Score.objects.filter(submission__assessment__cycle=cycle)
    rows = scores.values_list(
        "submission__assessment__unit",
        "kind",
        "submission__answers",
        "review__ratings",
        "numerators",
        "denominators",
    )
    for unit, kind, answers, ratings, numerators, denominators in rows.iterator(chunk_size=2_000):
        card = scorecard_of(cycle.instrument_id, answers if kind == ScoreKind.SELF else ratings)
        if fractions_of(numerators, denominators) != exact_of(card):
            found.add(unit)
    return found


def participation(cycle: Cycle, units: Collection[int] | None) -> dict[int, Participation]:
    """How far the people of each unit are (`CycleUnit` keys; all of the cycle where None)."""
    assessments = Assessment.objects.filter(cycle=cycle).order_by()
    if units is not None:
        assessments = assessments.filter(unit__in=units)
    rows = assessments.values_list("unit").annotate(
        invited=Count("pk"),
        started=Count("pk", filter=~Q(status=Status.INVITED)),
        submitted=Count("pk", filter=Q(status__in=HANDED_IN)),
        verified=Count("pk", filter=Q(status__in=DECIDED)),
    )
    return {unit: Participation(*counts) for unit, *counts in rows}


def _counted_documents(cycle: Cycle) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Unit, source and answers of everything that counts; one person at a time."""
    waiting = set(
        ScoringJob.objects.filter(submission__assessment__cycle=cycle)
        .order_by()
        .values_list("submission", "kind")
    )
    handed_in = Assessment.objects.filter(cycle=cycle, status__in=HANDED_IN)
    rows = handed_in.values_list("unit", "submission", "submission__answers")
    for unit, submission, answers in rows.iterator(chunk_size=2_000):
        if (submission, ScoreKind.SELF) not in waiting:
            yield unit, ScoreKind.SELF, answers
    reviews = Review.objects.filter(
        submission__in=handed_in.filter(status__in=DECIDED).values("submission")
    )
    reviewed = reviews.values_list("submission__assessment__unit", "submission", "ratings")
    for unit, submission, ratings in reviewed.iterator(chunk_size=2_000):
        if (submission, ScoreKind.VERIFIED) not in waiting:
            yield unit, ScoreKind.VERIFIED, ratings


def _tally_of(scheme: Scheme, instrument_id: int, kind: str, document: dict[str, Any]) -> Tally:
    card = scorecard_of(instrument_id, document)
    results = [(TOTAL, card.total), *((pillar.code, pillar) for pillar in card.pillars)]
    figures = {
        (kind, slot): Figure.of(result.exact, result.band or "")
        for slot, result in results
        if result.exact is not None
    }
    return Tally(figures=figures)
