"""The last evening as arrivals of RATE people a second for SECONDS: bin/env python -m bench.evening RATE SECONDS

People arrive at a constant rate, whether or not those before them are done. Each signs in, opens the task list,
fills in five sections, checks, hands in and reads the receipt, which goes to a ledger on disk. Afterwards the database
must hold exactly these receipts, all scored, and every dashboard must equal a recompute. Prints a table, writes
bench/evening.json, and exits with 1 where anything of this does not come out.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from bench.measuring import machine, peak_megabytes, tree_cpu_seconds
from tests.chaos.stack import CHECKOUT, Stack, eventually

RESULTS = Path(__file__).with_name("evening.json")
CODE = "EVENING"
SCORED_WITHIN_SECONDS = 60
P95_MILLISECONDS = 500
PROFILES = {
    "answers": "each answer is saved as it is chosen, and each section is sent",
    "sections": "no script: each section is sent by its form",
}


def main(options: Namespace) -> int:
    """Let them arrive on a stack of their own; 0 where every account comes out."""
    with tempfile.TemporaryDirectory() as name:
        stack = Stack(Path(name))
        try:
            result = evening(stack, Path(name), options)
        finally:
            stack.stop()
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print_report(result)
    return 0 if all(result["accounts"].values()) else 1


def evening(stack: Stack, folder: Path, options: Namespace) -> dict[str, Any]:
    """One evening: people are made, arrive, and are reckoned up."""
    stack.start()
    for command in (("migrate", "--verbosity=0"), ("collectstatic", "--no-input", "-v", "0")):
        done = stack.manage(*command)
        assert done.returncode == 0, done.stderr
    stack.serve()
    made = stack.run("-m", "bench.guests", str(round(options.rate * options.seconds)), CODE)
    assert made.returncode == 0, made.stderr
    people, ledger = folder / "people.json", folder / "ledger.txt"
    people.write_text(made.stdout.splitlines()[-1])
    before, start, where = cpu_of(stack), time.monotonic(), machine()
    arrived = subprocess.run(
        [
            *(sys.executable, "-m", "bench.arrivals", "--port", str(stack.port)),
            *("--rate", str(options.rate), "--profile", options.profile),
            *("--people", people, "--ledger", ledger),
        ],
        cwd=CHECKOUT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert arrived.returncode == 0, arrived.stderr
    seconds = time.monotonic() - start
    spent = {name: after - before[name] for name, after in cpu_of(stack).items()}
    load = json.loads(arrived.stdout)
    return {
        "rate": options.rate,
        "seconds": options.seconds,
        "profile": options.profile,
        "machine": where | {"load_average_after": machine()["load_average"]},
        "requests": {name: spread(took) for name, took in load["took_ms"].items()}
        | {"all": spread([one for took in load["took_ms"].values() for one in took])},
        "whole_visit": spread(load["whole_ms"]) if load["whole_ms"] else None,
        "faults": load["faults"],
        "arrivals_behind_seconds": load["arrivals_behind_seconds"],
        "cpu_seconds": {name: round(used, 2) for name, used in spent.items()},
        "peak_megabytes": {
            name: round(peak_megabytes(process.pid)) for name, process in stack.processes.items()
        },
        "cores_busy": round(sum(spent.values()) / seconds, 2),
        **reckon(stack, ledger, round(options.rate * options.seconds), load["faults"]),
    }


def reckon(stack: Stack, ledger: Path, people: int, faults: list[str]) -> dict[str, Any]:
    """Compare the ledger with the database, and dashboards with a recompute."""
    shown = sorted(tuple(line.split()) for line in ledger.read_text().splitlines())
    queue = "SELECT (SELECT count(*) FROM assessments_scoringjob), (SELECT count(*) FROM assessments_staleunit)"
    drained = True
    try:
        eventually(lambda: stack.sql(queue) == [(0, 0)], seconds=600)
    except AssertionError:
        drained = False
    rows = stack.sql(
        "SELECT assessment_id::text, number, left(answers_hash, 16) FROM assessments_submission"
    )
    ((scores, lag, typical),) = stack.sql(
        "SELECT count(*), max(extract(epoch FROM scored_at - submitted_at))::float,"
        " percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM scored_at - submitted_at))"
        " FROM assessments_score score JOIN assessments_submission ON assessments_submission.id = submission_id"
    )
    verified = stack.manage("verify_dashboards", CODE)
    return {
        "counts": {"people": people, "receipts": len(shown), "stored": len(rows), "scores": scores},
        "scoring_lag_seconds": {"p95": round(typical or 0, 2), "max": round(lag or 0, 2)},
        "accounts": {
            "no request failed": not faults,
            "everybody has a receipt": len(shown) == people,
            "stored is what was shown": sorted(rows) == shown,
            "every one scored within a minute": drained
            and scores == len(rows)
            and (lag or 0) <= SCORED_WITHIN_SECONDS,
            "dashboards equal a recompute": drained and verified.returncode == 0,
        },
    }


def cpu_of(stack: Stack) -> dict[str, float]:
    """Processor seconds of each part, children that have ended included."""
    mine = os.times()
    parts = {name: process.pid for name, process in stack.processes.items()}
    parts |= {"database": stack.postgresql["pid"], "redis": stack.redis["pid"]}
    spent = {name: tree_cpu_seconds(pid) for name, pid in parts.items()}
    return spent | {"load generator": mine.children_user + mine.children_system}


def spread(took: list[float]) -> dict[str, float]:
    """How many, and milliseconds below which half, 95 and 99 of a hundred stay."""
    cuts = statistics.quantiles(took, n=100, method="inclusive") if len(took) > 1 else took * 99
    return {
        "requests": len(took),
        **{f"p{place}": round(cuts[place - 1], 1) for place in (50, 95, 99)},
        "max": round(max(took), 1),
    }


def print_report(result: dict[str, Any]) -> None:
    """The tables of docs/performance.md."""
    people = result["counts"]["people"]
    print(json.dumps(result["machine"]))
    print(f"\n{result['rate']:g}/s for {result['seconds']} s; {PROFILES[result['profile']]}\n")
    print("| request | how many | p50 ms | p95 ms | p99 ms | max ms |\n|---|---|---|---|---|---|")
    rows = [*result["requests"].items(), ("a whole visit", result["whole_visit"])]
    for name, row in rows:
        if row:
            print("| " + " | ".join([name, *(f"{figure:,.0f}" for figure in row.values())]) + " |")
    print("\n| part | CPU s | share | CPU ms a person |\n|---|---|---|---|")
    whole = sum(result["cpu_seconds"].values())
    for name, used in result["cpu_seconds"].items():
        print(f"| {name} | {used:.1f} | {used / whole:.0%} | {used / people * 1000:.0f} |")
    print(
        f"\ncores busy: {result['cores_busy']}; arrivals at most {result['arrivals_behind_seconds']} s behind"
    )
    print(
        f"scoring lag: {result['scoring_lag_seconds']}; {result['counts']}; faults: {len(result['faults'])}"
    )
    print(f"largest process, MB at its peak: {result['peak_megabytes']}")
    print("\n".join(result["faults"][:5]))
    p95 = result["requests"]["all"]["p95"]
    print(
        f"p95 of all requests {p95:.0f} ms, target {P95_MILLISECONDS}:",
        "met" if p95 <= P95_MILLISECONDS else "MISSED",
    )
    for account, holds in result["accounts"].items():
        print(f"{'yes' if holds else 'NO '}  {account}")


def read_options() -> Namespace:
    """The command line."""
    parser = ArgumentParser(prog="python -m bench.evening", description=__doc__)
    parser.add_argument("rate", type=float, help="people a second")
    parser.add_argument("seconds", type=int)
    parser.add_argument("--profile", choices=PROFILES, default="answers", help=json.dumps(PROFILES))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(read_options()))
