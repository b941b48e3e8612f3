"""People who arrive at a constant rate, as Locust users of one visit each: python -m bench.arrivals, see `main`.

Runs in a process of its own: Locust makes all waiting cooperative, which nothing else here wants.
"""

from locust import FastHttpUser  # isort: skip  it has everything below wait cooperatively

import json
import re
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gevent
from locust.env import Environment

from tests.chaos.people import FINGERPRINT, NUMBER, Ledger, Receipt

CSRF = "b" * 32
LEVEL, EVIDENCE = "3", "ND 12/2026"
SESSION = re.compile(r"__Host-sessionid=([^;]+)")


class Failed(Exception):
    """A request that was not answered as it should be; the person gives up."""


class Visitor(FastHttpUser):
    """One person from sign-in to receipt."""

    host = "http://127.0.0.1"
    connection_timeout = network_timeout = 120.0

    def __init__(self, environment: Environment, person: Mapping[str, Any]) -> None:
        super().__init__(environment)
        self.person = person
        self.page = f"/penilaian/{person['assessment']}/"
        self.headers = {
            "Cookie": f"__Host-csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "127.0.0.1",
            "Origin": "https://127.0.0.1",
            "X-CSRFToken": CSRF,
            "X-Forwarded-Proto": "https",
        }

    def visit(self, profile: str, password: str) -> Receipt:
        """Everything a person does; returns the receipt that was shown. Raises Failed."""
        self.sign_in(password)
        self.ask("the task list", self.page)
        for pillar, codes in self.person["pillars"].items():
            self.fill(f"{self.page}pilar/{pillar}/", codes, each=profile == "answers")
        self.ask("checking", f"{self.page}periksa/")
        self.ask("handing in", f"{self.page}ajukan/", {"declared": "on"}, status=303)
        shown = self.ask("the receipt", f"{self.page}tanda-terima/").text
        (number,), (fingerprint,) = NUMBER.findall(shown), FINGERPRINT.findall(shown)
        return Receipt(number, fingerprint)

    def sign_in(self, password: str) -> None:
        """Sign in, and keep the session."""
        fields = {"login": self.person["username"], "password": password}
        answer = self.ask("signing in", "/akun/masuk/", fields, status=302)
        (session,) = SESSION.findall(str(answer.headers.get("Set-Cookie")))
        self.headers["Cookie"] += f"; __Host-sessionid={session}"

    def fill(self, path: str, codes: list[str], *, each: bool) -> None:
        """One section; with script `each` answer is saved as it is chosen."""
        self.ask("a section page", path)
        if each:
            for code in codes:
                chosen = {"indicator": code, code: LEVEL, f"{code}:evidence": EVIDENCE}
                self.ask("saving one answer", f"{self.page}jawaban/", chosen)
        sent = dict.fromkeys(codes, LEVEL) | {f"{code}:evidence": EVIDENCE for code in codes}
        self.ask("sending a section", path, sent, status=303)

    def ask(
        self, name: str, path: str, fields: Mapping[str, str] | None = None, *, status: int = 200
    ) -> Any:
        """One request, counted under a name."""
        with self.client.request(
            "GET" if fields is None else "POST",
            path,
            data=None if fields is None else urlencode(fields),
            name=name,
            headers=self.headers,
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code == status:
                answer.success()
                return answer
            answer.failure(f"{name}: {answer.status_code or answer.error}")
        raise Failed(f"{name} of {self.person['username']}: {answer.status_code or answer.error}")


class Evening:
    """All visits, and what they took."""

    def __init__(self, port: int, profile: str, password: str, ledger: Ledger) -> None:
        Visitor.host = f"http://127.0.0.1:{port}"
        self.profile, self.password, self.ledger = profile, password, ledger
        self.environment = Environment(user_classes=[Visitor])
        self.environment.events.request.add_listener(self.count)
        self.took: dict[str, list[float]] = {}
        self.faults: list[str] = []
        self.whole: list[float] = []
        self.behind = 0.0

    def count(self, name: str, response_time: float, **_: object) -> None:
        """Locust tells of each request: milliseconds."""
        self.took.setdefault(name, []).append(response_time)

    def run(self, people: list[dict[str, Any]], rate: float) -> None:
        """Let them in one by one, whether or not those before are done; return when all have left."""
        start = time.monotonic()
        visits = []
        for number, person in enumerate(people):
            due = start + number / rate
            gevent.sleep(max(0.0, due - time.monotonic()))
            self.behind = max(self.behind, time.monotonic() - due)
            visits.append(gevent.spawn(self.receive, person))
        gevent.joinall(visits)

    def receive(self, person: dict[str, Any]) -> None:
        """One visit; its receipt is on disk before it counts."""
        start = time.monotonic()
        try:
            receipt = Visitor(self.environment, person).visit(self.profile, self.password)
        except (Failed, ValueError) as error:
            self.faults.append(str(error)[:300])
            return
        self.ledger.write(person["assessment"], receipt)
        self.whole.append((time.monotonic() - start) * 1000)

    def to_json(self) -> dict[str, Any]:
        """What is told to whoever started this process."""
        return {
            "took_ms": self.took,
            "whole_ms": self.whole,
            "faults": self.faults,
            "arrivals_behind_seconds": round(self.behind, 3),
        }


def main() -> None:
    """Read people from a file of JSON, write receipts to the ledger and figures to stdout."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    options = parser.parse_args()
    given = json.loads(options.people.read_text())
    ledger = Ledger(options.ledger)
    evening = Evening(options.port, options.profile, given["password"], ledger)
    evening.run(given["people"], options.rate)
    ledger.close()
    json.dump(evening.to_json(), sys.stdout)


if __name__ == "__main__":
    main()
