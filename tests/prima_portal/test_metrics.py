"""/metrics: figures for who knows the token."""

import pytest

from assessments.models import ScoringJob
from assessments.operations import submit
from dashboards.operations import refresh

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
    assert found["prima_submissions_last_minute"] == "1.0"
    assert found["prima_scoring_pending"] == "1.0"
    assert found["prima_dashboards_stale_units"] == "0.0"


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
