"""Scores of a cycle by where they stand: what is new, what has entered the figures, what is gone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, Final

from django.db import connection

from assessments.enums import DECIDED, HANDED_IN
from assessments.models import Cycle
from assessments.queries import scheme_of
from dashboards.rollup import TOTAL, Figure
from dashboards.suppression import State

Part = tuple[int, str, State, bool, str]
"""Unit, source, state, whether it counts now, and which scores there are (empty: every one)."""

# What counts now: the current submission of whoever has handed in, and the verified levels of whoever
# is verified. A withdrawn or returned submission has scores that do not count.
_COUNTED = """
    SELECT score.id, assessment.unit_id, score.kind, score.numerators, score.denominators
    FROM assessments_assessment assessment
    JOIN assessments_score score ON score.submission_id = assessment.submission_id
    WHERE assessment.cycle_id = %(cycle)s
        AND (%(units)s::bigint[] IS NULL OR assessment.unit_id = ANY(%(units)s))
        AND (
            (score.kind = 'SELF' AND assessment.status = ANY(%(handed_in)s))
            OR (score.kind = 'VERIFIED' AND assessment.status = ANY(%(verified)s))
        )
        AND array_length(array_remove(score.numerators, NULL), 1) > 0
"""
_KNOWN = """
    SELECT known.id, known.state, release.unit_id
    FROM dashboards_unitrelease release
    JOIN assessments_cycleunit unit ON unit.id = release.unit_id
    CROSS JOIN LATERAL (
        SELECT unnest(release.entered), 'E' UNION ALL SELECT unnest(release.pooled_above), 'P'
        UNION ALL SELECT unnest(release.held), 'H' UNION ALL SELECT unnest(release.gone), 'S'
    ) known(id, state)
    WHERE unit.cycle_id = %(cycle)s
        AND (%(units)s::bigint[] IS NULL OR release.unit_id = ANY(%(units)s))
"""
_GONE = f"""
    SELECT known.id, known.unit_id, known.state, score.kind, score.numerators, score.denominators
    FROM ({_KNOWN}) known
    JOIN assessments_score score USING (id)
    WHERE known.state <> 'S' AND NOT EXISTS (
        SELECT FROM ({_COUNTED}) counted WHERE counted.id = known.id
    )
"""  # noqa: S608  # nosec B608  # put together from constants of this module
_PATTERN = """
    CASE WHEN array_position(numerators, NULL) IS NULL THEN '' ELSE (
        SELECT string_agg(CASE WHEN numerator IS NULL THEN '0' ELSE '1' END, '' ORDER BY place)
        FROM unnest(numerators) WITH ORDINALITY part(numerator, place)
    ) END
"""

# Sums are grouped by denominator, so that they are integers; fractions are added afterwards. The
# band is found as scoring finds it: from the score rounded half-up, in integers.
_FIGURES: Final = """
    SELECT unit_id, kind, state, pattern, position,
        array_agg(denominator), array_agg(band), array_agg(n), array_agg(total), array_agg(is_one)
    FROM (
        SELECT
            unit_id, kind, state, pattern, position, denominator,
            width_bucket(
                div(2 * numerator * %(unit)s::numeric + denominator, 2 * denominator),
                %(lowers)s::numeric[]
            ) AS band,
            count(*) AS n, sum(numerator) AS total, min(numerator) = max(numerator) AS is_one
        FROM ({source}) counted
        CROSS JOIN unnest(numerators, denominators) WITH ORDINALITY part(numerator, denominator, position)
        WHERE numerator IS NOT NULL
        GROUP BY unit_id, kind, state, pattern, position, denominator, band
    ) summed
    GROUP BY unit_id, kind, state, pattern, position
"""
LIVE = f"""
    SELECT counted.*, COALESCE(known.state, '') AS state, {_PATTERN} AS pattern
    FROM ({_COUNTED}) counted LEFT JOIN ({_KNOWN}) known USING (id)
"""  # noqa: S608  # nosec B608  # put together from constants of this module
LEFT = f"SELECT gone.*, {_PATTERN} AS pattern FROM ({_GONE}) gone"  # noqa: S608  # nosec B608  # as above

Standing = Mapping[Part, Mapping[str, Figure]]
"""Figures of scores, by slot, for each place where they stand."""


def standing(cycle: Cycle, units: Collection[int] | None = None) -> Standing:
    """Scores of each unit (`CycleUnit` keys; all of the cycle unless given), in two queries."""
    parameters = parameters_of(cycle, units)
    figures: dict[Part, dict[str, Figure]] = defaultdict(dict)
    scheme = scheme_of(cycle.instrument_id)
    slots = (TOTAL, *(pillar.code for pillar in scheme.pillars))
    bands = ("", *(band.code for band in reversed(scheme.bands)))
    with connection.cursor() as cursor:
        for source, counts in ((LIVE, True), (LEFT, False)):
            cursor.execute(_FIGURES.replace("{source}", source), parameters)
            for unit, kind, state, pattern, position, *sums in cursor:
                figure = _figure(bands, *sums)
                figures[unit, kind, State(state), counts, pattern][slots[position - 1]] = figure
    return figures


def _figure(
    bands: tuple[str, ...],
    denominators: list[Decimal],
    places: list[int],
    numbers: list[int],
    totals: list[Decimal],
    agree: list[bool],
) -> Figure:
    below = list(map(int, denominators))
    common = lcm(*below)
    total = sum(int(above) * (common // each) for above, each in zip(totals, below, strict=True))
    counts: dict[str, int] = {}
    for place, n in zip(places, numbers, strict=True):
        counts[bands[place]] = counts.get(bands[place], 0) + n
    n = sum(numbers)
    mean = Fraction(total, common * n) if len(below) == 1 and agree[0] else None
    return Figure(n, Fraction(total, common), counts, mean)


def parameters_of(cycle: Cycle, units: Collection[int] | None) -> dict[str, Any]:
    """What the statements of this module ask for; `units` are all of the cycle unless given."""
    scheme = scheme_of(cycle.instrument_id)
    return {
        "cycle": cycle.pk,
        "units": None if units is None else list(units),
        "handed_in": list(HANDED_IN),
        "verified": list(DECIDED),
        "unit": 10**scheme.decimals,
        "lowers": [band.lower * 10**scheme.decimals for band in reversed(scheme.bands)],
    }
