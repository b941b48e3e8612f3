"""The trail of one's own assessment: who did what and when, in words, without numbers of ours."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.operations import note_reading
from assessments.models import Assessment
from assessments.operations import AnswerInput, extend, report_supervisor, save_answers
from tests.pages import text_of


@pytest.fixture
def assessment(ani, cycle):
    return Assessment.objects.get(person=ani)


def steps(client, assessment):
    response = client.get(reverse("assessments:trail", args=(assessment.pk,)))
    return [(step.what, step.who, step.own) for step in response.context["steps"]]


def test_each_step_says_what_who_and_when(client, assessment, ani, dewi, eko, budi):
    client.force_login(ani)
    save_answers(assessment=assessment, answers={"BET-01": AnswerInput(value=3)}, by=ani)
    extend(
        assessments=Assessment.objects.filter(pk=assessment.pk),
        until=timezone.now() + datetime.timedelta(days=90),
        reason="Sakit",
        by=dewi,
    )
    report_supervisor(assessment=assessment, message="Bukan dia", by=ani)
    note_reading(by=eko, people=[ani.pk], where="audit:events")
    note_reading(by=budi, people=[ani.pk, dewi.pk], where="assessments:supervisor_reports")

    assert steps(client, assessment)[:5] == [
        ("Nama dan data Anda dibaca.", "Pengelola kepegawaian", False),
        ("Nama dan data Anda dibaca.", "Auditor", False),
        (
            "Anda melaporkan bahwa atasan yang ditampilkan tidak tepat.",
            "Pengelola kepegawaian",
            True,
        ),
        ("Batas waktu Anda diperpanjang.", "Pengelola periode", False),
        ("Pengisian dimulai.", ani.full_name, True),
    ]
    text = text_of(client.get(reverse("assessments:trail", args=(assessment.pk,))))
    assert "Sakit" not in text
    assert eko.name not in text


def test_nobody_else_reads_it(client, assessment, budi, eko, dewi):
    for user in (budi, eko, dewi):
        client.force_login(user)
        page = client.get(reverse("assessments:trail", args=(assessment.pk,)))
        assert page.status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(client, assessment, ani, eko, number, django_assert_num_queries):
    for page in range(number):
        note_reading(by=eko, people=[ani.pk], where=f"audit:events{page}")
    client.force_login(ani)
    with django_assert_num_queries(7):
        assert len(steps(client, assessment)) == number + 1


def test_the_list_of_tasks_leads_there(client, assessment, ani):
    client.force_login(ani)
    page = client.get(reverse("assessments:tasks", args=(assessment.pk,)))
    assert reverse("assessments:trail", args=(assessment.pk,)) in page.content.decode()
