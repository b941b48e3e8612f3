"""Snapshots: after any acts, what refreshing keeps is what a rebuild makes and what answers say."""

import random
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts.models import User
from assessments.enums import ScoreKind, Status
from assessments.models import Assessment, Cycle, Score, ScoringJob, StaleUnit
from assessments.operations import submit, withdraw
from dashboards.models import UnitRelease, UnitSnapshot
from dashboards.operations import rebuild, refresh, verify
from dashboards.queries import participation_of_open_cycles
from dashboards.rollup import Participation, Tally
from dashboards.tasks import refresh_dashboards
from pillars.models import Instrument
from tests.dashboards import worlds
from tests.factories import make_instrument, make_unit, make_user

CODES = ("ALF-01", "ALF-02", "BET-01", "BET-02")


def snapshot(cycle: Cycle, unit: object) -> UnitSnapshot:
    return UnitSnapshot.objects.get(unit=worlds.cycle_unit(cycle, unit))


def everything(cycle: Cycle) -> dict[int, tuple[object, ...]]:
    rows = UnitSnapshot.objects.filter(unit__cycle=cycle)
    return {row.unit_id: (row.own, row.subtree, row.disclosed) for row in rows}


def test_first_refresh_makes_a_snapshot_of_every_unit(cycle: Cycle, units: SimpleNamespace) -> None:
    assert refresh(cycle=cycle) == 4
    assert StaleUnit.objects.count() == 0
    assert Tally.from_json(snapshot(cycle, units.root).subtree).people == Participation(invited=20)
    assert verify(cycle=cycle).differing == ()


def test_refresh_without_a_change_changes_nothing(cycle: Cycle, units: SimpleNamespace) -> None:
    refresh(cycle=cycle)
    before = snapshot(cycle, units.root).refreshed_at
    StaleUnit.objects.create(unit=worlds.cycle_unit(cycle, units.seksi))
    assert refresh(cycle=cycle) == 0
    assert refresh(cycle=cycle) == 0
    assert snapshot(cycle, units.root).refreshed_at == before


def test_refresh_writes_the_changed_unit_and_those_above_it(
    cycle: Cycle, units: SimpleNamespace
) -> None:
    refresh(cycle=cycle)
    worlds.fill(Assessment.objects.filter(unit__unit=units.seksi)[0], [3, 3, 3, 3])
    assert refresh_dashboards() == 3
    started = Tally.from_json(snapshot(cycle, units.root).subtree).people
    assert started == Participation(invited=20, started=1)
    assert Tally.from_json(snapshot(cycle, units.citra).subtree).people == Participation(invited=4)


def test_a_cycle_that_cannot_be_refreshed_holds_up_no_other(
    cycle: Cycle, units: SimpleNamespace, instrument: Instrument
) -> None:
    refresh(cycle=cycle)
    UnitRelease.objects.update(own={"no such state": {}})
    StaleUnit.objects.create(unit=worlds.cycle_unit(cycle, units.seksi))
    other = worlds.make_cycle(instrument, code="2026-2")
    with pytest.raises(ExceptionGroup) as failed:
        refresh_dashboards()
    assert [type(error) for error in failed.value.exceptions] == [ValueError]
    assert set(StaleUnit.objects.values_list("unit__cycle", flat=True)) == {cycle.pk}
    assert UnitSnapshot.objects.filter(unit__cycle=other).count() == 4


def test_refresh_steps_aside_while_another_refreshes_the_cycle(cycle: Cycle) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x5052494D, cycle.pk])
        assert refresh(cycle=cycle) == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert refresh(cycle=cycle) == 4


def test_figures_are_exact_where_weights_make_thirds(units: SimpleNamespace) -> None:
    worlds.staff(units.ani, 5, first=100)
    cycle = worlds.make_cycle(make_instrument(code="THIRDS", pillars=("ALFA",), items=3))
    values = [(1, 1, 2), (1, 2, 2), (4, 4, 4), (3, 3, 4), (2, 2, 3)]
    for assessment, answers in zip(
        Assessment.objects.filter(cycle=cycle).order_by("pk"), values, strict=True
    ):
        worlds.hand_in(assessment, answers)
    refresh(cycle=cycle)
    figure = Tally.from_json(snapshot(cycle, units.ani).own).figure("SELF", "ALFA")
    # All answers add up to 38; each is worth 25 in a pillar of three.
    assert (figure.n, figure.total) == (5, Fraction(38 * 25, 3))
    assert snapshot(cycle, units.ani).disclosed["subtree"]["SELF"]["ALFA"] == {
        "n": 5,
        "mean": "63.33",
        "band": "D",
        "bands": {"A": 1, "B": 1, "D": 3},
    }
    assert verify(cycle=cycle).differing == ()


