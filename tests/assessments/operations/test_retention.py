"""Destruction by schedule: what is due and only that, batch by batch, whoever runs beside."""

import threading

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Letter, Throttle
from assessments.files import vault
from assessments.models import Assessment, Evidence, Submission, Tombstone
from assessments.operations import destroy_expired, submit, withdraw
from assessments.operations import retention as module
from audit.models import Destruction, Event, RetentionRule
from audit.operations import adopt_schedule
from tests.aging import let_pass
from tests.assessments.destroying import destroyed, history, what_is_left


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


def test_the_schedule_comes_from_the_settings_and_a_change_is_on_record(db, settings):
    assert dict(RetentionRule.objects.values_list("kind", "months")) == settings.RETENTION_MONTHS
    adopt_schedule({"ASSESSMENTS": 120})
    event = Event.objects.get(verb="retention.changed")
    assert (event.subject_id, event.data) == ("ASSESSMENTS", {"before": 60, "after": 120})


def test_a_longer_schedule_keeps_longer(verified):
    adopt_schedule({"ASSESSMENTS": 120})
    let_pass(6)
    assert destroyed() == []


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


def test_traces_of_signing_in_go_after_a_month(db, ani):
    for requested_at in ("2026-01-01T00:00Z", None):
        letter = Letter.objects.create(kind="RESET", addressee="x")
        if requested_at:
            Letter.objects.filter(pk=letter.pk).update(requested_at=requested_at)
    Throttle.objects.create(kind="RESET", digest="x", count=1, since="2026-01-01T00:00Z")
    assert destroyed() == [("TRACES", "", 0)]
    assert (Letter.objects.count(), Throttle.objects.count()) == (1, 0)
