"""Destruction by schedule: what is due and only that, whoever asks; what remains says so."""

import hashlib
import json
import threading
from decimal import Decimal

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError

from accounts.models import Letter, Throttle
from assessments.errors import AlreadyHeld, CycleDestroyed, CycleRefused, NotHeld
from assessments.files import vault
from assessments.models import (
    Answer,
    Assessment,
    Evidence,
    Rating,
    Review,
    Score,
    ScoringJob,
    Submission,
    SupervisorReport,
    Tombstone,
)
from assessments.operations import (
    AnswerInput,
    destroy_expired,
    lift_hold,
    place_hold,
    reschedule,
    save_answers,
    submit,
    withdraw,
)
from assessments.operations import retention as module
from assessments.operations.evidence import add_evidence
from assessments.queries.retention import due_now
from audit.models import DestroyedLine, Destruction, Event, RetentionRule
from audit.operations import adopt_schedule, digest_history, seal
from audit.queries import Break, first_break
from dashboards.models import UnitSnapshot
from dashboards.operations import rebuild, refresh
from dashboards.operations import verify as verify_figures
from tests.aging import let_pass
from tests.assessments import papers

CODES = ("ALF-01", "ALF-02", "BET-01", "BET-02")
OF_AN_ASSESSMENT = (
    *(Answer, Assessment, Evidence, Rating, Review, Score, ScoringJob, Submission),
    SupervisorReport,
)
HISTORIES = ("Answer", "Assessment", "Rating", "Review", "Score", "Submission", "SupervisorReport")


def history(name):
    return apps.get_model(f"assessments.{name}History").objects


def what_is_left():
    rows = {model.__name__: model.objects.count() for model in OF_AN_ASSESSMENT}
    rows |= {f"{name}History": history(name).count() for name in HISTORIES}
    return {name: number for name, number in rows.items() if number}


@pytest.fixture
def drafted(assessment, ani):
    """Ani's assessment with answers and a file that were never handed in."""
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    add_evidence(assessment=assessment, code="ALF-01", content=papers.pdf(), name="sk.pdf", by=ani)
    return assessment


def destroyed(**expected):
    outcome = destroy_expired(by=None, **expected)
    return [(each.kind, each.cycle, each.subjects) for each in outcome.destructions]


def test_before_its_time_nothing_goes(verified):
    before = what_is_left()
    let_pass(4)
    assert (destroyed(), what_is_left()) == ([], before)


def test_after_its_time_everything_of_an_assessment_goes_and_its_history_with_it(
    verified, django_capture_on_commit_callbacks
):
    key = Evidence.objects.get().key
    let_pass(6)
    with django_capture_on_commit_callbacks(execute=True):
        assert destroyed() == [("ASSESSMENTS", "2026-S2", 2), ("HISTORY", "2026-S2", 0)]
    assert what_is_left() == {}
    with pytest.raises(FileNotFoundError):
        vault.opened(key)


def test_the_proof_says_what_by_which_rule_and_when_and_nothing_of_the_content(verified):
    let_pass(6)
    destroy_expired(by=None)
    proof = Destruction.objects.get(kind="ASSESSMENTS")
    assert (proof.cycle, proof.subjects, proof.months) == ("2026-S2", 2, 60)
    assert proof.rows == sum(number for _table, number in proof.tables)
    assert dict(proof.tables)["assessments_submission"] == 2
    assert len(proof.digest) == 64
    assert "Catatan Ani" not in json.dumps(
        list(Destruction.objects.values()) + list(Event.objects.values()), default=str
    )
    event = Event.objects.get(verb="data.destroyed", data__kind="ASSESSMENTS")
    assert (event.data["digest"], event.subject_id) == (proof.digest, str(proof.pk))


def test_the_digest_can_be_made_again_from_a_copy_of_the_rows(drafted):
    let_pass(2)
    digest = ""
    for table in ("assessments_answerhistory", "assessments_answer", "assessments_evidence"):
        key = "pgh_id" if table.endswith("history") else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(row)::text FROM {table} row ORDER BY {key}")  # noqa: S608
            rows = [hashlib.sha256(text.encode()).hexdigest() for (text,) in cursor.fetchall()]
        digest = hashlib.sha256((digest + "".join(rows)).encode()).hexdigest()
    destroy_expired(by=None)
    assert Destruction.objects.get(kind="DRAFTS").digest == digest


def test_a_draft_goes_after_a_year_and_the_assessment_stands(
    drafted, django_capture_on_commit_callbacks
):
    key = Evidence.objects.get().key
    let_pass(2)
    with django_capture_on_commit_callbacks(execute=True):
        assert destroyed() == [("DRAFTS", "2026-S2", 1)]
    assert what_is_left() == {"Assessment": 2, "AssessmentHistory": 3}
    with pytest.raises(FileNotFoundError):
        vault.opened(key)
    assert destroyed() == []


def test_answers_that_were_taken_back_and_put_in_place_again_leave_no_line(drafted, ani):
    submit(assessment=drafted, by=ani, urgent=False, require_complete=False)
    drafted.refresh_from_db()
    withdraw(assessment=drafted, by=ani)
    let_pass(2)
    destroy_expired(by=None)
    assert (history("Answer").count(), Submission.objects.count()) == (0, 1)


