"""Writing down where scores stand once it is decided: the memory that later releases are built on."""

from collections.abc import Collection, Mapping

from django.db import connection

from assessments.models import Cycle
from dashboards.queries.releases import LEFT, LIVE, parameters_of
from dashboards.suppression import Key, Move

# `suppression.next_state` in SQL, for a nation's scores at once.
_MOVE = f"""
    WITH moving AS (
        SELECT * FROM unnest(%(blocks)s::bigint[], %(kinds)s::text[], %(moves)s::text[], %(patterns)s::text[])
            AS moving(block, kind, move, patterns)
    ), scores AS (
        SELECT id, unit_id, kind, state, true AS counts, pattern FROM ({LIVE}) live
        UNION ALL
        SELECT id, unit_id, kind, state, false, pattern FROM ({LEFT}) gone
    ), moved AS (
        SELECT scores.unit_id, scores.id, CASE
            WHEN state = '' AND strpos(patterns, ',' || pattern || ',') = 0 THEN state
            WHEN NOT counts AND strpos(patterns, ',' || pattern || ',') > 0 AND (
                (move = 'ENTER' AND state IN ('E', 'H')) OR (move = 'HOLD' AND state = 'H')
            ) THEN 'S'
            WHEN move = 'ENTER' AND state IN ('', 'E', 'H') THEN 'E'
            WHEN move = 'HOLD' AND state IN ('', 'H') THEN 'H'
            WHEN move = 'POOL' AND state IN ('', 'H') THEN 'P'
            WHEN move = 'JOIN' AND state = 'H' THEN 'P'
            ELSE state END AS state
        FROM scores
        JOIN dashboards_unitrelease release USING (unit_id)
        LEFT JOIN moving ON moving.block = release.block AND moving.kind = scores.kind
        WHERE release.block = ANY(%(blocks)s)
    ), made AS (
        SELECT unit_id,
            COALESCE(array_agg(id ORDER BY id) FILTER (WHERE state = 'E'), '{{}}') AS entered,
            COALESCE(array_agg(id ORDER BY id) FILTER (WHERE state = 'P'), '{{}}') AS pooled_above,
            COALESCE(array_agg(id ORDER BY id) FILTER (WHERE state = 'H'), '{{}}') AS held,
            COALESCE(array_agg(id ORDER BY id) FILTER (WHERE state = 'S'), '{{}}') AS gone
        FROM moved WHERE state <> '' GROUP BY unit_id
    )
    UPDATE dashboards_unitrelease release SET
        entered = made.entered, pooled_above = made.pooled_above, held = made.held,
        gone = (SELECT COALESCE(array_agg(DISTINCT id ORDER BY id), '{{}}') FROM unnest(release.gone || made.gone) id)
    FROM made WHERE made.unit_id = release.unit_id
"""  # noqa: S608  # nosec B608  # put together from constants of this module


def remember(
    cycle: Cycle,
    moves: Mapping[Key, tuple[Move, tuple[str, ...]]],
    units: Collection[int] | None = None,
) -> None:
    """Write where the scores of the moving blocks stand, as `suppression.next_state` says.

    With each move go the patterns that may arrive and leave. `units` are those of the blocks, all unless given.
    """
    if not moves:
        return
    parameters = parameters_of(cycle, units) | {
        "blocks": [block for block, _ in moves],
        "kinds": [kind for _, kind in moves],
        "moves": [move for move, _ in moves.values()],
        "patterns": ["".join(f",{each}," for each in patterns) for _, patterns in moves.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, parameters)
