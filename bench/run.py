#!/usr/bin/env python3
"""What the portal costs beside its floors: make bench SCALE=10k|100k|1m|5m

Floors and portal run interleaved, in a database that is made for it and dropped afterwards. Prints a table and
writes bench/results.json. Processor time is read from the processes themselves: on a shared machine the
clock on the wall measures the neighbours.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.databases import drop

RESULTS = Path(__file__).with_name("results.json")
SCALES = {
    # people, units, submissions in the backlog, people imported, people of the roster
    "10k": (10_000, 400, 4_000, 400, 2_000),
    "100k": (100_000, 2_000, 20_000, 1_000, 20_000),
    "1m": (1_000_000, 20_000, 100_000, 2_000, 100_000),
    "5m": (5_000_000, 20_000, 100_000, 2_000, 100_000),
}


@contextmanager
def own_database() -> Iterator[None]:
    """A database beside the one that DATABASE_URL names; gone afterwards."""
    url = os.environ["DATABASE_URL"]
    name = urlsplit(url).path.lstrip("/") + "_bench"
    admin = psycopg2.connect(url)
    admin.autocommit = True
    with admin.cursor() as cursor:
        drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            drop(cursor, name)
            os.environ["DATABASE_URL"] = url
    admin.close()


def main(scale: str) -> int:
    """Measure everything at one scale."""
    if scale not in SCALES:
        print(f"usage: make bench SCALE={'|'.join(SCALES)}", file=sys.stderr)
        return 2
    os.environ |= {"DEBUG": "0", "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    start = time.monotonic()
    with own_database():
        import django  # noqa: PLC0415  the settings read the address of the database

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        from bench import database, measuring, parts  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        machine = measuring.machine()
        rows = list(parts.all_parts(*SCALES[scale][:4]))
        database.close()
    roster = SCALES[scale][4]
    with own_database():
        rows += roster_rows(roster)
    report = {
        "scale": scale,
        "commit": commit(),
        "machine": machine | {"load_average_after": measuring.machine()["load_average"]},
        "minutes": round((time.monotonic() - start) / 60, 1),
        "rows": [row.to_json() for row in rows],
    }
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report["machine"]))
    print(f"\nSCALE={scale}, {report['minutes']} minutes, commit {report['commit']}\n")
    print("| | | target | | |\n|---|---|---|---|---|")
    print("\n".join(row.line() for row in rows))
    return 0


def commit() -> str:
    """Which commit was measured; a plus where the files were not quite its."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], check=False, capture_output=True, text=True
    )
    return said.stdout.strip()


def roster_rows(people: int) -> list:
    """Import a roster in a process of its own, since its peak memory is part of the figure."""
    from bench.measuring import Row  # noqa: PLC0415

    script = Path(__file__).with_name("roster.py")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prima_portal.settings"}
    for arguments in (["manage.py", "migrate", "--verbosity=0"], [script, str(people)]):
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    first = json.loads(done.stdout)["first"]
    seconds = first["read_seconds"] + first["write_seconds"]
    return [
        Row(
            "roster: people a second",
            people / seconds,
            "/s",
            1_667,
            at_least=True,
            remark=f"{people:,} people, wall",
        ),
        Row("roster: peak memory", first["peak_megabytes"], "MB", 500),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "100k"))
