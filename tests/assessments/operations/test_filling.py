"""Saving answers: what is stored, what is refused, what two tabs do to each other."""

import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from accounts.models import User
from assessments import errors
from assessments.enums import Status
from assessments.models import Answer, Assessment, Cycle, StaleUnit, Submission
from assessments.operations import AnswerInput, save_answers, submit, withdraw
from assessments.queries import answers_of, gaps, progress
from audit.models import Event

THREE = AnswerInput(value=Decimal(3))


def save(assessment: Assessment, by: User, **answers: AnswerInput):
    return save_answers(
        assessment=assessment,
        answers={code.replace("_", "-"): given for code, given in answers.items()},
        by=by,
    )


def move_cycle(cycle: Cycle, *, opens: datetime.timedelta, closes: datetime.timedelta) -> None:
    now = timezone.now()
    Cycle.objects.filter(pk=cycle.pk).update(opens_at=now + opens, closes_at=now + closes)


def test_first_answer_begins_the_assessment(assessment, ani):
    StaleUnit.objects.all().delete()

    result = save(assessment, ani, ALF_01=THREE)

    assessment.refresh_from_db()
    assert assessment.status == Status.DRAFT
    assert assessment.started_at is not None
    assert result.saved["ALF-01"].revision == 1
    assert StaleUnit.objects.get().unit_id == assessment.unit_id
    assert Event.objects.filter(verb="assessment.started", actor_id=ani.pk).count() == 1


def test_a_choice_is_replaced_and_its_revision_grows(assessment, ani):
    save(assessment, ani, ALF_01=THREE)
    save(assessment, ani, ALF_01=AnswerInput(value=Decimal(2), note="Catatan", revision=1))

    answer = Answer.objects.get()
    assert (answer.value, answer.note, answer.revision) == (Decimal(2), "Catatan", 2)


def test_nothing_sent_never_deletes_a_choice(assessment, ani):
    save(assessment, ani, ALF_01=THREE)
    save(assessment, ani, ALF_01=AnswerInput(note="hanya catatan", revision=1))

    answer = Answer.objects.get()
    assert (answer.value, answer.note) == (Decimal(3), "hanya catatan")


def test_not_applicable_replaces_a_value(assessment, ani):
    save(assessment, ani, ALF_02=THREE)
    save(assessment, ani, ALF_02=AnswerInput(not_applicable=True, reason="Tanpa tugas itu"))

    answer = Answer.objects.get()
    assert (answer.value, answer.not_applicable, answer.reason) == (None, True, "Tanpa tugas itu")


def test_a_repeated_request_changes_nothing(assessment, ani):
    given = AnswerInput(value=Decimal(3), revision=0, token=uuid4())
    first = save(assessment, ani, ALF_01=given).saved["ALF-01"]
    again = save(assessment, ani, ALF_01=given)

    assert again.conflicts == {}
    assert (again.saved["ALF-01"].revision, again.saved["ALF-01"].saved_at) == (1, first.saved_at)


def test_the_same_content_from_a_stale_form_is_no_conflict(assessment, ani):
    save(assessment, ani, ALF_01=THREE)
    result = save(assessment, ani, ALF_01=AnswerInput(value=Decimal(3), revision=0))

    assert result.conflicts == {}
    assert Answer.objects.get().revision == 1


def test_two_tabs_on_different_items_are_both_kept(assessment, ani):
    save(assessment, ani, ALF_01=AnswerInput(value=Decimal(3), revision=0))
    save(assessment, ani, ALF_02=AnswerInput(value=Decimal(1), revision=0))

    assert {code: answer.value for code, answer in answers_of(assessment).items()} == {
        "ALF-01": Decimal(3),
        "ALF-02": Decimal(1),
    }


def test_two_tabs_on_one_item_conflict_and_the_other_items_are_kept(assessment, ani):
    save(assessment, ani, ALF_01=AnswerInput(value=Decimal(3), note="pertama", revision=0))
    result = save(
        assessment,
        ani,
        ALF_01=AnswerInput(value=Decimal(1), note="kedua", revision=0),
        ALF_02=AnswerInput(value=Decimal(2), revision=0),
    )

    assert list(result.saved) == ["ALF-02"]
    assert result.conflicts["ALF-01"].note == "pertama"
    assert answers_of(assessment)["ALF-01"].value == Decimal(3)


