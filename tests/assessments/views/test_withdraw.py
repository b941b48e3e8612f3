"""Taking back, until the review starts."""

import datetime

import pytest
from django.utils import timezone

from assessments.enums import Status
from tests.assessments.pages import url
from tests.pages import text_of


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def test_it_asks_first(client, handed_in):
    response = client.get(url("withdraw", handed_in))
    assert "Ya, tarik kembali" in text_of(response)
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_it_becomes_a_draft_again(client, handed_in):
    response = client.post(url("withdraw", handed_in))
    assert (response.status_code, response.url) == (303, url("tasks", handed_in))
    handed_in.refresh_from_db()
    assert handed_in.status == Status.DRAFT
    assert "Penilaian ditarik kembali." in text_of(client.get(response.url))


def test_once_the_review_started_it_is_refused(client, handed_in, review):
    assert "sudah mulai meninjau" in text_of(client.get(url("withdraw", handed_in)))
    response = client.post(url("withdraw", handed_in))
    assert response.status_code == 409
    assert "sudah mulai meninjau" in text_of(response)
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_after_the_deadline_it_is_refused(client, handed_in, cycle):
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    assert "Batas waktu pengisian sudah lewat" in text_of(client.get(url("withdraw", handed_in)))
    assert client.post(url("withdraw", handed_in)).status_code == 409


def test_what_was_not_handed_in_cannot_be_taken_back(client, assessment):
    assert "sedang tidak diajukan" in text_of(client.get(url("withdraw", assessment)))
    assert client.post(url("withdraw", assessment)).status_code == 409


def test_somebody_elses_is_not_found(client, handed_in, budi):
    client.force_login(budi)
    assert client.post(url("withdraw", handed_in)).status_code == 404
