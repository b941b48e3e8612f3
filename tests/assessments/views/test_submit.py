"""Confirming and handing in."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.enums import Status
from assessments.models import ScoringJob, Submission
from assessments.operations import AnswerInput, save_answers
from tests.assessments.conftest import ANSWERS
from tests.assessments.pages import url
from tests.pages import text_of

DECLARED = {"declared": "on"}


@pytest.fixture
def complete(client, assessment, ani):
    """Everything is answered, nothing is handed in."""
    client.force_login(ani)
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    return assessment


def test_it_says_who_will_read_and_until_when_it_can_be_taken_back(client, complete):
    response = client.get(url("submit", complete))
    assert response.status_code == 200
    assert "Drs. Budi Santosa, M.Si. membaca dan meninjau jawaban Anda" in text_of(response)
    assert Submission.objects.count() == 0


def test_handing_in_leads_to_the_receipt(client, complete):
    response = client.post(url("submit", complete), DECLARED)
    assert (response.status_code, response.url) == (303, url("receipt", complete))
    complete.refresh_from_db()
    assert complete.status == Status.SUBMITTED
    assert ScoringJob.objects.count() == 1


def test_handing_in_again_gives_the_same_receipt(client, complete):
    client.post(url("submit", complete), DECLARED)
    first = complete.submissions.get()
    for data in (DECLARED, {}):
        response = client.post(url("submit", complete), data)
        assert (response.status_code, response.url) == (303, url("receipt", complete))
    assert client.get(url("submit", complete)).url == url("receipt", complete)
    assert complete.submissions.get() == first


def test_without_the_declaration_nothing_happens(client, complete):
    response = client.post(url("submit", complete))
    assert response.status_code == 422
    assert "<title>Kesalahan: Ajukan penilaian" in response.content.decode()
    assert "Beri tanda centang" in text_of(response)
    assert Submission.objects.count() == 0


def test_gaps_lead_back_to_the_check_page(client, complete, ani):
    save_answers(
        assessment=complete, answers={"ALF-01": AnswerInput(value=Decimal(4))}, by=ani
    )  # the evidence is gone
    gaps = url("check", complete) + "?gaps"
    assert client.get(url("submit", complete)).url == gaps
    response = client.post(url("submit", complete), DECLARED)
    assert (response.status_code, response.url) == (303, gaps)
    assert Submission.objects.count() == 0


def test_after_the_deadline_it_is_refused_and_the_draft_kept(client, complete, cycle):
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    response = client.post(url("submit", complete), DECLARED)
    assert response.status_code == 409
    assert "Pengisian ditutup" in text_of(response)
    assert complete.answers.count() == 4
    assert Submission.objects.count() == 0


def test_somebody_elses_is_not_found(client, complete, budi):
    client.force_login(budi)
    assert client.get(url("submit", complete)).status_code == 404
    assert client.post(url("submit", complete), DECLARED).status_code == 404
    assert Submission.objects.count() == 0
