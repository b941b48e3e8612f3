"""The result page: pending, scored, verified, failed; and who reads it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.enums import Status
from assessments.models import ScoringJob
from assessments.operations import (
    AnswerInput,
    RatingInput,
    return_assessment,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    verify,
    withdraw,
)
from assessments.queries.results import Pair
from tests.assessments.pages import markup_of, url


def run_worker():
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))


@pytest.fixture
def as_ani(client, ani):
    client.force_login(ani)
    return client


@pytest.fixture
def scored(handed_in):
    run_worker()
    return handed_in


@pytest.fixture
def verified(scored, rated, budi):
    verify(assessment=scored, note="Terus belajar", by=budi)
    run_worker()
    return scored


# --- Who reads it


def test_the_reviewer_reads_it_too(scored, budi, client):
    client.force_login(budi)
    page = markup_of(client.get(url("result", scored)))
    assert "Hasil penilaian Ani Lestari" in page
    assert "Riwayat pengajuan" not in page


@pytest.mark.parametrize("who", ["citra", "dewi", "eko", "fajar"])
def test_to_everybody_else_it_does_not_exist(who, scored, client, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("result", scored)).status_code == 404


def test_the_anonymous_sign_in_first(scored, client):
    assert client.get(url("result", scored)).url == f"/akun/masuk/?next={url('result', scored)}"


def test_the_reviewer_does_not_read_what_is_not_handed_in(assessment, budi, client):
    client.force_login(budi)
    assert client.get(url("result", assessment)).status_code == 404


# --- Before there is a score


def test_nothing_before_handing_in(assessment, as_ani):
    page = markup_of(as_ani.get(url("result", assessment)))
    assert "Belum ada hasil" in page
    assert "Riwayat pengajuan" not in page


def test_while_it_is_computed_the_page_asks_again_by_itself(handed_in, as_ani):
    page = markup_of(as_ani.get(url("result", handed_in)))
    assert "Nilai sedang dihitung" in page
    assert f'<a href="{url("result", handed_in)}">Muat ulang halaman ini</a>' in page
    assert 'hx-trigger="every 3s"' in page
    assert "vendor/htmx.min.js" in page
    assert "Nilai tiap pilar" not in page


def test_a_job_that_failed_is_admitted(handed_in, as_ani):
    ScoringJob.objects.update(failed_at="2026-11-24T03:00:00Z", error="ZeroDivisionError")
    page = markup_of(as_ani.get(url("result", handed_in)))
    assert "Nilai belum dapat dihitung" in page
    assert "ZeroDivisionError" not in page
    assert "hx-trigger" not in page


# --- The person's own score


def test_the_own_score_with_its_explanation(scored, as_ani):
    response = as_ani.get(url("result", scored))
    result = response.context["result"]
    assert (result.total.own.text, result.total.own.band.name) == ("81,25", "B")
    assert [(each.name, each.figures.own.text) for each in result.pillars] == [
        ("Alfa", "100,00"),
        ("Beta", "62,50"),
    ]
    assert result.finding == "Alfa paling tinggi (100,00), Beta paling rendah (62,50)"
    assert [each.answered_text for each in result.pillars] == [
        "1 dari 2 pernyataan, 1 tidak relevan",
        "2 dari 2 pernyataan",
    ]
    page = markup_of(response)
    assert "(3 + 2) × 25 ÷ 2 = 62,50" in page
    assert "(100 + 62,5) ÷ 2 = 81,25" in page
    assert "1 dari 2 pernyataan tidak relevan; bobotnya dikeluarkan dari hitungan." in page
    assert "Nilai PRIMA bukan predikat SKP." in page
    assert "mulai 76,61 dan di bawah 88,31" in page
    assert "instrumen TOY 1, metode prima-score/1" in page
    assert scored.submission.number in page
    assert "Belum ditinjau" in page
    assert "Nilai sedang dihitung" not in page
    assert "htmx" not in page.split("</head>")[1]


def test_places_in_the_chart_are_plain_numbers(scored, as_ani):
    page = markup_of(as_ani.get(url("result", scored)))
    assert 'cx="62.50%"' in page
    assert 'cx="62,50%"' not in page


def test_nothing_is_drawn_where_nothing_is_verified_yet(scored, as_ani):
    page = markup_of(as_ani.get(url("result", scored)))
    assert page.count('<circle class="chart-self"') == 2
    assert '<circle class="chart-verified"' not in page
    assert '="%"' not in page


def test_levels_of_a_review_at_work_stay_with_the_supervisor(scored, rated, as_ani):
    response = as_ani.get(url("result", scored))
    page = markup_of(response)
    assert "Drs. Budi Santosa, M.Si. sedang meninjau" in page
    assert "Ikut piket loket" not in page
    assert response.context["result"].verified is None


def test_without_enough_answers_there_is_no_number(assessment, ani, as_ani):
    submit(assessment=assessment, by=ani, require_complete=False)
    run_worker()
    page = markup_of(as_ani.get(url("result", assessment)))
    assert "belum ada data" in page
    assert "Belum ada pilar yang mempunyai nilai" in page


def test_equal_pillars_are_not_ranked(assessment, ani, as_ani):
    answers = {
        code: AnswerInput(value=Decimal(3)) for code in ("ALF-01", "ALF-02", "BET-01", "BET-02")
    }
    save_answers(assessment=assessment, answers=answers, by=ani)
    submit(assessment=assessment, by=ani)
    run_worker()
    finding = as_ani.get(url("result", assessment)).context["result"].finding
    assert finding == "Semua pilar bernilai 75,00"


# --- Self beside verified


def test_both_scores_stand_side_by_side(verified, as_ani):
    response = as_ani.get(url("result", verified))
    result = response.context["result"]
    assert result.is_verified
    assert (result.total.own.text, result.total.verified.text) == ("81,25", "75,00")
    assert [(each.name, each.figures.difference_text) for each in result.pillars] == [
        ("Alfa", "−25,00"),
        ("Beta", "+12,50"),
    ]
    page = markup_of(response)
    assert "Diverifikasi oleh Drs. Budi Santosa, M.Si." in page
    assert "Terus belajar" in page
    assert "Ikut piket loket" in page
    assert "−6,25 terhadap penilaian mandiri" in page
    assert "Mandiri 100,00; verifikasi 75,00" in page


def test_until_the_verified_score_is_there_the_own_one_stands(scored, rated, budi, as_ani):
    verify(assessment=scored, by=budi)
    page = markup_of(as_ani.get(url("result", scored)))
    assert "Nilai sedang dihitung" in page
    assert "81,25" in page


def test_a_score_on_one_side_only_has_no_difference(scored, rated, budi, ani, client):
    client.force_login(ani)
    verify(assessment=scored, by=budi)
    pair = client.get(url("result", scored)).context["result"].total
    assert (pair.difference, pair.difference_text) == (None, "")


# --- Returned, taken back, history


def test_what_was_returned_keeps_its_score_without_the_supervisors_levels(
    scored, rated, budi, as_ani
):
    marked = RatingInput(note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=scored, ratings={"BET-01": marked}, by=budi)
    return_assessment(assessment=scored, by=budi)
    page = markup_of(as_ani.get(url("result", scored)))
    assert "dikembalikan atasan untuk diperbaiki" in page
    assert "81,25" in page
    assert "Ikut piket loket" not in page


def test_every_submission_stays_in_the_history(scored, ani, as_ani):
    withdraw(assessment=scored, by=ani)
    page = markup_of(as_ani.get(url("result", scored)))
    assert "Belum ada hasil" in page
    assert "Ditarik kembali" in page
    submit(assessment=scored, by=ani)
    scored.refresh_from_db()
    numbers = [each.number for each in as_ani.get(url("result", scored)).context["history"]]
    assert numbers == [f"2026-S2-{scored.pk:07d}-{sequence}" for sequence in (2, 1)]
    assert scored.status == Status.SUBMITTED


def test_queries_of_the_page(verified, as_ani, django_assert_num_queries):
    as_ani.get(url("result", verified))
    with django_assert_num_queries(10):
        as_ani.get(url("result", verified))


def test_without_a_number_on_both_sides_there_is_no_difference(verified, as_ani):
    pair = as_ani.get(url("result", verified)).context["result"].total
    nothing = replace(pair.own, rounded=None)
    assert Pair(nothing, pair.verified).difference is None
    assert Pair(pair.own, nothing).difference is None
