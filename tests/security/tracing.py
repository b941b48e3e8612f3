"""What a request changed: every row of the portal before and after, without what differs each time anyway."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.utils import timezone

from tests.security.asking import Portal

APPS = ("accounts", "organization", "pillars", "assessments", "dashboards", "audit", "mfa")
# Rows that other rows follow from: triggers write them, and who wrote what is compared by the rows themselves.
FOLLOWING = {"audit.Seal", "audit.Unsealed"}
RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|argon2\$\S+|![\w]{40}|gAAAA[\w=-]+|[\w-]{43}"
    r"|202\d-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)?"
)
WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)(?: ONLY)? "?(\w+)"?', re.IGNORECASE)
HOUR = datetime.timedelta(hours=1)
Rows = dict[tuple[str, Any], dict[str, Any]]


def models_of_ours() -> list[type[models.Model]]:
    """Every table that a request of ours may write, but for copies that triggers make."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS
        and model._meta.label not in FOLLOWING
        and not any(field.name == "pgh_id" for field in model._meta.concrete_fields)
    ]


def rows(tables: Collection[str] | None = None) -> Rows:
    """All of them, or those of some tables, by model and key."""
    return {
        (model._meta.label, row["pk"]): row
        for model in models_of_ours()
        if tables is None or model._meta.db_table in tables
        for row in model._base_manager.values(
            "pk", *(field.attname for field in model._meta.concrete_fields)
        )
    }


def changes(before: Rows, after: Rows) -> list[str]:
    """A line for each row that is new, gone or different, alike whenever the same was done."""
    fresh = {str(pk) for (_label, pk) in after.keys() - before.keys()}
    keys = {field.attname for model in models_of_ours() for field in _references(model)}
    lines = []
    for place in before.keys() | after.keys():
        old, new = before.get(place), after.get(place)
        if old == new:
            continue
        shown = {
            name: "fresh" if _is_fresh(name, value, keys, fresh) else _settled(value, fresh)
            for name, value in (new or {}).items()
            if old is None or old[name] != value
        }
        known = "new" if old is None else str(place[1])
        lines.append(f"{place[0]} {known}: {sorted(shown.items()) if new else 'gone'}")
    return sorted(lines)


def _references(model: type[models.Model]) -> Iterator[Any]:
    yield from (field for field in model._meta.concrete_fields if field.is_relation)


def _is_fresh(name: str, value: Any, keys: set[str], fresh: set[str]) -> bool:
    return name in keys | {"pk", "id", "subject_id", "addressee"} and str(value) in fresh


def _settled(value: Any, fresh: set[str]) -> str:
    """The value as text; a moment is told by hours from now, what is drawn at random and new keys are the same."""
    if isinstance(value, datetime.datetime):
        return f"in {round((value - timezone.now()) / HOUR)} hours"
    if isinstance(value, dict):
        value = {name: "fresh" if str(each) in fresh else each for name, each in value.items()}
    return RANDOM.sub("random", str(bytes(value) if isinstance(value, memoryview) else value))


@contextmanager
def _same_keys() -> Iterator[None]:
    """Give the next keys out again afterwards: sequences are not taken back with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
        )
        given = cursor.fetchall()
        yield
        cursor.executemany(
            "SELECT setval(%s, coalesce(%s, 1), %s)",
            [(name, last, last is not None) for name, last in given],
        )


@dataclass
class Tracer:
    """Posts as somebody, and says what that changed.

    Each post is taken back, so all begin with the same rows and are given the same keys.
    """

    portal: Portal
    before: Rows = field(default_factory=rows)

    def post(
        self, who: str, path: str, data: Mapping[str, Any], **options: Any
    ) -> tuple[HttpResponse, list[str]]:
        """The answer, and a line for each row that is another one afterwards."""
        browser, written = self.portal.be(who), set()

        def listen(execute: Any, sql: str, *more: Any) -> Any:
            written.update(WRITTEN.findall(sql))
            return execute(sql, *more)

        with _same_keys(), transaction.atomic():
            with connection.execute_wrapper(listen):
                response = browser.post(path, data, **options)
            if response.streaming:
                response.getvalue()  # read to its end, which closes it
            after = rows(written)
            known = {
                model._meta.label for model in models_of_ours() if model._meta.db_table in written
            }
            before = {place: row for place, row in self.before.items() if place[0] in known}
            found = changes(before, after)
            transaction.set_rollback(True)
        return response, found
