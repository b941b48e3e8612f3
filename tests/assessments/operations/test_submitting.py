"""Handing in, taking back, and scoring what was handed in."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts.clock import in_words, shown_to
from accounts.enums import TimeZone
from accounts.models import Letter
from accounts.operations import deliver_letters
from assessments import errors
from assessments.enums import Status
from assessments.models import (
    Answer,
    Assessment,
    Cycle,
    Review,
    Score,
    ScoringJob,
    StaleUnit,
    Submission,
)
from assessments.operations import (
    AnswerInput,
    hash_of,
    save_answers,
    submit,
    withdraw,
)
from audit.models import Event
from tests.assessments.operations.test_filling import move_cycle


def test_submit_freezes_the_answers_and_queues_the_score(filled, ani, cycle):
    StaleUnit.objects.all().delete()

    submission = submit(assessment=filled, by=ani)

    filled.refresh_from_db()
    assert (filled.status, filled.submission) == (Status.SUBMITTED, submission)
    assert submission.number == f"2026-S2-{filled.pk:07d}-1"
    assert submission.answers == {
        "ALF-01": {"value": "4", "evidence": ["SK 800/12/2026"]},
        "ALF-02": {"na": True, "reason": "Tidak melayani warga"},
        "BET-01": {"value": "3", "note": "Lihat laporan"},
        "BET-02": "2",
    }
    assert submission.answers_hash == hash_of(submission.answers)
    assert ScoringJob.objects.get().submission == submission
    assert StaleUnit.objects.count() == 1
    assert Event.objects.get(verb="assessment.submitted").data["receipt"] == submission.number


def test_submitting_again_gives_the_same_receipt(filled, ani):
    first = submit(assessment=filled, by=ani)
    assert submit(assessment=filled, by=ani) == first
    assert Submission.objects.count() == 1


def test_a_copy_of_the_receipt_comes_by_mail_once_and_in_the_persons_zone(filled, ani, mailoutbox):
    ani.email, ani.time_zone = "ani@contoh.invalid", TimeZone.WITA
    ani.save()
    submission = submit(assessment=filled, by=ani)
    submit(assessment=filled, by=ani)
    deliver_letters()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        ["ani@contoh.invalid"],
        f"Tanda terima PRIMA {submission.number}",
    )
    with shown_to(ani):
        assert f"sudah diterima {in_words(submission.submitted_at)}." in mail.body
    assert f"/penilaian/{filled.pk}/tanda-terima/" in mail.body


def test_what_an_office_hands_in_from_a_file_writes_to_nobody(filled, ani, dewi):
    ani.email = dewi.email = "orang@contoh.invalid"
    ani.save()
    submit(assessment=filled, by=dewi, urgent=False)
    assert not Letter.objects.exists()


def test_an_incomplete_assessment_is_refused_with_what_is_missing(assessment, ani):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(4))}, by=ani)

    with pytest.raises(errors.Incomplete) as refused:
        submit(assessment=assessment, by=ani)
    assert [gap.code for gap in refused.value.gaps] == ["ALF-01", "ALF-02", "BET-01", "BET-02"]
    assert not Submission.objects.exists()


def test_an_import_hands_in_what_there_is_even_nothing(assessment, ani):
    submission = submit(assessment=assessment, by=None, require_complete=False)
    assert submission.answers == {}


def test_after_the_deadline_the_draft_stays(filled, ani, cycle):
    move_cycle(cycle, opens=-datetime.timedelta(hours=2), closes=-datetime.timedelta(seconds=1))

    with pytest.raises(errors.DeadlinePassed):
        submit(assessment=filled, by=ani)
    filled.refresh_from_db()
    assert filled.status == Status.DRAFT
    assert filled.answers.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_request_that_waited_past_the_deadline_was_in_time(filled, ani, cycle):
    closes_at = timezone.now() + datetime.timedelta(seconds=1)
    Cycle.objects.filter(pk=cycle.pk).update(closes_at=closes_at)

    def wait_and_submit() -> Submission:
        try:
            return submit(assessment=filled, by=ani)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=filled.pk)
            waiting = pool.submit(wait_and_submit)
            connection.cursor().execute("SELECT pg_sleep(1.5)")
        submission = waiting.result()
    assert submission.submitted_at <= closes_at


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_submits_give_one_acceptance_and_one_receipt(filled, ani):
    def once(_: int) -> str:
        try:
            return submit(assessment=filled, by=ani).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        numbers = list(pool.map(once, range(50)))
    assert numbers == [Submission.objects.get().number] * 50
    assert Event.objects.filter(verb="assessment.submitted").count() == 1
    # Where a worker runs beside the tests, it may have been there already.
    assert ScoringJob.objects.count() + Score.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_saves_racing_a_submit_the_snapshot_holds_those_that_were_acknowledged(filled, ani):
    """What was acknowledged before is in the receipt's document; what comes after is refused."""

    def save(number: int) -> str:
        note = f"catatan {number}"
        given = {"BET-01": AnswerInput(value=Decimal(3), note=note)}
        try:
            save_answers(assessment=filled, answers=given, by=ani)
        except errors.NotEditable:
            return ""
        finally:
            connections.close_all()
        return note

    def hand_in() -> Submission:
        try:
            return submit(assessment=filled, by=ani, urgent=False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        saves = [pool.submit(save, number) for number in range(10)]
        receipt = pool.submit(hand_in)
        saves += [pool.submit(save, number) for number in range(10, 40)]
        acknowledged = [each.result() for each in saves]
    stored = Submission.objects.get()
    assert (stored.number, stored.answers_hash) == (
        receipt.result().number,
        hash_of(stored.answers),
    )
    assert stored.answers["BET-01"]["note"] in {"Lihat laporan", *filter(None, acknowledged)}
    assert not Answer.objects.exists()
    assert "" in acknowledged


def test_withdrawn_it_is_a_draft_again_and_the_submission_stays_on_record(filled, ani):
    first = submit(assessment=filled, by=ani)
    withdraw(assessment=filled, by=ani)

    filled.refresh_from_db()
    assert filled.status == Status.DRAFT
    second = submit(assessment=filled, by=ani)
    assert (first.sequence, second.sequence) == (1, 2)
    assert list(Submission.objects.values_list("pk", flat=True)) == [first.pk, second.pk]


def test_nothing_to_withdraw(filled, ani):
    with pytest.raises(errors.NotSubmitted):
        withdraw(assessment=filled, by=ani)


def test_no_withdrawing_once_the_review_began(filled, ani, budi):
    submission = submit(assessment=filled, by=ani)
    Review.objects.create(submission=submission, reviewer=budi)

    with pytest.raises(errors.ReviewStarted):
        withdraw(assessment=filled, by=ani)


def test_no_withdrawing_after_verification(filled, ani):
    submit(assessment=filled, by=ani)
    Assessment.objects.filter(pk=filled.pk).update(status=Status.VERIFIED)

    with pytest.raises(errors.ReviewStarted):
        withdraw(assessment=filled, by=ani)


def test_no_withdrawing_after_the_deadline(filled, ani, cycle):
    submit(assessment=filled, by=ani)
    move_cycle(cycle, opens=-datetime.timedelta(hours=2), closes=-datetime.timedelta(seconds=1))

    with pytest.raises(errors.DeadlinePassed):
        withdraw(assessment=filled, by=ani)


def test_a_submission_never_changes(filled, ani):
    submit(assessment=filled, by=ani)

    for act in (
        lambda: Submission.objects.update(answers={}),
        lambda: connection.cursor().execute("DELETE FROM assessments_submission"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            act()
