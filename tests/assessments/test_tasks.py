"""Scoring by a real worker, and the sweep that carries the guarantee."""

import datetime
from decimal import Decimal

import pytest
from celery import current_app
from django.utils import timezone

from assessments.enums import ScoreKind
from assessments.models import Score, ScoringJob
from assessments.operations import AnswerInput, dispatch_pending, dispatching, save_answers, submit
from assessments.tasks import score


@pytest.fixture
def waiting(assessment, ani):
    """A submission whose announcement got lost."""
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    return ScoringJob.objects.get()


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_scores_what_was_handed_in(celery_worker, eventually, assessment, ani):
    submission = submit(assessment=assessment, by=ani, require_complete=False)
    assert eventually(lambda: Score.objects.filter(submission=submission).first()).total is None


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_what_nobody_announced(celery_worker, eventually, waiting):
    ScoringJob.objects.update(requested_at=timezone.now() - datetime.timedelta(minutes=1))
    assert dispatch_pending() == 1
    assert eventually(lambda: Score.objects.exists() and not ScoringJob.objects.exists())


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_the_same_task_delivered_five_times_writes_one_score(celery_worker, eventually, waiting):
    for _ in range(5):
        score.delay([waiting.pk])
    assert eventually(lambda: not ScoringJob.objects.exists())
    assert Score.objects.count() == 1


def test_the_sweep_leaves_the_fresh_the_announced_and_the_failed(waiting):
    assert dispatch_pending() == 0

    old = timezone.now() - datetime.timedelta(minutes=1)
    ScoringJob.objects.update(requested_at=old, dispatched_at=timezone.now())
    assert dispatch_pending() == 0

    ScoringJob.objects.update(dispatched_at=old)
    assert dispatch_pending() == 1

    ScoringJob.objects.update(dispatched_at=None, failed_at=old)
    assert dispatch_pending() == 0


@pytest.mark.django_db(transaction=True)
def test_what_the_broker_took_stays_marked_when_it_goes_away(waiting, monkeypatch):
    ScoringJob.objects.create(submission=waiting.submission, kind=ScoreKind.VERIFIED)
    ScoringJob.objects.update(requested_at=timezone.now() - datetime.timedelta(minutes=1))
    taken = []

    def send_task(name, args):
        if taken:
            raise ConnectionError("the broker went away")
        taken.extend(args[0])

    monkeypatch.setattr(dispatching, "BATCH", 1)
    monkeypatch.setattr(current_app, "send_task", send_task)
    with pytest.raises(ConnectionError):
        dispatch_pending()
    marked = ScoringJob.objects.filter(dispatched_at__isnull=False)
    assert list(marked.values_list("pk", flat=True)) == taken == [waiting.pk]
