"""Scoring what was handed in: exactly once, whoever comes when, and never held up by one row."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.utils import InternalError
from django.utils import timezone

from assessments.enums import ReviewStatus, ScoreKind
from assessments.models import Assessment, Review, Score, ScoringJob, StaleUnit, Submission
from assessments.operations import retry_failed, score_jobs, submit
from assessments.queries.schemes import card_of, scheme_of


def test_scoring_writes_the_exact_fractions_and_empties_the_queue(filled, ani, instrument):
    submission = submit(assessment=filled, by=ani)
    StaleUnit.objects.all().delete()

    assert score_jobs([ScoringJob.objects.get().pk]) == 1

    score = Score.objects.get(submission=submission)
    assert score.kind == ScoreKind.SELF
    assert (score.numerators, score.denominators) == (
        [Decimal(325), Decimal(100), Decimal(125)],
        [Decimal(4), Decimal(1), Decimal(2)],
    )
    assert (score.total, score.band) == (Decimal("81.25"), "B")
    assert not ScoringJob.objects.exists()
    assert StaleUnit.objects.count() == 1


def test_the_same_task_again_finds_nothing_to_do(filled, ani):
    submit(assessment=filled, by=ani)
    job_id = ScoringJob.objects.get().pk
    score_jobs([job_id])

    assert score_jobs([job_id, job_id]) == 0
    assert Score.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_tasks_at_once_and_in_any_order_write_the_same_bytes(filled, ani, budi, cycle):
    # Not announced: a real worker of another test may still listen, and would be quicker.
    others = Assessment.objects.filter(cycle=cycle).exclude(pk=filled.pk)
    submit(assessment=filled, by=ani, urgent=False)
    for each in others:
        submit(assessment=each, by=None, require_complete=False, urgent=False)
    job_ids = list(ScoringJob.objects.order_by("pk").values_list("pk", flat=True))
    orders = [job_ids, job_ids[::-1], job_ids[1:] + job_ids[:1], job_ids, job_ids[:1]]

    def once(order: list[int]) -> int:
        try:
            return score_jobs(order)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(once, orders)) == len(job_ids)
    assert not ScoringJob.objects.exists()
    for stored in Score.objects.select_related("submission"):
        card = card_of(stored, stored.submission.answers)
        assert (stored.total, stored.band) == (card.total.rounded, card.total.band or "")
    assert Score.objects.count() == len(job_ids)


def test_a_poisoned_submission_fails_alone_and_can_be_retried(filled, ani, budi, cycle):
    submit(assessment=filled, by=ani)
    other = Assessment.objects.get(cycle=cycle, person=budi)
    poisoned = Submission.objects.create(
        assessment=other,
        sequence=1,
        number="racun",
        submitted_at=timezone.now(),
        answers={"ALF-01": {"value": "bukan angka"}},
        answers_hash="",
    )
    ScoringJob.objects.create(submission=poisoned, kind=ScoreKind.SELF)

    assert score_jobs(list(ScoringJob.objects.values_list("pk", flat=True))) == 1

    failed = ScoringJob.objects.get()
    assert failed.submission == poisoned
    assert failed.failed_at is not None
    assert failed.error.startswith("InvalidOperation")
    assert retry_failed() == 1
    assert retry_failed(job_ids=[failed.pk]) == 0


def test_a_score_that_the_database_refuses_does_not_hold_up_its_batch(filled, ani, budi, cycle):
    refused = submit(assessment=filled, by=ani)
    others = Assessment.objects.filter(cycle=cycle).exclude(pk=filled.pk)
    stored = [submit(assessment=each, by=None, require_complete=False) for each in others]
    StaleUnit.objects.all().delete()
    job_ids = list(ScoringJob.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$BEGIN IF NEW.submission_id = {refused.pk} THEN RAISE EXCEPTION 'racun';"
            " END IF; RETURN NEW; END$$;"
            "CREATE TRIGGER refuse_one BEFORE INSERT ON assessments_score"
            " FOR EACH ROW EXECUTE FUNCTION refuse_one()"
        )

    assert score_jobs(job_ids) == len(stored)

    failed = ScoringJob.objects.get()
    assert failed.submission == refused
    assert failed.failed_at is not None
    assert failed.error.startswith("InternalError: racun")
    assert set(Score.objects.values_list("submission", flat=True)) == {each.pk for each in stored}
    units = {each.assessment.unit_id for each in stored}
    assert set(StaleUnit.objects.values_list("unit", flat=True)) == units
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_one ON assessments_score; DROP FUNCTION refuse_one()")
    assert retry_failed() == 1
    assert score_jobs([failed.pk]) == 1
    assert not ScoringJob.objects.exists()


def test_a_score_never_changes(filled, ani):
    submit(assessment=filled, by=ani)
    score_jobs([ScoringJob.objects.get().pk])

    with pytest.raises(InternalError), transaction.atomic():
        Score.objects.update(total=Decimal(100))
    score = Score.objects.get()
    score.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        score.save(force_insert=True)


def test_both_scores_of_one_submission_may_be_computed_in_one_batch(filled, ani, budi):
    submission = submit(assessment=filled, by=ani)
    Review.objects.create(
        submission=submission,
        reviewer=budi,
        status=ReviewStatus.VERIFIED,
        completed_at=timezone.now(),
        ratings={**submission.answers, "BET-01": "1"},
    )
    ScoringJob.objects.create(submission=submission, kind=ScoreKind.VERIFIED)

    assert score_jobs(list(ScoringJob.objects.values_list("pk", flat=True))) == 2
    assert dict(Score.objects.values_list("kind", "total")) == {
        ScoreKind.SELF: Decimal("81.25"),
        ScoreKind.VERIFIED: Decimal("68.75"),
    }


@pytest.mark.parametrize("error", [OperationalError, SoftTimeLimitExceeded])
def test_what_a_job_is_not_to_blame_for_leaves_it_in_the_queue(filled, ani, error):
    submit(assessment=filled, by=ani)
    job_ids = list(ScoringJob.objects.values_list("pk", flat=True))
    scheme_of.cache_clear()

    def fail(execute, sql, params, many, context):
        if "pillars_instrument" in sql:
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), pytest.raises(error), transaction.atomic():
        score_jobs(job_ids)

    assert list(ScoringJob.objects.values_list("failed_at", flat=True)) == [None]
    assert score_jobs(job_ids) == 1
