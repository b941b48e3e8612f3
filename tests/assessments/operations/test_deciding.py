"""What a review comes to: returned, verified, established; and what the database refuses."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts.clock import in_words, portal_today
from accounts.operations import deliver_letters
from assessments import errors
from assessments.enums import ReviewStatus, ScoreKind, Status
from assessments.models import Assessment, Cycle, Review, Score, ScoringJob, StaleUnit
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations import (
    AnswerInput,
    RatingInput,
    establish,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    verify,
    withdraw,
)
from assessments.queries import RatingGapKind, last_return, return_notes
from audit.models import Event

TO_REDO = RatingInput(note="Sertakan nomor surat", to_redo=True)


def close(cycle: Cycle, *, ago: datetime.timedelta = datetime.timedelta(minutes=1)) -> None:
    Cycle.objects.filter(pk=cycle.pk).update(
        opens_at=timezone.now() - datetime.timedelta(days=9), closes_at=timezone.now() - ago
    )


# --- Returning


@pytest.fixture
def marked(handed_in, rated, budi):
    save_ratings(assessment=handed_in, ratings={"BET-01": TO_REDO}, by=budi)
    return rated


def test_returning_freezes_the_levels_and_hands_back_the_answers(handed_in, marked, ani, budi):
    StaleUnit.objects.all().delete()

    review = return_assessment(assessment=handed_in, note="Hampir selesai", by=budi)

    handed_in.refresh_from_db()
    review.refresh_from_db()
    assert (handed_in.status, review.status) == (Status.RETURNED, ReviewStatus.RETURNED)
    assert review.note == "Hampir selesai"
    assert review.completed_at == handed_in.status_changed_at
    assert review.ratings == {
        "ALF-01": "4",
        "ALF-02": {"value": "2", "note": "Ikut piket loket"},
        "BET-01": {"value": "3", "note": "Sertakan nomor surat", "return": True},
        "BET-02": "3",
    }
    assert return_notes(handed_in) == {"BET-01": "Sertakan nomor surat"}
    assert last_return(handed_in) == review
    assert StaleUnit.objects.get().unit_id == handed_in.unit_id
    assert Event.objects.get(verb="assessment.returned").data["indicators"] == ["BET-01"]
    saved = save_answers(
        assessment=handed_in,
        answers={"BET-01": AnswerInput(value=Decimal(2), note="SK 12")},
        by=ani,
    ).saved
    assert saved["BET-01"].value == Decimal(2)


def test_a_return_is_told_by_mail_without_what_was_said(handed_in, marked, ani, budi, mailoutbox):
    ani.email = "ani@contoh.invalid"
    ani.save()
    return_assessment(assessment=handed_in, note="Hampir selesai", by=budi)
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.subject == "Penilaian PRIMA Anda dikembalikan untuk diperbaiki"
    assert f"paling lambat {in_words(handed_in.deadline)}." in mail.body
    assert "Hampir selesai" not in mail.body
    assert "Sertakan nomor surat" not in mail.body


def test_a_return_leaves_a_far_deadline_alone(handed_in, marked, budi, cycle):
    return_assessment(assessment=handed_in, by=budi)
    handed_in.refresh_from_db()
    assert (handed_in.extended_until, handed_in.deadline) == (None, cycle.closes_at)


@pytest.mark.parametrize("ago", [datetime.timedelta(days=2), datetime.timedelta(hours=-1)])
def test_a_return_near_or_after_the_closing_gives_three_days(
    ago, handed_in, marked, ani, budi, cycle
):
    close(cycle, ago=ago)

    return_assessment(assessment=handed_in, by=budi)

    handed_in.refresh_from_db()
    handed_in.cycle.refresh_from_db()
    until = timezone.localtime(handed_in.deadline)
    assert until.date() == portal_today() + datetime.timedelta(days=3)
    assert until.time() == datetime.time(23, 59, 59)
    assert submit(assessment=handed_in, by=ani).sequence == 2


def test_a_longer_extension_is_kept(handed_in, marked, budi, cycle):
    later = timezone.now() + datetime.timedelta(days=30)
    Assessment.objects.filter(pk=handed_in.pk).update(extended_until=later)
    close(cycle)
    return_assessment(assessment=handed_in, by=budi)
    handed_in.refresh_from_db()
    assert handed_in.extended_until == later


def test_returning_again_changes_nothing(handed_in, marked, budi):
    first = return_assessment(assessment=handed_in, by=budi)
    assert return_assessment(assessment=handed_in, note="lain", by=budi).note == first.note == ""
    assert Event.objects.filter(verb="assessment.returned").count() == 1


def test_a_return_says_what_to_redo(handed_in, rated, budi):
    with pytest.raises(errors.NothingMarked):
        return_assessment(assessment=handed_in, by=budi)


def test_every_mark_needs_a_note(handed_in, rated, budi):
    save_ratings(
        assessment=handed_in,
        ratings={"BET-01": RatingInput(to_redo=True), "BET-02": TO_REDO},
        by=budi,
    )
    with pytest.raises(errors.NoteMissing) as refused:
        return_assessment(assessment=handed_in, by=budi)
    assert refused.value.codes == ["BET-01"]


def test_marks_may_stand_without_levels(handed_in, review, budi):
    save_ratings(assessment=handed_in, ratings={"BET-01": TO_REDO}, by=budi)
    assert return_assessment(assessment=handed_in, by=budi).ratings == {
        "BET-01": {"note": "Sertakan nomor surat", "return": True}
    }


# --- Verifying


def test_verifying_freezes_the_levels_and_queues_their_score(handed_in, rated, budi):
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    StaleUnit.objects.all().delete()

    review = verify(assessment=handed_in, note="Terima kasih", by=budi)

    handed_in.refresh_from_db()
    assert (handed_in.status, review.status) == (Status.VERIFIED, ReviewStatus.VERIFIED)
    assert review.ratings["ALF-02"] == {"value": "2", "note": "Ikut piket loket"}
    job = ScoringJob.objects.get()
    assert (job.submission, job.kind) == (handed_in.submission, ScoreKind.VERIFIED)
    assert StaleUnit.objects.count() == 1
    different = Event.objects.get(verb="assessment.verified").data["different"]
    assert different == ["ALF-02", "BET-02"]
    score_jobs([job.pk])
    scores = {score.kind: (score.total, score.review_id) for score in Score.objects.all()}
    assert scores == {
        ScoreKind.SELF: (Decimal("81.25"), None),
        ScoreKind.VERIFIED: (Decimal("75.00"), review.pk),
    }


def test_verifying_again_gives_the_same_review(handed_in, rated, budi):
    assert verify(assessment=handed_in, by=budi) == verify(assessment=handed_in, by=budi)
    assert ScoringJob.objects.filter(kind=ScoreKind.VERIFIED).count() == 1


def test_agreeing_that_something_is_not_relevant_is_kept(handed_in, rated, budi):
    agreed = RatingInput(not_applicable=True)
    save_ratings(assessment=handed_in, ratings={"ALF-02": agreed}, by=budi)
    assert verify(assessment=handed_in, by=budi).ratings["ALF-02"] == {"na": True}


@pytest.mark.parametrize(
    ("ratings", "gap"),
    [
        ({"ALF-01": RatingInput(value=Decimal(2))}, ("ALF-01", RatingGapKind.REASON)),
        ({"ALF-02": RatingInput(value=Decimal(2))}, ("ALF-02", RatingGapKind.REASON)),
        ({"BET-02": RatingInput(not_applicable=True)}, ("BET-02", RatingGapKind.REASON)),
        ({"BET-01": TO_REDO}, ("BET-01", RatingGapKind.MARKED)),
    ],
)
def test_verifying_waits_for_reasons_and_marks(ratings, gap, handed_in, rated, budi):
    save_ratings(assessment=handed_in, ratings=ratings, by=budi)

    with pytest.raises(errors.ReviewIncomplete) as refused:
        verify(assessment=handed_in, by=budi)
    assert [(gap.code, gap.kind) for gap in refused.value.gaps] == [gap]
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_verifying_waits_for_every_level(handed_in, review, budi):
    with pytest.raises(errors.ReviewIncomplete) as refused:
        verify(assessment=handed_in, by=budi)
    assert {gap.kind for gap in refused.value.gaps} == {RatingGapKind.RATING}


def test_a_note_that_is_too_long_is_refused(handed_in, rated, budi):
    with pytest.raises(errors.NoteTooLong):
        verify(assessment=handed_in, note="a" * (NOTE_LENGTH + 1), by=budi)
    rated.refresh_from_db()
    assert rated.status == ReviewStatus.OPEN


@pytest.mark.parametrize("act", [return_assessment, verify])
@pytest.mark.parametrize("who", ["ani", "citra", "dewi"])
def test_nobody_else_decides(act, who, handed_in, marked, request):
    with pytest.raises(errors.NotReviewer):
        act(assessment=handed_in, by=request.getfixturevalue(who))


@pytest.mark.parametrize("act", [return_assessment, verify])
def test_nothing_is_decided_before_the_review_began(act, handed_in, budi):
    with pytest.raises(errors.ReviewNotStarted):
        act(assessment=handed_in, by=budi)


def test_what_is_verified_is_neither_returned_nor_taken_back(handed_in, rated, ani, budi):
    verify(assessment=handed_in, by=budi)
    with pytest.raises(errors.NothingToReview):
        return_assessment(assessment=handed_in, by=budi)
    with pytest.raises(errors.ReviewStarted):
        withdraw(assessment=handed_in, by=ani)


def test_what_is_returned_is_not_verified_until_it_is_handed_in_again(handed_in, marked, ani, budi):
    return_assessment(assessment=handed_in, by=budi)
    with pytest.raises(errors.NothingToReview):
        verify(assessment=handed_in, by=budi)
    submit(assessment=handed_in, by=ani)
    second = open_review(assessment=handed_in, by=budi)
    assert (second.status, Review.objects.count()) == (ReviewStatus.OPEN, 2)


# --- Establishing


def test_establishing_makes_the_verified_results_of_a_closed_cycle_final(
    handed_in, rated, budi, dewi, cycle
):
    verify(assessment=handed_in, by=budi)
    close(cycle)
    cycle.refresh_from_db()
    StaleUnit.objects.all().delete()

    assert establish(cycle=cycle, by=dewi) == 1

    handed_in.refresh_from_db()
    assert handed_in.status == Status.FINAL
    assert Assessment.objects.get(person=budi).status == Status.INVITED
    assert StaleUnit.objects.get().unit_id == handed_in.unit_id
    assert Event.objects.get(verb="assessment.established").subject_id == str(handed_in.pk)
    assert Event.objects.get(verb="cycle.established").data == {"established": 1}
    assert establish(cycle=cycle, by=dewi) == 0
    assert verify(assessment=handed_in, by=budi).status == ReviewStatus.VERIFIED


def test_an_open_cycle_is_not_established(handed_in, rated, budi, dewi, cycle):
    verify(assessment=handed_in, by=budi)
    with pytest.raises(errors.CycleStillOpen):
        establish(cycle=cycle, by=dewi)


# --- What the database refuses, whoever asks

LEGAL = {
    (Status.INVITED, Status.DRAFT),
    (Status.DRAFT, Status.SUBMITTED),
    (Status.RETURNED, Status.SUBMITTED),
    (Status.SUBMITTED, Status.DRAFT),
    (Status.SUBMITTED, Status.RETURNED),
    (Status.SUBMITTED, Status.VERIFIED),
    (Status.VERIFIED, Status.FINAL),
}
# How to get there from handed in.
WAY_TO = {
    Status.DRAFT: (Status.DRAFT,),
    Status.SUBMITTED: (),
    Status.RETURNED: (Status.RETURNED,),
    Status.VERIFIED: (Status.VERIFIED,),
    Status.FINAL: (Status.VERIFIED, Status.FINAL),
}


def is_allowed(row, *steps):
    """Whether the row can be moved so; it is left as it was."""
    savepoint = transaction.savepoint()
    try:
        for step in steps:
            with transaction.atomic():
                row.update(status=step)
    except (InternalError, IntegrityError):
        return False
    else:
        return True
    finally:
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("before", list(WAY_TO))
@pytest.mark.parametrize("after", list(Status))
def test_the_database_allows_the_legal_steps_and_no_other(before, after, handed_in):
    if before != after:
        row = Assessment.objects.filter(pk=handed_in.pk)
        assert is_allowed(row, *WAY_TO[before], after) == ((before, after) in LEGAL)


@pytest.mark.parametrize("after", [status for status in Status if status != Status.INVITED])
def test_from_invited_only_a_draft(after, handed_in, budi):
    Assessment.objects.filter(person=budi).update(submission=handed_in.submission)
    row = Assessment.objects.filter(person=budi)
    assert is_allowed(row, after) == (after == Status.DRAFT)


def test_a_completed_review_is_frozen(handed_in, rated, budi):
    verify(assessment=handed_in, by=budi)
    for act in (
        lambda: Review.objects.update(note="lain"),
        lambda: Review.objects.update(status=ReviewStatus.OPEN, completed_at=None),
        lambda: Review.objects.filter(pk=rated.pk).delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()


def test_a_review_is_completed_only_with_its_time(review):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(status=ReviewStatus.VERIFIED)
