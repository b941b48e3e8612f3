"""People who hand in over HTTP, and the ledger of what they were shown."""

import http.client
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

GIVE_UP_SECONDS = 20
PROMPT_SECONDS = 10
"""What nobody calls waiting even on a busy machine; a hung server without limits would cost minutes."""
CSRF = "a" * 32
NUMBER = re.compile(r'data-receipt="([^"]+)"')
FINGERPRINT = re.compile(r"<code>([0-9a-f]{16})</code>")

RECEIPT, TRY_AGAIN, NO_ANSWER = "receipt", "try again", "no answer"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person saw: the number, and the first sixteen characters of the answers' hash."""

    number: str
    fingerprint: str


class Ledger:
    """Receipts by assessment; each is on disk before it counts as seen."""

    def __init__(self, path: Path) -> None:
        self.receipts: dict[int, Receipt] = {}
        self._file = path.open("a")
        self._lock = threading.Lock()

    def write(self, assessment: int, receipt: Receipt) -> None:
        """Keep a receipt. Whoever asks twice must be shown the same one."""
        with self._lock:
            assert self.receipts.setdefault(assessment, receipt) == receipt
            self._file.write(f"{assessment} {receipt.number} {receipt.fingerprint}\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended for the person, and after how many seconds."""

    kind: str
    seconds: float


class Person:
    """One browser with a session."""

    def __init__(self, port: int, assessment: int, session: str, ledger: Ledger) -> None:
        self.port, self.assessment, self.session, self.ledger = port, assessment, session, ledger

    @property
    def has_receipt(self) -> bool:
        """Whether a receipt was shown."""
        return self.assessment in self.ledger.receipts

    def answer(self, code: str, level: int) -> str:
        """Choose a level; returns how that ended: `saved` or one of the kinds above."""
        status, _, body = self._ask("POST", "jawaban", {"indicator": code, code: str(level)})
        return "saved" if status == 200 else _kind(status, body)

    def hand_in(self) -> Outcome:
        """Confirm, and follow to the receipt."""
        start = time.monotonic()
        status, location, body = self._ask("POST", "ajukan", {"declared": "on"})
        if status == 303 and location.endswith("/tanda-terima/"):
            status, _, body = self._ask("GET", "tanda-terima")
        kind = _kind(status, body)
        if kind == RECEIPT:
            (number,), (fingerprint,) = NUMBER.findall(body), FINGERPRINT.findall(body)
            self.ledger.write(self.assessment, Receipt(number, fingerprint))
        return Outcome(kind, time.monotonic() - start)

    def _ask(
        self, method: str, page: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, where it leads, body; status 0 where no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVE_UP_SECONDS)
        headers = {
            "Cookie": f"__Host-sessionid={self.session}; __Host-csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"https://127.0.0.1:{self.port}",
            "X-CSRFToken": CSRF,
            "X-Forwarded-Proto": "https",
        }
        path = f"/penilaian/{self.assessment}/{page}/"
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            connection.close()


def _kind(status: int, body: str) -> str:
    if status == 0:
        return NO_ANSWER
    if status == 503 and "Coba lagi" in body:
        return TRY_AGAIN
    return RECEIPT if status == 200 else f"status {status}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """People who act at the same time."""

    people: tuple[Person, ...]
    at_once: int = 6

    def through(self, port: int) -> "Crowd":
        """The same people by another way to the portal."""
        return Crowd(
            tuple(Person(port, one.assessment, one.session, one.ledger) for one in self.people)
        )

    def hand_in(self) -> list[Outcome]:
        """Everybody once, whatever comes of it."""
        with ThreadPoolExecutor(self.at_once) as pool:
            return list(pool.map(Person.hand_in, self.people))

    def answer(self, code: str, level: int) -> Counter[str]:
        """Everybody chooses a level; how often it ended how."""
        with ThreadPoolExecutor(self.at_once) as pool:
            return Counter(pool.map(lambda person: person.answer(code, level), self.people))

    def ask_again(self, *, times: int = 30) -> None:
        """Whoever has no receipt asks until there is one, as the page told them to."""
        for _ in range(times):
            waiting = tuple(person for person in self.people if not person.has_receipt)
            if not waiting:
                return
            Crowd(waiting).hand_in()
            time.sleep(0.5)
        raise AssertionError(f"{len(waiting)} people never got a receipt")


def kinds(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How often an attempt ended how."""
    return Counter(outcome.kind for outcome in outcomes)
