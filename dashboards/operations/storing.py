"""Writing renewed rows: what differs, and nothing else."""

import json

from django.db import connection
from django.utils import timezone

from dashboards.operations.renewing import Documents, Renewed

_BATCH = 2_000
"""Rows in one statement: a few megabytes."""

# The database compares: reading what is there in order to leave it as it is would cost more than writing.
_SNAPSHOTS = """
    INSERT INTO dashboards_unitsnapshot AS kept (unit_id, own, subtree, disclosed, refreshed_at)
    SELECT unit, own, subtree, disclosed, %(now)s
    FROM json_to_recordset(%(rows)s) renewed(unit bigint, own jsonb, subtree jsonb, disclosed jsonb)
    ON CONFLICT (unit_id) DO UPDATE SET
        own = excluded.own, subtree = excluded.subtree, disclosed = excluded.disclosed,
        refreshed_at = excluded.refreshed_at
    WHERE (kept.own, kept.subtree, kept.disclosed)
        IS DISTINCT FROM (excluded.own, excluded.subtree, excluded.disclosed)
"""
_RELEASES = """
    UPDATE dashboards_unitrelease kept SET
        own = renewed.own, pooled = renewed.pooled, subtree = renewed.subtree, odd = renewed.odd,
        released_at = renewed.released_at
    FROM json_to_recordset(%(rows)s)
        renewed(unit bigint, own jsonb, pooled jsonb, subtree jsonb, odd jsonb, released_at jsonb)
    WHERE kept.unit_id = renewed.unit
        AND (kept.own, kept.pooled, kept.subtree, kept.odd, kept.released_at) IS DISTINCT FROM
            (renewed.own, renewed.pooled, renewed.subtree, renewed.odd, renewed.released_at)
"""


def store(renewed: Renewed) -> int:
    """Write what differs, and drop none: units of a cycle never go away. Returns how many snapshots changed."""
    _write(_RELEASES, renewed.releases)
    return _write(_SNAPSHOTS, renewed.snapshots)


def _write(statement: str, documents: Documents) -> int:
    now = timezone.now()
    changed = 0
    rows = [{"unit": unit, **document} for unit, document in documents.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            batch = json.dumps(rows[start : start + _BATCH])
            cursor.execute(statement, {"rows": batch, "now": now})
            changed += cursor.rowcount
    return changed