@pytest.mark.parametrize("late", ["Submission", "Score", "Review", "SupervisorReport"])
def test_one_young_row_keeps_the_whole_assessment(verified, late):
    let_pass(6, but=apps.get_model(f"assessments.{late}"))
    assert destroyed() == [("ASSESSMENTS", "2026-S2", 1)]  # Budi's, who was only invited
    assert list(Assessment.objects.values_list("pk", flat=True)) == [verified.pk]


def test_a_cycle_whose_end_was_moved_into_the_past_gives_nothing_away(verified):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_cycle SET opens_at = '2001-01-01', closes_at = '2001-02-01'"
        )
    assert destroyed() == []


def refused(statement, match, *parameters):
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


@pytest.mark.parametrize(
    "table",
    [
        *("submission", "score", "review", "assessment", "supervisorreport"),
        *(f"{name.lower()}history" for name in HISTORIES),
    ],
)
def test_the_database_refuses_younger_rows_even_to_whoever_sets_its_triggers_aside(verified, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'"
        )
        (everything,) = cursor.fetchone()
    refused(
        f"SET LOCAL pgtrigger.ignore = '{everything}'; DELETE FROM assessments_{table}",  # noqa: S608
        "younger than the schedule",
    )


def test_a_destruction_that_names_younger_rows_is_refused_and_nothing_goes(verified):
    before = what_is_left()
    refused(
        "SELECT audit_destroy('ASSESSMENTS', 'x', 1, ARRAY[['assessments_score', 'id', 'true']], '{}', NULL, '')",
        "younger than the schedule",
    )
    assert what_is_left() == before


def test_old_rows_are_still_refused_outside_a_destruction(verified):
    let_pass(6)
    refused("DELETE FROM assessments_submission", "Cannot update or delete")


def test_without_a_schedule_nothing_is_destroyed(verified):
    let_pass(6)
    with transaction.atomic():
        RetentionRule.objects.all().delete()
        refused(
            "SELECT * FROM assessments_due('ASSESSMENTS', %s, 1)", "no schedule", verified.cycle_id
        )
        transaction.set_rollback(True)


def test_the_schedule_comes_from_the_settings_and_a_change_is_on_record(db, settings):
    assert dict(RetentionRule.objects.values_list("kind", "months")) == settings.RETENTION_MONTHS
    adopt_schedule({"ASSESSMENTS": 120})
    event = Event.objects.get(verb="retention.changed")
    assert (event.subject_id, event.data) == ("ASSESSMENTS", {"before": 60, "after": 120})


def test_a_longer_schedule_keeps_longer(verified):
    adopt_schedule({"ASSESSMENTS": 120})
    let_pass(6)
    assert destroyed() == []


def test_a_hold_of_a_cycle_or_a_person_suspends_and_lifting_it_lets_go(verified, ani, budi):
    let_pass(6)
    place_hold(reason="Perkara 12/2031", cycle=verified.cycle, by=None)
    assert (due_now(), destroyed()) == ([], [])
    with pytest.raises(AlreadyHeld):
        place_hold(reason="Lagi", cycle=verified.cycle, by=None)
    lift_hold(cycle=verified.cycle, by=None)
    place_hold(reason="Keberatan", person=ani, by=None)
    assert destroyed() == [("ASSESSMENTS", "2026-S2", 1)]
    assert list(Assessment.objects.values_list("person", flat=True)) == [ani.pk]
    lift_hold(person=ani, by=None)
    with pytest.raises(NotHeld):
        lift_hold(person=ani, by=None)
    destroy_expired(by=None)
    assert what_is_left() == {}
    assert sorted(
        Event.objects.filter(verb__startswith="hold.").values_list("verb", flat=True)
    ) == [
        *("hold.lifted", "hold.lifted", "hold.placed", "hold.placed"),
    ]


def test_a_lifted_hold_is_over_and_stays(verified):
    hold = place_hold(reason="Perkara", cycle=verified.cycle, by=None)
    lift_hold(cycle=verified.cycle, by=None)
    with pytest.raises(InternalError), transaction.atomic():
        type(hold).objects.update(lifted_at=None)
    with pytest.raises(InternalError), transaction.atomic():
        type(hold).objects.all().delete()