def test_withdrawn_submission_leaves_the_figures(cycle: Cycle, units: SimpleNamespace) -> None:
    assessment = Assessment.objects.filter(unit__unit=units.seksi)[0]
    worlds.hand_in(assessment, [3, 3, 3, 3])
    refresh(cycle=cycle)
    assert Tally.from_json(snapshot(cycle, units.seksi).own).figure("SELF").n == 1
    withdraw(assessment=assessment, by=assessment.person)
    refresh(cycle=cycle)
    tally = Tally.from_json(snapshot(cycle, units.seksi).own)
    assert tally == Tally(Participation(invited=6, started=1))
    assert verify(cycle=cycle).differing == ()


def test_submission_counts_before_its_score_and_the_score_when_it_is_there(
    cycle: Cycle, units: SimpleNamespace
) -> None:
    assessment = Assessment.objects.filter(unit__unit=units.seksi)[0]
    worlds.fill(assessment, [3, 3, 3, 3])
    submit(assessment=assessment, by=None, require_complete=False, urgent=False)
    refresh(cycle=cycle)
    tally = Tally.from_json(snapshot(cycle, units.seksi).own)
    assert (tally.people.submitted, tally.figure("SELF").n) == (1, 0)
    assert verify(cycle=cycle).differing == ()
    worlds.score_all()
    refresh(cycle=cycle)
    assert Tally.from_json(snapshot(cycle, units.seksi).own).figure("SELF").n == 1


