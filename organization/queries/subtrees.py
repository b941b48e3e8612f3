"""Units with all that lie below them."""

from collections.abc import Iterable
from typing import Final

from django.db import connection

SUBTREE: Final = """
    WITH RECURSIVE below(id) AS (
        SELECT id FROM organization_unit WHERE id = ANY(%(units)s)
        UNION
        SELECT unit.id FROM below JOIN organization_unit unit ON unit.parent_id = below.id
    )
    SELECT id FROM below
"""


def units_below(unit_ids: Iterable[int]) -> set[int]:
    """Ids of the units and of all that lie below them."""
    with connection.cursor() as cursor:
        cursor.execute(SUBTREE, {"units": list(unit_ids)})
        return {unit for (unit,) in cursor.fetchall()}
