#!/usr/bin/env python3
"""How PostgreSQL answers each page among many people: bin/env python -m bench.plans [PEOPLE]

Makes a database of its own with that many people (100,000 unless given), reads the pages as those who are let in,
and has every statement explained as it runs (EXPLAIN ANALYZE). Reported is what grows with people: a step that
visits or sorts a twentieth of them, and a statement that comes more than five times.
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from bench.run import own_database

REPEATED = 5


@dataclass
class Page:
    """What one page asked the database."""

    name: str
    statements: Counter[str] = field(default_factory=Counter)
    milliseconds: float = 0.0
    buffers: int = 0
    found: list[str] = field(default_factory=list)

    @property
    def queries(self) -> int:
        """How many statements."""
        return self.statements.total()

    def line(self) -> str:
        """A row of the table, and below it what grows."""
        faults = self.found + [
            f"{count} × {text[:160]}"
            for text, count in self.statements.items()
            if count > REPEATED and not text.startswith(("SAVEPOINT", "RELEASE"))
        ]
        row = (
            f"| {self.name} | {self.queries} | {self.milliseconds:.1f} ms | {self.buffers * 8:,} kB"
        )
        return "\n".join((f"{row} | {len(faults) or ''} |", *(f"    {each}" for each in faults)))


class Explainer:
    """Has the plan of every reading statement measured, beside the statement itself."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.page = Page("")

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any
    ) -> Any:
        """Run a statement; explain it first where that changes nothing."""
        text = re.sub(r"\s+", " ", sql).strip()
        self.page.statements[text] += 1
        if not many and re.match(r"\s*(SELECT|WITH)\b", sql) and "FOR UPDATE" not in sql:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                (((plan,),),) = cursor.fetchall()
            self.page.milliseconds += plan["Execution Time"] + plan["Planning Time"]
            top = plan["Plan"]
            self.page.buffers += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
            self.page.found += [f"{each}: {text[:700]}" for each in self._growing(top)]
        return execute(sql, params, many, context)

    def _growing(self, node: dict[str, Any]) -> Iterator[str]:
        """Steps that visit or sort more rows than a page may."""
        rows = node["Actual Rows"] * node["Actual Loops"]
        visited = rows + node.get("Rows Removed by Filter", 0) * node["Actual Loops"]
        kind = node["Node Type"]
        if ("Scan" in kind or "Sort" in kind) and visited >= self.limit:
            place = node.get("Relation Name") or node.get("Index Name", "")
            condition = node.get("Filter") or node.get("Sort Key") or ""
            yield f"{kind} {place}, {visited:,.0f} rows, {condition}"
        for below in node.get("Plans", ()):
            yield from self._growing(below)


def main(people: int) -> int:
    """Read every page once to warm up, and once explained."""
    os.environ |= {"DEBUG": "1", "LOG_LEVEL": "ERROR", "METRICS_TOKEN": "bench"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "prima_portal.settings"
    with own_database():
        import django  # noqa: PLC0415  the settings read the address of the database

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from bench.visits import Visitor, pages_of  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        start = time.monotonic()
        cases = pages_of(people)
        print(f"{people:,} people made in {time.monotonic() - start:.0f} s", file=sys.stderr)
        print("| page | queries | database | pages read | grows |\n|---|---|---|---|---|")
        explainer = Explainer(people // 20)
        for name, person, path in cases:
            visitor = Visitor(person)
            status = visitor.read(path)
            explainer.page = Page(name if status == HTTPStatus.OK else f"{name}: {status}")
            with connection.execute_wrapper(explainer):
                visitor.read(path)
            print(explainer.page.line(), flush=True)
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
