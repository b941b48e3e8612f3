"""Own tallies of a cycle's units: by set-based SQL from stored scores, and anew from raw answers."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from assessments.enums import DECIDED, HANDED_IN, ScoreKind, Status
from assessments.models import Assessment, Cycle, Review, Score, ScoringJob
from assessments.queries import scheme_of, scorecard_of
from assessments.scoring import Scheme
from dashboards.rollup import TOTAL, Figure, Key, Participation, Tally

# Scores of what counts now: the current submission of whoever has handed in, and the verified
# levels of whoever is verified. A withdrawn or returned submission has scores that do not count.
_COUNTED = """
    SELECT assessment.unit_id, score.kind, score.numerators, score.denominators
    FROM assessments_assessment assessment
    JOIN assessments_score score ON score.submission_id = assessment.submission_id
    WHERE assessment.cycle_id = %(cycle)s
        AND (%(units)s::bigint[] IS NULL OR assessment.unit_id = ANY(%(units)s))
        AND (
            (score.kind = 'SELF' AND assessment.status = ANY(%(handed_in)s))
            OR (score.kind = 'VERIFIED' AND assessment.status = ANY(%(verified)s))
        )
"""

# Sums are grouped by denominator, so that they are integers; fractions are added afterwards. The
# band is found as scoring finds it: from the score rounded half-up, in integers.
_FIGURES = f"""
    SELECT
        unit_id, kind, position, denominator,
        width_bucket(
            div(2 * numerator * %(unit)s::numeric + denominator, 2 * denominator),
            %(lowers)s::numeric[]
        ) AS band,
        count(*), sum(numerator), min(numerator), max(numerator)
    FROM ({_COUNTED}) counted
    CROSS JOIN unnest(numerators, denominators) WITH ORDINALITY part(numerator, denominator, position)
    WHERE numerator IS NOT NULL
    GROUP BY unit_id, kind, position, denominator, band
"""  # noqa: S608  # nosec B608  # put together from constants of this module

_PROFILES = f"""
    SELECT unit_id, kind, profile, count(*)
    FROM ({_COUNTED}) counted
    CROSS JOIN LATERAL (
        SELECT string_agg(
            CASE WHEN numerators[place] IS NULL THEN '0' ELSE '1' END, '' ORDER BY place
        ) AS profile
        FROM unnest(%(places)s::int[]) place
    ) made
    WHERE profile LIKE '%%1%%'
    GROUP BY unit_id, kind, profile
"""  # noqa: S608  # nosec B608  # put together from constants of this module


def own_tallies(cycle: Cycle, units: Collection[int] | None = None) -> dict[int, Tally]:
    """Tallies of the people of each unit (`CycleUnit` keys; all of the cycle unless given).

    Units without people are left out. Three queries, whatever the number of units.
    """
    people = _participation(cycle, units)
    figures: dict[int, dict[Key, Figure]] = defaultdict(lambda: defaultdict(Figure))
    profiles: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    scheme = scheme_of(cycle.instrument_id)
    slots = (TOTAL, *(pillar.code for pillar in scheme.pillars))
    bands = ("", *(band.code for band in reversed(scheme.bands)))
    parameters = {
        "cycle": cycle.pk,
        "units": None if units is None else list(units),
        "handed_in": list(HANDED_IN),
        "verified": list(DECIDED),
        "unit": 10**scheme.decimals,
        "lowers": [band.lower * 10**scheme.decimals for band in reversed(scheme.bands)],
        "places": [1, *(place + 1 for place in _weighed(scheme))],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, parameters)
        for unit, kind, position, denominator, band, *sums in cursor:
            n, total, low, high = map(int, sums)
            figures[unit][kind, slots[position - 1]] += Figure(
                n,
                Fraction(total, int(denominator)),
                Fraction(low, int(denominator)) if low == high else None,
                {bands[band]: n},
            )
        cursor.execute(_PROFILES, parameters)
        for unit, kind, profile, n in cursor:
            profiles[unit][kind][profile] = n
    return {unit: Tally(counts, figures[unit], profiles[unit]) for unit, counts in people.items()}


def recomputed_tallies(cycle: Cycle) -> dict[int, Tally]:
    """The same tallies from raw answers: every current submission and review is scored anew.

    Submissions that still wait for their score do not count. One person at a time, in memory of a batch.
    """
    scheme = scheme_of(cycle.instrument_id)
    tallies = {unit: Tally(people) for unit, people in _participation(cycle, None).items()}
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
        expected = [card.total.exact, *(pillar.exact for pillar in card.pillars)]
        stored = [
            None if above is None else Fraction(int(above), int(below))
            for above, below in zip(numerators, denominators, strict=True)
        ]
        if stored != expected:
            found.add(unit)
    return found


def _participation(cycle: Cycle, units: Collection[int] | None) -> dict[int, Participation]:
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


def _weighed(scheme: Scheme) -> list[int]:
    """Places, from 1, of the pillars that weigh in the total."""
    return [place for place, pillar in enumerate(scheme.pillars, start=1) if pillar.weight > 0]


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
    weighed = [0, *_weighed(scheme)]
    profile = "".join("01"[results[place][1].exact is not None] for place in weighed)
    profiles = {kind: {profile: 1}} if "1" in profile else {}
    return Tally(figures=figures, profiles=profiles)