def test_verified_levels_do_not_count_before_they_are_scored(
    cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    assessment = Assessment.objects.filter(unit__unit=units.seksi)[0]
    worlds.hand_in(assessment, [3, 3, 3, 3])
    worlds.verify(assessment, dict.fromkeys(CODES, 2), budi, score=False)
    refresh(cycle=cycle)
    row = snapshot(cycle, units.seksi)
    assert str(row) == "Seksi Pengaduan"
    tally = Tally.from_json(row.own)
    assert (tally.people.verified, tally.figure("VERIFIED").n) == (1, 0)
    assert verify(cycle=cycle).differing == ()
    worlds.score_all()
    refresh(cycle=cycle)
    assert Tally.from_json(snapshot(cycle, units.seksi).own).figure("VERIFIED").n == 1


def test_participation_of_open_cycles_is_that_of_the_whole_tree(cycle: Cycle) -> None:
    refresh(cycle=cycle)
    counts = {"invited": 20, "started": 0, "submitted": 0, "verified": 0}
    assert list(participation_of_open_cycles()) == [("2026-1", counts)]


@pytest.mark.parametrize("seed", range(4))
def test_after_random_acts_refresh_rebuild_and_raw_answers_agree(
    cycle: Cycle, units: SimpleNamespace, seed: int
) -> None:
    dice = random.Random(seed)
    boss = make_user("Kepala", serial=900)
    for _ in range(40):
        assessment = dice.choice(list(Assessment.objects.filter(cycle=cycle)))
        values = [dice.choice([1, 2, 3, 4, None]) for _ in range(4)]
        if assessment.status in (Status.INVITED, Status.DRAFT):
            dice.choice([worlds.fill, worlds.hand_in, worlds.hand_in])(assessment, values)
        elif assessment.status == Status.SUBMITTED:
            if dice.random() < 0.3:
                withdraw(assessment=assessment, by=assessment.person)
            else:
                levels = {code: dice.randint(1, 4) for code in CODES}
                worlds.verify(assessment, levels, boss)
        if dice.random() < 0.4:
            refresh(cycle=cycle)
    refresh(cycle=cycle)
    kept = everything(cycle)
    assert rebuild(cycle=cycle) == 0
    UnitSnapshot.objects.all().delete()
    assert rebuild(cycle=cycle) == 4
    assert everything(cycle) == kept
    assert verify(cycle=cycle).differing == ()


def test_verify_names_a_unit_whose_snapshot_was_changed(
    cycle: Cycle, units: SimpleNamespace
) -> None:
    refresh(cycle=cycle)
    row = snapshot(cycle, units.seksi)
    row.disclosed["subtree"]["SELF"] = None
    row.save()
    result = verify(cycle=cycle)
    assert (result.units, result.differing) == (4, (f"Seksi Pengaduan ({units.seksi.code})",))


def test_verify_names_a_unit_with_a_score_that_its_answers_do_not_have(
    cycle: Cycle, units: SimpleNamespace
) -> None:
    assessment = Assessment.objects.filter(unit__unit=units.seksi)[0]
    worlds.fill(assessment, [3, 3, 3, 3])
    submission = submit(assessment=assessment, by=None, require_complete=False, urgent=False)
    ScoringJob.objects.all().delete()
    Score.objects.create(
        submission=submission,
        kind=ScoreKind.SELF,
        instrument=cycle.instrument,
        method="1",
        numerators=[99, 75, 75],
        denominators=[1, 1, 1],
    )
    rebuild(cycle=cycle)
    assert {unit.rpartition(" (")[0] for unit in verify(cycle=cycle).differing} == {
        "Seksi Pengaduan",
        "Bidang Pelayanan",
        "Provinsi",
    }


def test_verify_names_units_that_no_refresh_has_seen(cycle: Cycle, units: SimpleNamespace) -> None:
    refresh(cycle=cycle)
    make_unit("Unit baru")
    worlds.hand_in_all(cycle, units.citra)
    assert {unit.rpartition(" (")[0] for unit in verify(cycle=cycle).differing} == {
        "Bidang Perencanaan",
        "Provinsi",
    }


def shown(cycle: Cycle, unit: object) -> dict[str, object]:
    return snapshot(cycle, unit).disclosed["subtree"]["SELF"]


def hand_in_some(cycle: Cycle, unit: object, start: int, end: int) -> None:
    people = Assessment.objects.filter(cycle=cycle, unit__unit=unit).order_by("pk")[start:end]
    for number, assessment in enumerate(people, start=start):
        worlds.hand_in(assessment, [2 + number % 3, 3, 4 - number % 3, 2 + number % 2])
    refresh(cycle=cycle)


def test_fifth_new_score_brings_the_four_before_it_into_the_figures(
    fair: Cycle, units: SimpleNamespace
) -> None:
    hand_in_some(fair, units.ani, 0, 4)
    assert shown(fair, units.ani) is None
    hand_in_some(fair, units.ani, 4, 5)
    first = shown(fair, units.ani)
    assert first[""]["n"] == 5
    for end in range(6, 10):
        hand_in_some(fair, units.ani, end - 1, end)
        assert shown(fair, units.ani) == first
        assert verify(cycle=fair).differing == ()
    hand_in_some(fair, units.ani, 9, 10)
    assert shown(fair, units.ani)[""]["n"] == 10
    assert Tally.from_json(snapshot(fair, units.root).subtree).people.submitted == 10


def test_withdrawn_score_stays_in_the_figures_until_five_new_ones_hide_it(
    fair: Cycle, units: SimpleNamespace
) -> None:
    hand_in_some(fair, units.ani, 0, 5)
    before = shown(fair, units.ani)
    someone = Assessment.objects.filter(cycle=fair, unit__unit=units.ani).order_by("pk")[0]
    withdraw(assessment=someone, by=someone.person)
    refresh(cycle=fair)
    assert shown(fair, units.ani) == before
    assert rebuild(cycle=fair) == 0
    assert verify(cycle=fair).differing == ()
    hand_in_some(fair, units.ani, 5, 10)
    assert shown(fair, units.ani)[""]["n"] == 9
    assert verify(cycle=fair).differing == ()


def test_rebuild_keeps_what_was_shown_even_without_snapshots(
    fair: Cycle, units: SimpleNamespace
) -> None:
    hand_in_some(fair, units.ani, 0, 7)
    hand_in_some(fair, units.ani, 7, 9)
    kept = everything(fair)
    assert shown(fair, units.ani)[""]["n"] == 7
    UnitSnapshot.objects.all().delete()
    rebuild(cycle=fair)
    assert everything(fair) == kept


def test_verify_names_units_whose_figures_are_not_of_the_remembered_scores(
    fair: Cycle, units: SimpleNamespace
) -> None:
    hand_in_some(fair, units.ani, 0, 6)
    release = UnitRelease.objects.get(unit=worlds.cycle_unit(fair, units.ani))
    UnitRelease.objects.filter(pk=release.pk).update(entered=release.entered[1:])
    assert f"Bidang Pelayanan ({units.ani.code})" in verify(cycle=fair).differing
