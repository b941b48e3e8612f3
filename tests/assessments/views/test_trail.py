"""The trail of one's own assessment: who did what and when, in words, without numbers of ours."""

import ast
import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.operations import note_reading
from assessments.models import Assessment
from assessments.operations import (
    AnswerInput,
    agree_with_rest,
    extend,
    lift_hold,
    open_review,
    place_hold,
    report_supervisor,
    save_answers,
    submit,
)
from assessments.operations.evidence import add_evidence, remove_evidence
from assessments.queries.trail import STEPS
from tests.architecture.source import dotted, modules, tree_of
from tests.assessments import papers
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
    with django_assert_num_queries(10):
        assert len(steps(client, assessment)) == number + 1


def test_the_list_of_tasks_leads_there(client, assessment, ani):
    client.force_login(ani)
    page = client.get(reverse("assessments:tasks", args=(assessment.pk,)))
    assert reverse("assessments:trail", args=(assessment.pk,)) in page.content.decode()


@pytest.fixture
def _vault(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "bukti"


@pytest.mark.usefixtures("_vault")
def test_files_reviews_and_holds_are_steps_too(client, assessment, ani, budi):
    file, other = (
        add_evidence(
            assessment=assessment, code="BET-01", content=papers.pdf(), name=f"{name}.pdf", by=ani
        )
        for name in ("sk", "lain")
    )
    remove_evidence(evidence=other, by=ani)  # leaves no row
    save_answers(assessment=assessment, answers={"BET-01": AnswerInput(value=3)}, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    assessment.refresh_from_db()
    open_review(assessment=assessment, by=budi)
    agree_with_rest(assessment=assessment, by=budi)
    place_hold(reason="Keberatan", person=ani, by=None)
    lift_hold(person=ani, by=None)

    client.force_login(ani)
    assert steps(client, assessment)[:8] == [
        ("Penangguhan pemusnahan data dicabut.", "", False),
        ("Pemusnahan data ditangguhkan; alasannya ada pada kantor Anda.", "", False),
        ("Tinjauan dilanjutkan; nilai dari atasan diisi.", budi.full_name, False),
        ("Tinjauan dimulai; jawaban dan bukti Anda dibaca.", budi.full_name, False),
        ("Penilaian diajukan.", ani.full_name, True),
        ("Berkas bukti dikeluarkan dari draf.", ani.full_name, True),
        ("Berkas bukti diunggah.", ani.full_name, True),
        ("Berkas bukti diunggah.", ani.full_name, True),
    ]
    assert file.assessment_id == assessment.pk


@pytest.mark.usefixtures("_vault")
def test_files_of_another_period_and_of_others_stay_out(client, assessment, ani, budi):
    theirs = Assessment.objects.get(person=budi, cycle=assessment.cycle)
    add_evidence(assessment=theirs, code="BET-01", content=papers.pdf(), name="b.pdf", by=budi)
    client.force_login(ani)
    assert [what for what, _who, _own in steps(client, assessment)] == [
        "Periode dibuka dan Anda diundang mengisi."
    ]


def test_moments_are_in_the_zone_of_the_reader(client, assessment, ani):
    ani.time_zone = "Asia/Jayapura"
    ani.save()
    client.force_login(ani)
    text = text_of(client.get(reverse("assessments:trail", args=(assessment.pk,))))
    assert " WIT " in text
    assert " WIB " not in text


def recorded_verbs():
    """Verbs that the operations of assessments put on record."""
    for path in modules():
        if path.parts[:2] != ("assessments", "operations"):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in ("record", "record_many"):
                yield ast.literal_eval(node.args[0])


def test_whatever_can_happen_to_an_assessment_has_words():
    """Remedy: a sentence for the verb in `STEPS`, and its subject in `_of`."""
    assert set(recorded_verbs()) - set(STEPS) == set()
