"""/metrics: figures for who knows the token."""

import datetime
import socket

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Assessment, ScoringJob, StaleUnit
from assessments.operations import score_jobs, submit
from dashboards.operations import refresh
from prima_portal.metrics import QUERIES

TOKEN = {"HTTP_AUTHORIZATION": "Bearer rahasia-pemantau"}


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = "rahasia-pemantau"


def figures(client) -> dict[str, str]:
    text = client.get("/metrics", **TOKEN).text
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_what_waits_is_counted(client, cycle, assessment, ani):
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    refresh(cycle=cycle)

    found = figures(client)
    assert found['prima_people{cycle="2026-S2",stage="invited"}'] == "2.0"
    assert found['prima_people{cycle="2026-S2",stage="submitted"}'] == "1.0"
    assert found['prima_drafts{cycle="2026-S2"}'] == "0.0"
    assert found["prima_submissions_last_minute"] == "1.0"
    assert found["prima_scoring_pending"] == "1.0"
    assert found["prima_dashboards_stale_units"] == "0.0"


def test_a_backlog_has_the_figures_that_sql_counts(client, cycle, assessment, ani, budi):
    other = Assessment.objects.get(cycle=cycle, person=budi)
    for each, person in ((assessment, ani), (other, budi)):
        submit(assessment=each, by=person, require_complete=False, urgent=False)
    now = timezone.now()
    ScoringJob.objects.filter(submission__assessment=other).update(
        requested_at=now - datetime.timedelta(minutes=90)
    )
    StaleUnit.objects.update(at=now - datetime.timedelta(minutes=45))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM assessments_scoringjob), (SELECT count(*) FROM assessments_staleunit),"
            " (SELECT count(*) FROM assessments_submission)"
        )
        jobs, stale, submissions = cursor.fetchone()

    found = figures(client)
    assert (jobs, submissions) == (2, 2)
    assert float(found["prima_scoring_pending"]) == jobs
    assert float(found["prima_dashboards_stale_units"]) == stale
    assert float(found["prima_submissions_last_minute"]) == submissions
    assert float(found["prima_scoring_oldest_pending_seconds"]) // 60 == 90
    assert float(found["prima_dashboards_stale_seconds"]) // 60 == 45


def test_without_redis_people_can_work_and_scores_wait(client, db, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "degraded": ["redis"]},
    )


def test_a_redis_that_hangs_is_one_that_is_away(client, db, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": place}}
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["redis"])


def test_a_failed_job_is_counted_apart(client, assessment, ani):
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    ScoringJob.objects.update(failed_at=assessment.cycle.opens_at)

    found = figures(client)
    assert (found["prima_scoring_pending"], found["prima_scoring_failed"]) == ("0.0", "1.0")


def test_without_the_token_there_is_no_such_page(client, db, settings):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer salah").status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_readiness_says_what_comes_late(client, assessment, ani):
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    ready = {"status": "ok", "degraded": []}
    assert client.get("/readyz").json() == ready

    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    ScoringJob.objects.update(requested_at=an_hour_ago)
    assert client.get("/readyz").json() == {"status": "degraded", "degraded": ["scoring"]}
    StaleUnit.objects.update(at=an_hour_ago)
    late = {"status": "degraded", "degraded": ["scoring", "dashboards"]}
    assert client.get("/readyz").json() == late

    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    refresh(cycle=assessment.cycle)
    assert client.get("/readyz").json() == ready


def test_no_figure_reads_all_that_was_handed_in(cycle):
    """At five million submissions the last minute's are found by an index."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN " + QUERIES["prima_submissions_last_minute"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "Seq Scan" not in plan


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_monitor_may_ask_by_the_address_of_the_process(client, path):
    answer = client.get(path, headers={"host": "10.0.0.7:8000"}, **TOKEN)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/akun/masuk/", "/livez/", "/metrics/x"])
def test_everything_else_answers_to_its_own_name_only(client, path):
    assert client.get(path, headers={"host": "10.0.0.7:8000"}, **TOKEN).status_code == 400
