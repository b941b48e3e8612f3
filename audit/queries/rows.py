"""Whether rows stand as the last line of their history says, and whether every trigger is on that keeps it."""

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import connection
from django.utils.translation import gettext as _

from audit.models import RowHistory
from audit.queries.chain import Break
from audit.queries.history import columns_of

_BENT = """
    SELECT stored.id FROM {table} stored
    CROSS JOIN LATERAL (
        SELECT * FROM {history} WHERE pgh_obj_id = stored.id ORDER BY pgh_id DESC LIMIT 1
    ) line
    WHERE ({stored}) IS DISTINCT FROM ({line})
    ORDER BY stored.id LIMIT 1
"""
_SILENT = """
    SELECT guard.of_table, guard.name
    FROM unnest(%s::text[], %s::text[]) guard(of_table, name)
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger
        WHERE tgrelid = to_regclass(guard.of_table) AND tgname = guard.name AND tgenabled IN ('O', 'A')
    )
    ORDER BY 1, 2 LIMIT 1
"""


def first_silent_trigger() -> Break | None:
    """A trigger of ours for each row that is switched off or gone: what was written since may have left no line."""
    guards = [
        (model._meta.db_table, trigger.get_pgid(model))
        for model, trigger in pgtrigger.registered()
        if trigger.level == pgtrigger.Row
    ]
    tables, names = zip(*guards, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, [list(tables), list(names)])
        silent = cursor.fetchone()
    if silent is None:
        return None
    table, name = silent
    return Break(0, _("pemicu %(name)s di tabel %(table)s mati") % {"name": name, "table": table})


def first_bent_row(histories: Sequence[type[RowHistory]]) -> Break | None:
    """A row that was changed while nothing kept its history, table by table; rows without a line are not asked."""
    for history in histories:
        table, pk = _bent(history)
        if pk is not None:
            reason = _("tabel %(table)s baris %(pk)d berbeda dari riwayatnya")
            return Break(0, reason % {"table": table, "pk": pk})
    return None


def _bent(history: type[RowHistory]) -> tuple[str, int | None]:
    tracked: Any = history.pgh_tracked_model
    table, lines = tracked._meta.db_table, history._meta.db_table
    quoted = connection.ops.quote_name
    kept = set(columns_of(lines)) & set(columns_of(table))
    columns = [quoted(name) for name in sorted(kept)]
    statement = _BENT.format(
        table=quoted(table),
        history=quoted(lines),
        stored=", ".join(f"stored.{name}" for name in columns),
        line=", ".join(f"line.{name}" for name in columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone()
    return table, found[0] if found else None
