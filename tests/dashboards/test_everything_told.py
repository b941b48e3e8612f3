"""Whoever compares everything that anybody is ever told of units still computes nobody (ADR 0016).

The real operations over two cycles and several releases, with late submissions, withdrawals, other answers and
reviews in between; then page, CSV, XLSX and interface as every reader, distribution, comparison and trend, in one
linear system.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db.models import Case, When
from django.db.models.fields.json import KeyTransform
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from assessments.enums import Status
from assessments.models import Assessment, Cycle, CycleUnit
from assessments.operations import withdraw
from dashboards.operations import refresh, refreshing
from dashboards.queries import board
from dashboards.suppression import batches, groups
from organization.models import Unit
from tests.dashboards import worlds
from tests.dashboards.told import (
    Boards,
    System,
    assert_pages_and_files_tell_nothing_more,
    boards_told,
)
from tests.factories import make_instrument, make_unit, make_user, post

K = 5
SEEDS = (0, 11, 16, 21)
"""Provinces with means, bands, differences and trends: 40 to 105 equations of up to 350 unknowns."""
CODES = ("ALF-01", "ALF-02", "BET-01", "BET-02")


@dataclass
class Province:
    """A random tree of units with a head each, and people who act at random over two cycles."""

    seed: int
    units: list[Unit] = field(default_factory=list)
    heads: list[User] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.units.append(make_unit("Unit 0"))
        for number in range(1, self.dice.randint(4, 7)):
            self.units.append(make_unit(f"Unit {number}", parent=self.dice.choice(self.units)))
        for place, unit in enumerate(self.units):
            worlds.staff(unit, self.dice.choice([0, 2, 3, 5, 6, 9]), first=100 + 20 * place)
        worlds.staff(self.units[0], 2, first=300)
        instrument = make_instrument()
        self.cycles += [
            worlds.make_cycle(instrument, code=code, days_ago=days)
            for code, days in (("2026-1", 20), ("2026-2", 10))
        ]
        for place, unit in enumerate(self.units):
            head = make_user(f"Kepala {place}", serial=700 + place)
            post(head, unit, head=True)
            self.heads.append(head)

    def live(self) -> Iterator[int]:
        """Days of acts, each of which ends with a release; all of one cycle, then some of both."""
        for day, busy in enumerate((0.7, 0.5, 0.6, 0.4, 0.5)):
            for cycle in self.cycles[: 1 + day]:
                for assessment in Assessment.objects.filter(cycle=cycle).order_by("pk"):
                    if self.dice.random() < busy:
                        self._act(assessment)
                worlds.score_all()
                refresh(cycle=cycle)
            yield day

    def _act(self, assessment: Assessment) -> None:
        if assessment.status in (Status.INVITED, Status.DRAFT):
            worlds.hand_in(assessment, self._answers(assessment))
        elif assessment.status == Status.SUBMITTED and self.dice.random() < 0.4:
            withdraw(assessment=assessment, by=assessment.person)
            if self.dice.random() < 0.6:
                assessment.refresh_from_db()
                worlds.hand_in(assessment, self._answers(assessment))
        elif assessment.status == Status.SUBMITTED:
            levels = {code: self.dice.randint(1, 4) for code in CODES}
            worlds.verify(assessment, levels, self.heads[0], score=False)

    def _answers(self, assessment: Assessment) -> list[int | None]:
        """Mostly mixed; all the same in some units, and at times without the second pillar."""
        if assessment.unit_id % 4 == 0:
            return [4, 4, 4, 4]
        second = [None, None] if self.dice.random() < 0.2 else self.dice.choices((1, 2, 3, 4), k=2)
        return [*self.dice.choices((1, 2, 3, 4), k=2), *second]


@dataclass
class Listener:
    """Collects what is told of a province, day by day."""

    client: Client
    auditor: User
    province: Province
    system: System = field(default_factory=System)
    boards: Boards = field(default_factory=dict)

    def listen(self) -> System:
        """Live through all days; the auditor reads everything after each."""
        for _day in self.province.live():
            self.boards = boards_told(self.client, self.auditor, self.units())
            self.system.learn(self.boards)
        return self.system

    def units(self) -> list[CycleUnit]:
        return list(CycleUnit.objects.select_related("cycle").order_by("pk"))


@pytest.fixture
def everybody(eko: User, dewi: User, ani: User) -> list[User]:
    """An auditor, a curator and an employee of another tree."""
    return [eko, dewi, ani]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_can_be_computed_from_everything_told(
    client: Client, everybody: list[User], seed: int
) -> None:
    listener = Listener(client, everybody[0], Province(seed))
    system = listener.listen()
    told = system.told
    assert all(told[each] for each in ("SHOWN", "distribution", "people", "trend")), told
    assert system.few_that_can_be_computed(K) == set()
    assert system.narrow_scores() == []


def test_no_reader_is_told_more_than_the_interface_tells_the_auditor(
    client: Client, everybody: list[User]
) -> None:
    listener = Listener(client, everybody[0], Province(1))
    listener.listen()
    units = listener.units()
    assert_pages_and_files_tell_nothing_more(client, everybody[0], listener.boards, units)
    for reader in (*everybody[1:], *listener.province.heads):
        boards = boards_told(client, reader, units)
        for key, told in boards.items():
            assert told == listener.boards[key]
        mine = [unit for unit in units if (unit.pk, "SELF") in boards]
        assert bool(mine) == (reader in listener.province.heads)
        assert_pages_and_files_tell_nothing_more(client, reader, boards, mine)
        for unit in set(units) - set(mine):
            address = reverse("dashboards:unit", args=(unit.cycle.code, unit.pk))
            assert client.get(address).status_code == 404


def test_the_solver_finds_who_can_be_computed_where_groups_may_be_smaller(
    client: Client, everybody: list[User]
) -> None:
    with override_settings(MIN_GROUP=2):
        system = Listener(client, everybody[0], Province(1)).listen()
    assert 0 < len(system.few_that_can_be_computed(K)) < K


def test_the_solver_finds_who_is_counted_where_size_alone_says_whose_progress_is_told(
    client: Client, everybody: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve invited people less nine are three: the rule before ADR 0029."""

    def by_size(part: str) -> Case:
        people = KeyTransform("people", f"snapshot__{part}")
        return Case(When(**{f"snapshot__{part}__people__0__gte": K}, then=people))

    monkeypatch.setattr(board, "people_told", by_size)
    system = Listener(client, everybody[0], Province(1)).listen()
    assert 0 < len(system.few_that_can_be_computed(K)) < K


def test_the_solver_finds_who_can_be_computed_where_each_score_counts_at_once(
    client: Client, everybody: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups stay as they are, but batches of one enter: the mean of 12 and tomorrow's of 13."""
    monkeypatch.setattr(
        refreshing, "plan", lambda parents, invited, k: groups.plan(parents, invited, k=K)
    )
    monkeypatch.setattr(batches, "is_wide", lambda *_: True)
    with override_settings(MIN_GROUP=1):
        system = Listener(client, everybody[0], Province(1)).listen()
    assert 0 < len(system.few_that_can_be_computed(K)) < K


def test_the_solver_finds_scores_that_are_nearly_known(
    client: Client, everybody: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "is_wide", lambda *_: True)
    system = Listener(client, everybody[0], Province(1)).listen()
    assert system.narrow_scores() != []