def test_a_killed_run_is_finished_by_the_next_one(verified, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    let_pass(6)

    class Killed(BaseException):
        pass

    def die(made):
        if Destruction.objects.count() == 2:
            raise Killed

    with pytest.raises(Killed):
        destroy_expired(by=None, progress=die)
    assert (Assessment.objects.count(), Destruction.objects.count()) == (1, 1)
    destroy_expired(by=None)
    assert what_is_left() == {}
    assert Destruction.objects.filter(kind="ASSESSMENTS").count() == 2


def test_a_run_stops_at_its_time_and_says_that_it_has_not_finished(verified):
    let_pass(6)
    outcome = destroy_expired(by=None, seconds=0)
    assert (outcome.finished, outcome.destructions, Assessment.objects.count()) == (False, [], 2)


@pytest.mark.django_db(transaction=True)
def test_runs_beside_one_another_destroy_each_row_once(verified, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    let_pass(6)
    failures = []

    def run():
        try:
            destroy_expired(by=None)
        except Exception as error:  # noqa: BLE001  told to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert what_is_left() == {}
    assert (
        sum(Destruction.objects.filter(kind="ASSESSMENTS").values_list("subjects", flat=True)) == 2
    )
    assert Tombstone.objects.count() == 2


def test_the_chain_of_seals_still_holds(verified):
    seal()
    let_pass(6)
    destroy_expired(by=None)
    seal()
    assert first_break() is None


def test_what_went_lawfully_leaves_history_that_still_fits_its_digests(verified, ani):
    """Budi's lines stay, in the same ranges: his are under new digests, and guarded like before."""
    place_hold(reason="Keberatan", person=ani, by=None)
    let_pass(6)
    digest_history()
    seal()
    before = history("Assessment").count()
    assert destroyed()[0] == ("ASSESSMENTS", "2026-S2", 1)
    assert 0 < history("Assessment").count() < before
    assert (DestroyedLine.objects.count(), first_break()) == (0, None)
    renewed = Event.objects.filter(verb="history.digested", data__destroyed__gt=0)
    assert {
        event.data["rows"] for event in renewed.filter(subject_type="assessments.Assessment")
    } == {history("Assessment").count()}
    seal()
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_assessmenthistory SET status = 'FINAL'")
    broken = first_break()
    assert broken.sequence > 0
    assert broken.reason.startswith("riwayat assessments_assessmenthistory baris ")


def test_a_killed_run_leaves_what_the_next_one_needs_for_the_digests(verified, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    let_pass(6)
    digest_history()
    destroyed_by_then = []

    class Killed(BaseException):
        pass

    def die(made):
        destroyed_by_then.append(made)
        if len(destroyed_by_then) == 2:
            raise Killed

    with pytest.raises(Killed):
        destroy_expired(by=None, progress=die)
    assert DestroyedLine.objects.exists()
    assert first_break() is None
    destroy_expired(by=None)
    assert (DestroyedLine.objects.count(), first_break()) == (0, None)


def test_what_was_bent_before_a_lawful_destruction_is_still_found_after_it(verified, ani):
    place_hold(reason="Keberatan", person=ani, by=None)
    let_pass(6)
    digest_history()
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_assessmenthistory SET status = 'FINAL' WHERE pgh_obj_id = %s",
            [verified.pk],
        )
    destroy_expired(by=None)
    assert first_break().reason.endswith("isi berubah")


@pytest.mark.parametrize(
    "bent", ["UPDATE audit_destruction SET rows = 1", "DELETE FROM audit_destruction"]
)
def test_a_proof_that_was_bent_is_found(verified, bent):
    let_pass(6)
    destroy_expired(by=None)
    seal()
    number = Destruction.objects.get(kind="ASSESSMENTS").pk
    with pgtrigger.ignore("audit.Destruction:immutable"), connection.cursor() as cursor:
        cursor.execute(f"{bent} WHERE id = %s", [number])
    reason = f"bukti pemusnahan {number} berbeda dari peristiwanya"
    assert first_break() == Break(0, reason)


def test_unit_figures_stay_and_are_not_computed_anew(verified, capsys):
    before = list(UnitSnapshot.objects.order_by("pk").values())
    let_pass(6)
    destroy_expired(by=None)
    cycle = verified.cycle
    for act in (verify_figures, rebuild):
        with pytest.raises(CycleDestroyed, match="telah dimusnahkan menurut jadwal pada"):
            act(cycle=cycle)
    assert refresh(cycle=cycle) == 0
    for command in ("verify_dashboards", "rebuild_dashboards"):
        call_command(command, cycle.code)
        assert "telah dimusnahkan menurut jadwal pada" in capsys.readouterr().out
    assert list(UnitSnapshot.objects.order_by("pk").values()) == before


def test_a_destroyed_cycle_is_not_opened_again(verified):
    let_pass(6)
    destroy_expired(by=None)
    verified.cycle.refresh_from_db()
    with pytest.raises(CycleRefused, match="telah dimusnahkan"):
        reschedule(cycle=verified.cycle, closes_at=verified.cycle.closes_at, by=None)


def test_its_statistics_say_that_there_is_nothing_to_count(verified):
    let_pass(6)
    destroy_expired(by=None)
    with pytest.raises(CommandError, match="telah dimusnahkan menurut jadwal pada"):
        call_command("reliability", verified.cycle.code)


def test_traces_of_signing_in_go_after_a_month(db, ani):
    for requested_at in ("2026-01-01T00:00Z", None):
        letter = Letter.objects.create(kind="RESET", addressee="x")
        if requested_at:
            Letter.objects.filter(pk=letter.pk).update(requested_at=requested_at)
    Throttle.objects.create(kind="RESET", digest="x", count=1, since="2026-01-01T00:00Z")
    assert destroyed() == [("TRACES", "", 0)]
    assert (Letter.objects.count(), Throttle.objects.count()) == (1, 0)
