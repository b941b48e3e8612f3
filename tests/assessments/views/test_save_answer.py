"""One answer at a time, as the page's script sends it."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from assessments.models import Answer
from assessments.operations import AnswerInput, save_answers, submit, withdraw
from tests.assessments.pages import url
from tests.assessments.views.answering import SECTION, stored

ONE = {name: value for name, value in SECTION.items() if name.startswith("ALF-01")}


@pytest.fixture
def send(client, assessment, ani):
    """Send one answer as Ani's page does."""
    client.force_login(ani)

    def post(changes=None):
        facts = {"indicator": "ALF-01", "ALF-01": "3", "token": uuid.uuid4().hex} | ONE
        return client.post(url("save_answer", assessment), facts | (changes or {}))

    return post


def test_an_answer_is_stored_and_acknowledged(send, assessment):
    response = send({"ALF-01:note": "catatan"})
    kept = Answer.objects.get(assessment=assessment)
    moment = timezone.localtime(kept.saved_at)
    assert response.status_code == 200
    assert response.json() == {
        "state": "saved",
        "revision": 1,
        "text": f"Tersimpan {moment:%H.%M} WIB",
    }
    assert (kept.value, kept.note, kept.revision) == (3, "catatan", 1)


def test_saving_costs_seven_queries(send, django_assert_num_queries):
    send()
    # Session, person; begin, the own draft read and locked, its answer, upsert, commit.
    with django_assert_num_queries(7):
        send({"ALF-01": "2", "ALF-01:revision": "1"})


def test_a_repeated_request_changes_nothing(send, assessment):
    token = uuid.uuid4().hex
    first = send({"token": token}).json()
    assert send({"token": token}).json() == first
    assert Answer.objects.get(assessment=assessment).revision == 1


def test_a_stale_answer_is_told_what_is_stored_and_whose_it_is(send, assessment):
    token = uuid.uuid4().hex
    send({"ALF-01": "2", "ALF-01:note": "dari ponsel", "token": token})
    response = send({"ALF-01": "4", "ALF-01:note": "dari komputer"})
    told = response.json()
    assert response.status_code == 409
    assert (told["state"], told["revision"], told["token"]) == ("conflict", 1, token)
    assert "dari ponsel" in told["messages"]
    assert stored(assessment) == {"ALF-01": 2}


def test_an_answer_of_another_kind_of_save_has_no_token(send, assessment, ani):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(1))}, by=ani)
    assert send().json()["token"] == ""


@pytest.mark.parametrize("value", ["0", "5", "NaN", "3.5", "", "NA", "１"])
def test_a_value_outside_the_scale_is_refused_at_its_place(send, assessment, value):
    response = send({"ALF-01": value})
    assert response.status_code == 422
    assert response.json()["state"] == "invalid"
    assert "Pilih salah satu pilihan yang tersedia." in response.json()["messages"]
    assert stored(assessment) == {}


def test_nothing_sent_is_nothing_stored(client, assessment, ani):
    client.force_login(ani)
    response = client.post(url("save_answer", assessment), {"indicator": "ALF-01"})
    assert response.json()["state"] == "invalid"
    assert stored(assessment) == {}


@pytest.mark.parametrize("code", ["SKM-01", "", "x" * 10_000])
def test_an_indicator_of_another_instrument_is_refused(send, assessment, code):
    response = send({"indicator": code})
    assert (response.status_code, response.json()["state"]) == (422, "refused")
    assert len(response.content) < 400
    assert stored(assessment) == {}


def test_a_broken_token_is_refused(send, assessment):
    assert send({"token": "bukan-uuid"}).json()["state"] == "invalid"
    assert stored(assessment) == {}


def test_after_the_deadline_it_is_refused(send, assessment, cycle):
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    response = send()
    assert (response.status_code, response.json()["state"]) == (409, "refused")
    assert "Pengisian ditutup" in response.json()["text"]


def test_without_a_session_it_leads_to_sign_in(send):
    send()
    Session.objects.all().delete()
    assert send().status_code == 302


def test_somebody_elses_assessment_is_not_found(client, assessment, citra):
    client.force_login(citra)
    response = client.post(url("save_answer", assessment), {"indicator": "ALF-01", "ALF-01": "3"})
    assert response.status_code == 404
    assert stored(assessment) == {}


def test_reading_is_refused(client, assessment, ani):
    client.force_login(ani)
    assert client.get(url("save_answer", assessment)).status_code == 405


def test_a_late_answer_is_refused_and_what_was_handed_in_stays(send, assessment, ani):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(2))}, by=ani)
    submission = submit(assessment=assessment, by=ani, require_complete=False)
    response = send({"ALF-01": "4", "ALF-01:note": "terlambat"})
    assert (response.status_code, response.json()["state"]) == (409, "refused")
    assert not Answer.objects.exists()
    submission.refresh_from_db()
    assert submission.answers == {"ALF-01": "2"}


def test_a_page_from_before_taking_back_is_shown_both_answers(send, assessment, ani):
    send({"ALF-01": "2"})
    submit(assessment=assessment, by=ani, require_complete=False)
    withdraw(assessment=assessment, by=ani)
    response = send({"ALF-01": "4", "ALF-01:revision": "1"})
    assert (response.status_code, response.json()["state"]) == (409, "conflict")
    assert response.json()["revision"] == 2
    assert Answer.objects.get().value == Decimal(2)
