""" "Ini bukan atasan saya"."""

import pytest

from assessments.models import SupervisorReport
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations import report_supervisor
from tests.assessments.pages import url
from tests.pages import text_of


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def test_it_shows_who_is_recorded(client, assessment):
    assert "Drs. Budi Santosa, M.Si." in text_of(client.get(url("report_supervisor", assessment)))


def test_a_report_is_recorded_and_work_goes_on(client, assessment, budi):
    response = client.post(
        url("report_supervisor", assessment), {"message": "Atasan saya Ibu Citra."}
    )
    assert (response.status_code, response.url) == (303, url("tasks", assessment))
    report = SupervisorReport.objects.get()
    assert (report.message, report.shown_supervisor) == ("Atasan saya Ibu Citra.", budi)


@pytest.mark.parametrize("message", ["", "   ", "x" * (NOTE_LENGTH + 1)])
def test_without_words_or_with_too_many_it_comes_back(client, assessment, message):
    response = client.post(url("report_supervisor", assessment), {"message": message})
    assert response.status_code == 422
    assert "<title>Kesalahan:" in response.content.decode()
    assert message.strip() in text_of(response)
    assert SupervisorReport.objects.count() == 0


def test_a_second_report_waits_for_the_first(client, assessment, ani):
    report_supervisor(assessment=assessment, message="Bukan dia", by=ani)
    assert "Bukan dia" in text_of(client.get(url("report_supervisor", assessment)))
    response = client.post(url("report_supervisor", assessment), {"message": "Masih bukan"})
    assert response.status_code == 409
    assert SupervisorReport.objects.count() == 1


def test_somebody_elses_is_not_found(client, assessment, citra):
    client.force_login(citra)
    sent = client.post(url("report_supervisor", assessment), {"message": "x"})
    assert sent.status_code == 404
