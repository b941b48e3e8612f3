"""A hold keeps what it finds: until it is lifted, beside another one, and while a destruction runs."""

import threading
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.utils import InternalError

from assessments.errors import AlreadyHeld, NotHeld
from assessments.models import Assessment, LegalHold, Tombstone
from assessments.operations import (
    AnswerInput,
    destroy_expired,
    lift_hold,
    place_hold,
    save_answers,
    submit,
    withdraw,
)
from assessments.operations import retention as module
from assessments.queries.retention import due_now
from audit.enums import RetentionKind
from audit.models import Destruction, Event
from organization.enums import CorrectionItem
from organization.models import CorrectionRequest, HrMandate
from organization.operations import ask_for_correction, withdraw_correction
from tests.aging import let_pass
from tests.assessments.destroying import destroyed, what_is_left
from tests.factories import LONG_AGO


class Beside(threading.Thread):
    """An act on a connection of its own; what it raised is kept."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act = act
        self.error = None
        self.start()

    def run(self):
        try:
            self.act()
        except Exception as error:  # noqa: BLE001  told to the test
            self.error = error
        finally:
            connection.close()

    def waits(self):
        self.join(0.5)
        return self.is_alive()


def hold_of(cycle):
    return lambda: place_hold(reason="Perkara", cycle=cycle, by=None)


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
    acts = Event.objects.filter(verb__startswith="hold.").order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == ["hold.placed", "hold.lifted"] * 2


def test_a_lifted_hold_is_over_and_stays(verified):
    hold = place_hold(reason="Perkara", cycle=verified.cycle, by=None)
    lift_hold(cycle=verified.cycle, by=None)
    with pytest.raises(InternalError), transaction.atomic():
        type(hold).objects.update(lifted_at=None)
    with pytest.raises(InternalError), transaction.atomic():
        type(hold).objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_placed_at_once_one_stands_and_the_other_is_told(verified):
    with transaction.atomic():
        hold_of(verified.cycle)()
        second = Beside(hold_of(verified.cycle))
        assert second.waits()
    second.join()
    assert isinstance(second.error, AlreadyHeld)
    assert LegalHold.objects.count() == 1
    assert Event.objects.filter(verb="hold.placed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_placed_at_once_leave_one(verified):
    beside = [Beside(hold_of(verified.cycle)) for _ in range(6)]
    for each in beside:
        each.join()
    told = [each.error for each in beside if each.error]
    assert [type(error) for error in told] == [AlreadyHeld] * 5
    assert LegalHold.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_placed_while_a_batch_runs_keeps_what_the_batch_leaves(verified, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    let_pass(6)
    placed = []

    def place(_made):
        if not placed:
            placed.append(Beside(hold_of(verified.cycle)))
            assert placed[0].waits()

    destroy_expired(by=None, progress=place)
    placed[0].join()
    assert placed[0].error is None
    assert (Assessment.objects.count(), Tombstone.objects.count()) == (1, 1)
    assert LegalHold.objects.filter(lifted_at=None).count() == 1
    destroy_expired(by=None)
    assert Assessment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_destruction_waits_for_one_that_is_being_placed_and_takes_nothing(verified):
    let_pass(6)
    with transaction.atomic():
        hold_of(verified.cycle)()
        run = Beside(lambda: destroy_expired(by=None))
        assert run.waits()
    run.join()
    assert (run.error, Assessment.objects.count(), Destruction.objects.count()) == (None, 2, 0)


@pytest.mark.django_db(transaction=True)
def test_one_that_is_not_placed_after_all_keeps_nothing(verified):
    let_pass(6)
    with transaction.atomic():
        hold_of(verified.cycle)()
        run = Beside(lambda: destroy_expired(by=None))
        assert run.waits()
        transaction.set_rollback(True)
    run.join()
    assert (run.error, Assessment.objects.count()) == (None, 0)


def history():
    return apps.get_model("assessments.AnswerHistory").objects


@pytest.fixture
def left_for_later(assessment, ani, monkeypatch):
    """A destruction that was stopped before it came to the history of the answers it destroyed."""
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    submit(assessment=assessment, by=ani, urgent=False, require_complete=False)
    assessment.refresh_from_db()
    withdraw(assessment=assessment, by=ani)
    let_pass(2)
    monkeypatch.setattr(module, "cycles_with_history_left", list)
    destroy_expired(by=None)
    monkeypatch.undo()
    assert history().exists()
    return assessment


@pytest.mark.parametrize("whose", ["cycle", "person"])
def test_history_that_waits_for_the_next_run_is_kept_and_goes_once_it_is_lifted(
    left_for_later, whose
):
    held = {whose: getattr(left_for_later, whose)}
    lines = history().count()
    place_hold(reason="Perkara", by=None, **held)
    for _day in range(2):
        destroy_expired(by=None)
    assert history().count() == lines
    lift_hold(by=None, **held)
    destroy_expired(by=None)
    assert history().count() == 0
    passed = Destruction.objects.filter(kind=RetentionKind.HISTORY, rows=0)
    assert passed.count() == 1


def test_a_hold_of_another_person_keeps_nothing_of_this_one(left_for_later, budi):
    place_hold(reason="Perkara", person=budi, by=None)
    destroy_expired(by=None)
    assert history().count() == 0


def test_answered_requests_of_a_person_who_is_held_stay(ani, budi, citra, units):
    HrMandate.objects.create(user=citra, unit=units.root, valid=DateRange(LONG_AGO, None))
    for person in (ani, budi):
        correction = ask_for_correction(
            item=CorrectionItem.RANK, requested="IV/a", reference="", by=person
        )
        withdraw_correction(correction=correction, by=person)
    let_pass(6)
    place_hold(reason="Keberatan", person=ani, by=None)
    destroy_expired(by=None)
    assert list(CorrectionRequest.objects.values_list("person", flat=True)) == [ani.pk]
