"""One section: reading it, sending the whole of it, and every way in which that goes wrong."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import Status
from assessments.models import Answer
from assessments.operations import (
    AnswerInput,
    RatingInput,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
)
from tests.assessments.pages import url
from tests.assessments.views.answering import SECTION, checked, stored
from tests.pages import text_of


@pytest.fixture
def section(assessment):
    return url("fill", assessment, "ALFA")


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def answer(assessment, ani, **choices):
    answers = {code.replace("_", "-"): given for code, given in choices.items()}
    save_answers(assessment=assessment, answers=answers, by=ani)


def test_nothing_is_preselected(client, section):
    response = client.get(section)
    assert response.status_code == 200
    assert checked(response) == {}
    assert response.content.decode().count("<legend>") == 2


def test_radios_are_named_by_indicator_and_carry_the_whole_descriptor(client, section):
    html = client.get(section).content.decode()
    assert html.count('type="radio" name="ALF-01"') == 4
    assert html.count('type="radio" name="ALF-02"') == 5  # and "tidak relevan"
    assert html.count("Perilaku tingkat 3.") == 2


def test_a_section_costs_six_queries(client, section, assessment, ani, django_assert_num_queries):
    answer(assessment, ani, ALF_01=AnswerInput(value=Decimal(2)))
    client.get(section)
    with django_assert_num_queries(6):  # session, person, assessment, answers, files, navigation
        client.get(section)


def test_stored_answers_come_back(client, section, assessment, ani):
    answer(
        assessment,
        ani,
        ALF_01=AnswerInput(value=Decimal(3), note='<b>"saya"</b>'),
        ALF_02=AnswerInput(not_applicable=True, reason="bukan tugas saya"),
    )
    response = client.get(section)
    assert checked(response) == {"ALF-01": "3", "ALF-02": "NA"}
    assert "&lt;b&gt;&quot;saya&quot;&lt;/b&gt;" in response.content.decode()


def test_a_complete_section_leads_to_the_next(client, section, assessment):
    response = client.post(section, SECTION | {"ALF-01": "3", "ALF-02": "2", "next": "on"})
    assert (response.status_code, response.url) == (303, url("fill", assessment, "BETA"))
    assert stored(assessment) == {"ALF-01": 3, "ALF-02": 2}
    assessment.refresh_from_db()
    assert assessment.status == Status.DRAFT


def test_the_last_section_leads_to_checking(client, assessment):
    response = client.post(url("fill", assessment, "BETA"), {"BET-01": "1", "BET-02": "1"})
    assert response.url == url("check", assessment)


def test_saving_to_the_task_list_asks_for_nothing(client, section, assessment):
    response = client.post(section, SECTION | {"ALF-01": "3", "next": "tasks"})
    assert (response.status_code, response.url) == (303, url("tasks", assessment))
    assert stored(assessment) == {"ALF-01": 3}
    assert "Jawaban pilar Alfa tersimpan." in text_of(client.get(response.url))


def test_an_incomplete_section_is_stored_and_says_what_is_missing(client, section, assessment):
    response = client.post(section, SECTION | {"ALF-01": "4", "next": "on"}, follow=True)
    assert stored(assessment) == {"ALF-01": 4}
    html = response.content.decode()
    assert "<title>Kesalahan: Alfa" in html
    assert 'href="#id_ALF-01--evidence"' in html
    assert 'href="#id_ALF-02_0"' in html
    assert 'aria-describedby="pesan-ALF-02"' in html
    assert checked(response) == {"ALF-01": "4"}


def test_only_what_is_missing_is_marked(client, section, assessment):
    sent = SECTION | {"ALF-01": "3", "next": "on"}
    html = client.post(section, sent, follow=True).content.decode()
    assert 'href="#id_ALF-02_0"' in html
    assert 'href="#id_ALF-01' not in html


def test_a_change_from_the_check_page_returns_there(client, section, assessment):
    html = client.get(section + "?change=ALF-02").content.decode()
    assert 'name="change" value="ALF-02"' in html
    response = client.post(section, SECTION | {"ALF-02": "1", "change": "ALF-02", "next": "on"})
    assert response.url == url("check", assessment) + "#jawaban-ALF-02"


def test_a_change_to_something_unknown_goes_the_usual_way(client, section, assessment):
    sent = SECTION | {"ALF-01": "1", "ALF-02": "1", "change": "//jahat.invalid"}
    assert client.post(section, sent).url == url("fill", assessment, "BETA")


def test_a_fault_keeps_what_was_typed_and_stores_the_rest(client, section, assessment):
    sent = SECTION | {"ALF-01": "7", "ALF-01:note": "catatan panjang", "ALF-02": "2"}
    response = client.post(section, sent)
    assert response.status_code == 422
    assert stored(assessment) == {"ALF-02": 2}
    assert "Kesalahan: Alfa" in response.content.decode()
    assert "catatan panjang" in text_of(response)
    assert checked(response) == {"ALF-02": "2"}
    assert 'name="ALF-02:revision" value="1"' in response.content.decode()


def test_a_repeated_key_is_refused(client, section, assessment):
    response = client.post(
        section, "ALF-01=3&ALF-01=4&ALF-02=2", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 422
    assert stored(assessment) == {"ALF-02": 2}
    assert "terkirim lebih dari sekali" in text_of(response)


@pytest.mark.parametrize("code", ["BET-01", "SKM-01"])
def test_an_answer_to_another_section_or_instrument_is_refused(client, section, assessment, code):
    response = client.post(section, {"ALF-01": "3", code: "2"})
    assert response.status_code == 422
    assert stored(assessment) == {"ALF-01": 3}
    assert f"“{code}” bukan bagian dari halaman ini" in text_of(response)


def test_a_stale_form_shows_both_answers_and_lets_the_person_choose(
    client, section, assessment, ani
):
    answer(assessment, ani, ALF_01=AnswerInput(value=Decimal(2), note="dari ponsel"))
    mine = SECTION | {"ALF-01": "3", "ALF-01:note": "dari komputer", "ALF-02": "1"}
    response = client.post(section, mine)
    assert response.status_code == 409
    assert stored(assessment) == {"ALF-01": 2, "ALF-02": 1}
    assert "dari ponsel" in text_of(response)
    assert "dari komputer" in text_of(response)
    assert checked(response)["ALF-01"] == "3"

    again = mine | {"ALF-02:revision": "1", "ALF-01:seen": "1"}
    assert client.post(section, again).status_code == 409  # not chosen yet
    assert client.post(section, again | {"ALF-01:keep": "stored"}).status_code == 303
    assert stored(assessment)["ALF-01"] == 2
    assert client.post(section, again | {"ALF-01:keep": "mine"}).status_code == 303
    kept = Answer.objects.get(indicator__code="ALF-01")
    assert (kept.value, kept.note, kept.revision) == (3, "dari komputer", 2)


def test_after_the_deadline_nothing_is_stored_and_everything_typed_is_shown(
    client, section, assessment, cycle, ani
):
    answer(assessment, ani, ALF_02=AnswerInput(value=Decimal(1)))
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    response = client.post(section, SECTION | {"ALF-01": "3", "ALF-01:note": "terlambat"})
    assert response.status_code == 409
    assert stored(assessment) == {"ALF-02": 1}
    text = text_of(response)
    assert "Pengisian ditutup" in text
    assert "terlambat" in text
    assert "Simpan dan lanjutkan" not in text
    assert client.get(section).url == url("check", assessment)


def test_a_handed_in_section_is_for_reading(client, handed_in):
    section = url("fill", handed_in, "ALFA")
    assert client.get(section).url == url("check", handed_in)
    response = client.post(section, SECTION | {"ALF-01": "1"})
    assert response.status_code == 409
    assert "sudah diajukan" in text_of(response)


def test_a_return_shows_the_supervisors_note_beside_its_statement(client, handed_in, budi):
    open_review(assessment=handed_in, by=budi)
    rating = RatingInput(value=Decimal(2), note="Mohon lampirkan SK-nya.", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"ALF-01": rating}, by=budi)
    return_assessment(assessment=handed_in, note="Satu hal.", by=budi)
    html = client.get(url("fill", handed_in, "ALFA")).content.decode()
    beside = html.split('id="butir-ALF-01"')[1].split('id="butir-ALF-02"')[0]
    assert "Mohon lampirkan SK-nya." in beside


def test_foreign_and_unknown_sections_are_not_found(client, assessment, section, citra):
    client.force_login(citra)
    assert client.get(section).status_code == 404
    assert client.post(section, {"ALF-01": "3"}).status_code == 404
    assert stored(assessment) == {}


def test_an_unknown_pillar_is_not_found(client, assessment):
    assert client.get(url("fill", assessment, "GAMA")).status_code == 404


def test_anonymous_people_sign_in_and_come_back(section):
    response = Client().get(section)
    assert response.url == f"{reverse('account_login')}?next={section}"


def test_without_a_csrf_token_nothing_is_stored(section, assessment, ani):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ani)
    assert strict.post(section, {"ALF-01": "3"}).status_code == 403
    assert stored(assessment) == {}


def test_too_many_fields_and_too_much_text_are_told_so(client, section, assessment):
    many = client.post(section, {f"x{number}": "1" for number in range(1_001)})
    large = client.post(section, {"ALF-01": "3", "ALF-01:note": "x" * 3 * 1024 * 1024})
    assert (many.status_code, large.status_code) == (400, 400)
    assert stored(assessment) == {}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, section, method):
    assert getattr(client, method)(section).status_code == 405
