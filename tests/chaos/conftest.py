"""One stack for all faults, whole again before each test; and the reckoning after each fault."""

import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.chaos.people import Crowd, Ledger, Person
from tests.chaos.stack import Stack, eventually

PEOPLE = 40
NUMBERS = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)


@pytest.fixture(scope="session")
def own_queue() -> str:
    """The suite's private queue is not needed: these processes have a Redis of their own."""
    return "celery"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Migrated, with static files gathered. Whoever ends the run (Ctrl-C, SIGTERM) ends all of it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    stack = Stack(tmp_path_factory.mktemp("stack"), small_disk=True)
    try:
        stack.start()
        for command in (("migrate", "--verbosity=0"), ("collectstatic", "--no-input", "-v", "0")):
            done = stack.manage(*command)
            assert done.returncode == 0, done.stderr
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(running: Stack) -> Stack:
    """Everything runs, whatever the test before broke."""
    running.serve()
    return running


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle of its own for each test."""

    code: str
    crowd: Crowd
    ledger: Ledger
    stack: Stack

    def reckon(self, *, ended: Iterable[str] = ()) -> None:
        """Settle the accounts: what was shown is what is stored, all of it scored and counted.

        `ended` names the processes that a supervisor has to start again; no other may have ended.
        """
        assert self.stack.serve() <= set(ended)
        self.crowd.ask_again()
        stored = self.stack.sql(
            "SELECT assessment_id, number, left(answers_hash, 16) FROM assessments_submission"
            " WHERE number LIKE %s",
            f"{self.code}-%",
        )
        shown = [
            (assessment, receipt.number, receipt.fingerprint)
            for assessment, receipt in self.ledger.receipts.items()
        ]
        assert sorted(stored) == sorted(shown)
        eventually(lambda: self.scores() == len(shown) and not self.waiting())
        verified = self.stack.manage("verify_dashboards", self.code)
        assert verified.returncode == 0, verified.stderr

    def scores(self) -> int:
        """How many scores the cycle's submissions have."""
        ((scores,),) = self.stack.sql(
            "SELECT count(*) FROM assessments_score score JOIN assessments_submission submission"
            " ON submission.id = score.submission_id WHERE number LIKE %s",
            f"{self.code}-%",
        )
        return scores

    def waiting(self) -> int:
        """Rows that wait for a score or for a dashboard, of any cycle."""
        ((rows,),) = self.stack.sql(
            "SELECT (SELECT count(*) FROM assessments_scoringjob)"
            " + (SELECT count(*) FROM assessments_staleunit)"
        )
        return rows


@pytest.fixture
def cycle(stack: Stack, tmp_path: Path) -> Iterator[Cycle]:
    """Forty people who have answered everything; handing in is what the test is about."""
    code = f"CHAOS{next(NUMBERS)}"
    ledger = Ledger(tmp_path / "ledger.txt")
    people = tuple(
        Person(stack.port, one["assessment"], one["session"], ledger)
        for one in stack.world(code, PEOPLE)
    )
    yield Cycle(code, Crowd(people), ledger, stack)
    ledger.close()


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., None]]:
    """Run something beside the test; its failure fails the test."""
    from concurrent.futures import Future, ThreadPoolExecutor  # noqa: PLC0415

    pool = ThreadPoolExecutor(2)
    futures: list[Future[object]] = []
    yield lambda act, *arguments: futures.append(pool.submit(act, *arguments))
    pool.shutdown()
    for future in futures:
        future.result()
