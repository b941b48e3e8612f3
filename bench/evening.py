#!/usr/bin/env python3
"""The last evening as arrivals of RATE people a second for SECONDS: bin/env python -m bench.evening RATE SECONDS

People arrive at a constant rate, whether or not those before them are done. Each signs in, opens the task list,
chooses every answer (each is saved at once), sends five sections, checks, hands in and reads the receipt,
which goes to a ledger on disk. Afterwards the database must hold exactly these receipts, all scored.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

# ruff: noqa: E402  models can be imported only after this
django.setup()

from bench.web import Browser
from tests.chaos.people import FINGERPRINT, NUMBER, Ledger, Receipt
from tests.chaos.stack import Stack, eventually

PASSWORD = "kunci-yang-panjang-1"  # noqa: S105  of accounts that live for minutes
CODE = "EVENING"
SCORED_WITHIN_SECONDS = 60


def main(rate: float, seconds: int) -> int:
    """Let them arrive; print how long requests took; exit 1 where an account does not come out."""
    with tempfile.TemporaryDirectory() as name:
        stack = Stack(Path(name))
        try:
            return evening(stack, Path(name), rate, seconds)
        finally:
            stack.stop()


def evening(stack: Stack, folder: Path, rate: float, seconds: int) -> int:
    """One evening on a portal of its own."""
    stack.start()
    for command in (("migrate", "--verbosity=0"), ("collectstatic", "--no-input", "-v", "0")):
        stack.manage(*command)
    stack.serve()
    made = stack.run("-m", "bench.evening", "populate", str(round(rate * seconds)))
    assert made.returncode == 0, made.stderr
    people = json.loads(made.stdout.splitlines()[-1])
    ledger = Ledger(folder / "ledger.txt")
    took: dict[str, list[float]] = {}
    start = time.monotonic()
    with ThreadPoolExecutor(len(people)) as pool:
        visits = []
        for number, person in enumerate(people):
            time.sleep(max(0, start + number / rate - time.monotonic()))
            visits.append(pool.submit(visit, stack.port, person, ledger, took))
        faults = [str(fault) for each in visits if (fault := each.exception())]
    ended = time.monotonic()
    complete = eventually(lambda: scored(stack) == len(ledger.receipts), seconds=600)
    lag = time.monotonic() - ended
    stored = stack.sql(
        "SELECT assessment_id, number, left(answers_hash, 16) FROM assessments_submission"
    )
    shown = [(pk, seen.number, seen.fingerprint) for pk, seen in ledger.receipts.items()]
    report(took)
    print(
        f"{len(people)} people, {len(shown)} receipts, {len(stored)} submissions, {len(faults)} faults"
    )
    print(f"all scored {lag:.0f} s after the last receipt")
    print("\n".join(faults[:5]))
    whole = sorted(stored) == sorted(shown) and not faults and complete
    return 0 if whole and lag <= SCORED_WITHIN_SECONDS else 1


def visit(port: int, person: dict[str, Any], ledger: Ledger, took: dict[str, list[float]]) -> None:
    """One person's evening, request by request."""
    browser = Browser(SimpleNamespace(port=port))
    page = f"/penilaian/{person['assessment']}/"

    def timed(what: str, call: Any, *arguments: Any, **options: Any) -> Any:
        start = time.monotonic()
        answer = call(*arguments, **options)
        took.setdefault(what, []).append(time.monotonic() - start)
        return answer

    timed("signing in", browser.sign_in, person["username"], PASSWORD)
    timed("the task list", browser.get, page)
    for pillar, codes in person["pillars"].items():
        timed("a section page", browser.get, f"{page}pilar/{pillar}/")
        for code in codes:
            fields = {"indicator": code, code: "3", f"{code}:evidence": "ND 12/2026"}
            timed("saving one answer", browser.post, f"{page}jawaban/", fields, status=200)
        sent = dict.fromkeys(codes, "3")
        timed("sending a section", browser.post, f"{page}pilar/{pillar}/", sent, status=303)
    timed("checking", browser.get, f"{page}periksa/")
    receipt = timed("handing in", browser.post, f"{page}ajukan/", {"declared": "on"}, status=303)
    shown = timed("the receipt", browser.get, receipt)
    (number,), (fingerprint,) = NUMBER.findall(shown), FINGERPRINT.findall(shown)
    ledger.write(person["assessment"], Receipt(number, fingerprint))
    browser.connection.close()


def scored(stack: Stack) -> int:
    """How many submissions have their score."""
    ((count,),) = stack.sql("SELECT count(*) FROM assessments_score")
    return int(count)


def report(took: dict[str, list[float]]) -> None:
    """Medians and 95th percentiles by kind of request."""
    print("| | requests | median | p95 |\n|---|---|---|---|")
    for what, seconds in [
        *took.items(),
        ("all", [each for part in took.values() for each in part]),
    ]:
        p95 = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
        print(
            f"| {what} | {len(seconds)} | {statistics.median(seconds) * 1000:.0f} ms | {p95 * 1000:.0f} ms |"
        )


def populate(count: int) -> Iterator[dict[str, Any]]:
    """People with one password, invited to the shipped instrument; runs beside the portal."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from assessments.models import Assessment  # noqa: PLC0415
    from assessments.queries import questionnaire_of  # noqa: PLC0415
    from bench.nation import shipped_instrument  # noqa: PLC0415
    from bench.parts import open_cycle_of  # noqa: PLC0415
    from tests.factories import make_unit, post  # noqa: PLC0415

    password = make_password(PASSWORD)
    units = [make_unit(f"Dinas {number}", kind="DINAS") for number in range(5)]
    names = [f"19900101202001{1 + number // 1000}{number % 1000:03d}" for number in range(count)]
    people = User.objects.bulk_create(
        [User(nip=name, username=name, name=f"Pegawai {name}", password=password) for name in names]
    )
    for number, person in enumerate(people):
        post(person, units[number % len(units)])
    cycle = open_cycle_of(shipped_instrument(), CODE)
    for assessment in Assessment.objects.filter(cycle=cycle).select_related("person", "cycle"):
        pillars = questionnaire_of(assessment).pillars
        yield {
            "assessment": assessment.pk,
            "username": assessment.person.username,
            "pillars": {part.code: [item.code for item in part.indicators] for part in pillars},
        }


if __name__ == "__main__":
    if sys.argv[1] == "populate":
        print(json.dumps(list(populate(int(sys.argv[2])))))
    else:
        sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
