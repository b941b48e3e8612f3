"""What the portal tells the database: who writes, in which request or task; and how long things are kept."""

import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)
# What comes from outside (a request's id may) is no part of a statement unless it is harmless in one.
_HARMLESS = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_NAMES = {"user_id": "actor", "request_id": "request", "task_id": "task"}

Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]


def tell_who_writes(
    execute: Execute,
    sql: Any,
    params: Any,
    many: bool,  # noqa: FBT001  Django's protocol
    context: dict[str, Any],
) -> Any:
    """Run a statement; one that writes carries its context along, in the same trip to the database.

    `SET LOCAL` holds to the end of the transaction. It is said with every write, not once for each
    transaction: a savepoint that is rolled back would take it away.
    """
    if not (isinstance(sql, str) and _WRITES.match(sql) and (told := _context())):
        return execute(sql, params, many, context)
    if context["cursor"].cursor.name:
        # A named cursor only reads, and takes one statement; a recursive one begins with WITH, too.
        return execute(sql, params, many, context)
    announcement = f"SET LOCAL pghistory.context_metadata = '{told}'"
    if many:
        context["cursor"].cursor.execute(announcement)
        return execute(sql, params, many, context)
    result = execute(f"{announcement}; {sql}", params, many, context)
    while result is not None and result.nextset():
        pass
    return result


def on_connection(*, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Django's `connection_created`: once for each connection object, however often it reconnects."""
    if tell_who_writes not in connection.execute_wrappers:
        # Outermost: pgtrigger's own wrappers come and go on the inside.
        connection.execute_wrappers.insert(0, tell_who_writes)


def on_migrated(**kwargs: object) -> None:
    """Django's `post_migrate`: the schedule of the settings is in force, and triggers are nobody's to skip."""
    import_string("audit.operations.adopt_schedule")(settings.RETENTION_MONTHS)
    import_string("audit.operations.let_nobody_skip_triggers")()


def _context() -> str:
    """The context as JSON that needs no quoting; empty outside requests and tasks."""
    bound = structlog.contextvars.get_contextvars()
    told: dict[str, Any] = {}
    for name, key in _NAMES.items():
        value = bound.get(name)
        if isinstance(value, int):
            told[key] = value
        elif value is not None and _HARMLESS.fullmatch(str(value)):
            told[key] = str(value)
    return json.dumps(told, separators=(",", ":")) if told else ""
