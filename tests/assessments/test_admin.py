"""What operators see of assessments: where something is stuck, never what people answered."""

import pytest
from django.urls import reverse

from assessments.models import Assessment, Score, ScoringJob, Submission, SupervisorReport
from assessments.operations import report_supervisor, save_answers, score_jobs, submit
from tests.assessments.conftest import ANSWERS
from tests.factories import make_user
from tests.pages import text_of

MODELS = ("cycle", "assessment", "submission", "score", "scoringjob", "supervisorreport")


@pytest.fixture(autouse=True)
def as_operator(client, db):
    operator = make_user("Operator Portal", serial=90, is_staff=True, is_superuser=True)
    client.force_login(operator)


@pytest.fixture
def scored(assessment, ani):
    """Handed in twice over: one row scored, one failed; and a report."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submission = submit(assessment=assessment, by=ani)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    report_supervisor(assessment=assessment, message="RAHASIA laporan", by=ani)
    return submission


def listing(model):
    return reverse(f"admin:assessments_{model}_changelist")


def change(row):
    return reverse(f"admin:assessments_{row._meta.model_name}_change", args=(row.pk,))


@pytest.mark.parametrize("model", MODELS)
def test_lists_are_read_only_and_found_by_nip(client, scored, ani, model):
    page = client.get(listing(model), {"q": ani.nip if model != "cycle" else "2026"})
    assert page.status_code == 200
    assert page.context["cl"].result_count == (0 if model == "scoringjob" else 1)
    assert client.get(reverse(f"admin:assessments_{model}_add")).status_code == 403


def test_answers_levels_scores_and_words_are_not_shown(client, scored):
    score = Score.objects.get()
    rows = [
        Assessment.objects.get(pk=scored.assessment_id),
        scored,
        score,
        SupervisorReport.objects.get(),
    ]
    for row in rows:
        text = text_of(client.get(change(row)))
        for secret in ("Tidak melayani warga", "Lihat laporan Mei", "ALF-01", "RAHASIA"):
            assert secret not in text
    assert str(score.total) not in text_of(client.get(change(score)))
    assert scored.number in text_of(client.get(change(scored)))


def test_nothing_is_changed_or_deleted(client, scored):
    for row in (Assessment.objects.get(pk=scored.assessment_id), scored):
        assert client.post(change(row), {"number": "X", "status": "FINAL"}).status_code == 403
        delete = reverse(f"admin:assessments_{row._meta.model_name}_delete", args=(row.pk,))
        assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Submission.objects.count() == 1


def test_a_failed_job_is_put_back_into_the_queue(client, assessment, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submit(assessment=assessment, by=ani)
    job = ScoringJob.objects.get()
    ScoringJob.objects.filter(pk=job.pk).update(failed_at=job.requested_at, error="ValueError: x")

    page = client.get(listing("scoringjob"), {"failed_at__isempty": "0"})
    assert "ValueError: x" in text_of(page)
    assert "Coba lagi" in text_of(page)
    data = {"action": "retry", "_selected_action": [job.pk]}
    done = client.post(listing("scoringjob"), data, follow=True)
    assert "1 penghitungan dimasukkan lagi ke antrean." in text_of(done)
    job.refresh_from_db()
    assert (job.failed_at, job.error, job.dispatched_at) == (None, "", None)


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("model", ["assessment", "submission", "score", "scoringjob"])
def test_queries_of_the_lists_do_not_grow(
    client, instrument, units, people, model, request, django_assert_num_queries
):
    for name in ("ani", "budi", "fajar")[:people]:
        request.getfixturevalue(name)
    request.getfixturevalue("ani")
    cycle = request.getfixturevalue("cycle")
    for each in Assessment.objects.filter(cycle=cycle)[:people]:
        save_answers(assessment=each, answers=ANSWERS, by=each.person)
        submit(assessment=each, by=each.person)
    if model == "score":
        score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    client.get(listing(model))
    with django_assert_num_queries(9 if model == "assessment" else 8):
        assert client.get(listing(model)).status_code == 200