@pytest.mark.parametrize(
    ("code", "given", "refusal"),
    [
        ("GAM-01", THREE, errors.UnknownIndicator),
        ("ALF-01", AnswerInput(value=Decimal(5)), errors.ValueOutsideScale),
        ("ALF-01", AnswerInput(value=Decimal("2.5")), errors.ValueOutsideScale),
        ("ALF-01", AnswerInput(not_applicable=True), errors.NotApplicableRefused),
        ("ALF-02", AnswerInput(value=Decimal(1), not_applicable=True), errors.ValueOutsideScale),
        ("ALF-01", AnswerInput(value=Decimal(1), note="x" * 2_001), errors.AnswerTooLong),
        ("ALF-01", AnswerInput(value=Decimal(1), reason="x" * 501), errors.AnswerTooLong),
        ("ALF-01", AnswerInput(value=Decimal(1), evidence=("x",) * 11), errors.AnswerTooLong),
        ("ALF-01", AnswerInput(value=Decimal(1), evidence=("x" * 501,)), errors.AnswerTooLong),
    ],
)
def test_a_refused_answer_names_its_indicator_and_stores_nothing(
    assessment, ani, code, given, refusal
):
    with pytest.raises(refusal) as refused:
        save_answers(assessment=assessment, answers={"BET-01": THREE, code: given}, by=ani)

    assert refused.value.code == code
    assert not Answer.objects.exists()


def test_before_opening_nothing_is_stored(assessment, cycle, ani):
    move_cycle(cycle, opens=datetime.timedelta(hours=1), closes=datetime.timedelta(hours=2))

    with pytest.raises(errors.NotOpenYet):
        save(assessment, ani, ALF_01=THREE)
    assert not Answer.objects.exists()


def test_after_the_deadline_the_draft_is_kept(assessment, cycle, ani):
    save(assessment, ani, ALF_01=THREE)
    move_cycle(cycle, opens=-datetime.timedelta(hours=2), closes=-datetime.timedelta(seconds=1))

    with pytest.raises(errors.DeadlinePassed):
        save(assessment, ani, ALF_01=AnswerInput(value=Decimal(1)))
    assert Answer.objects.get().value == Decimal(3)


def test_a_personal_extension_outlives_the_cycle(assessment, cycle, ani):
    move_cycle(cycle, opens=-datetime.timedelta(hours=2), closes=-datetime.timedelta(seconds=1))
    Assessment.objects.update(extended_until=timezone.now() + datetime.timedelta(hours=1))

    save(assessment, ani, ALF_01=THREE)
    assert Answer.objects.get().value == Decimal(3)


def test_a_handed_in_answer_is_frozen_by_operation_and_database(assessment, ani):
    answer = save(assessment, ani, ALF_01=THREE).saved["ALF-01"]
    submit(assessment=assessment, by=ani, require_complete=False)

    with pytest.raises(errors.NotEditable):
        save(assessment, ani, ALF_01=AnswerInput(value=Decimal(1)))
    assert not Answer.objects.exists()
    kept = Answer(assessment=assessment, indicator_id=answer.indicator_id, value=Decimal(1))
    with pytest.raises(IntegrityError, match="are frozen"), transaction.atomic():
        kept.save()


def test_a_row_that_stayed_beside_a_submission_is_frozen_by_the_database(assessment, ani):
    """As rows of before did, which stayed when they were handed in."""
    save(assessment, ani, ALF_01=THREE)
    submission = Submission.objects.create(
        assessment=assessment,
        sequence=1,
        number="dahulu",
        submitted_at=timezone.now(),
        answers={"ALF-01": {"value": "3"}},
        answers_hash="",
    )
    Assessment.objects.filter(pk=assessment.pk).update(
        status=Status.SUBMITTED, submission=submission
    )

    for act in (
        lambda: Answer.objects.update(note="diam-diam"),
        lambda: Answer.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE assessments_answer SET value = 1"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    withdraw(assessment=assessment, by=ani)
    assert (Answer.objects.get().value, Answer.objects.get().revision) == (Decimal(3), 1)


def test_the_database_refuses_a_value_that_is_no_level(assessment, ani):
    save(assessment, ani, ALF_01=THREE)

    with pytest.raises(IntegrityError, match="answer_value_is_level"), transaction.atomic():
        Answer.objects.update(value=Decimal("2.5"))


def test_the_database_refuses_an_illegal_step(assessment):
    with pytest.raises(InternalError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(status=Status.FINAL)


def test_progress_counts_answers_and_gaps_name_what_is_missing(assessment, ani):
    save(
        assessment,
        ani,
        ALF_01=AnswerInput(value=Decimal(4)),
        ALF_02=AnswerInput(not_applicable=True),
    )

    alfa, beta = progress(assessment)
    assert (alfa.answered, alfa.total, alfa.is_complete) == (2, 2, False)
    assert (beta.answered, beta.total, beta.is_started) == (0, 2, False)
    assert [(gap.code, str(gap.kind)) for gap in gaps(assessment)] == [
        ("ALF-01", "evidence"),
        ("ALF-02", "reason"),
        ("BET-01", "answer"),
        ("BET-02", "answer"),
    ]
