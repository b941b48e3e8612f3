"""The task list: true at the start and at each return, in every state of an assessment."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.enums import ReportStatus
from assessments.models import Review, SupervisorReport
from assessments.operations import (
    AnswerInput,
    RatingInput,
    open_review,
    report_supervisor,
    return_assessment,
    save_answers,
    save_ratings,
    submit,
    verify,
)
from organization.enums import PostingKind
from tests.assessments.conftest import ANSWERS
from tests.assessments.pages import url
from tests.factories import post
from tests.pages import text_of


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def page(client, assessment):
    response = client.get(url("tasks", assessment))
    assert response.status_code == 200
    return response


def tags(response):
    """Pillars with their status words."""
    return [(task["title"], task["label"], task["hint"]) for task in response.context["tasks"]]


def test_at_the_start(client, assessment):
    response = page(client, assessment)
    text = text_of(response)
    assert "Bidang Pelayanan" in text
    assert "Analis Kebijakan" in text
    assert "Drs. Budi Santosa, M.Si." in text
    assert "Ini bukan atasan saya" in text
    assert tags(response) == [("Alfa", "Belum dimulai", ""), ("Beta", "Belum dimulai", "")]
    assert response.context["next_url"] == url("fill", assessment, "ALFA") + "#butir-ALF-01"
    assert "Mulai mengisi" in text


def test_the_deadline_is_given_in_words_with_its_zone(client, assessment, cycle):
    cycle.closes_at = datetime.datetime(2099, 11, 24, 16, 59, tzinfo=datetime.UTC)
    cycle.save()
    assert "24 November 2099 pukul 23.59 WIB" in text_of(page(client, assessment))
    cycle.closes_at = datetime.datetime(2099, 11, 24, 1, 5, tzinfo=datetime.UTC)
    cycle.save()
    assert "24 November 2099 pukul 08.05 WIB" in text_of(page(client, assessment))


def test_on_the_way(client, assessment, ani):
    answers = {
        "ALF-01": AnswerInput(value=Decimal(4)),
        "BET-01": AnswerInput(value=Decimal(1)),
        "BET-02": AnswerInput(note="nanti"),
    }
    save_answers(assessment=assessment, answers=answers, by=ani)
    response = page(client, assessment)
    lacking = "Alasan atau bukti dukung belum ada pada 1 pernyataan"
    assert tags(response) == [
        ("Alfa", "Sedang diisi 1 dari 2", lacking),
        ("Beta", "Sedang diisi 1 dari 2", ""),
    ]
    assert "2 dari 4 pernyataan dijawab" in text_of(response)
    assert response.context["next_url"].endswith("#butir-ALF-01")


def test_when_all_is_answered_it_leads_to_checking(client, assessment, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    response = page(client, assessment)
    assert [task["label"] for task in response.context["tasks"]] == ["Selesai", "Selesai"]
    assert "Periksa dan ajukan" in text_of(response)


def test_before_the_cycle_opens(client, assessment, cycle):
    cycle.opens_at = timezone.now() + datetime.timedelta(days=1)
    cycle.save()
    response = page(client, assessment)
    assert "Pengisian belum dibuka" in text_of(response)
    assert [task["url"] for task in response.context["tasks"]] == ["", ""]


def test_after_the_deadline_the_draft_can_be_read(client, assessment, cycle, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    text = text_of(page(client, assessment))
    assert "Batas waktu sudah lewat" in text
    assert "Lihat jawaban" in text
    assert "Periksa dan ajukan" not in text


def test_an_extension_reopens_it(client, assessment, cycle):
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    assessment.extended_until = timezone.now() + datetime.timedelta(days=1)
    assessment.save()
    assert "Mulai mengisi" in text_of(page(client, assessment))


def test_handed_in_it_can_be_taken_back(client, handed_in):
    text = text_of(page(client, handed_in))
    assert "Sudah diajukan" in text
    assert "Tarik kembali" in text
    assert "Tanda terima" in text


def test_under_review_it_cannot(client, handed_in, review):
    text = text_of(page(client, handed_in))
    assert "Sedang ditinjau atasan" in text
    assert "Tarik kembali" not in text


def test_returned_it_says_by_whom_and_where(client, handed_in, budi):
    open_review(assessment=handed_in, by=budi)
    rating = RatingInput(value=Decimal(2), note="Mohon lampirkan SK-nya.", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"ALF-01": rating}, by=budi)
    return_assessment(assessment=handed_in, note="Satu hal lagi.", by=budi)
    response = page(client, handed_in)
    text = text_of(response)
    assert "Dikembalikan oleh Drs. Budi Santosa, M.Si." in text
    assert "Satu hal lagi." in text
    assert tags(response)[0] == ("Alfa", "Selesai", "Catatan atasan pada 1 pernyataan")
    html = response.content.decode()
    first = url("fill", handed_in, "ALFA") + "#butir-ALF-01"
    assert f'href="{first}">Ke catatan pertama</a>' in html
    assert f'href="{url("result", handed_in)}">hasilnya</a>' in html
    assert f'href="{url("receipt", handed_in)}">tanda terimanya</a>' in html


def test_returned_and_not_mended_in_time_its_result_and_receipt_stay_at_hand(
    client, handed_in, cycle, budi
):
    open_review(assessment=handed_in, by=budi)
    rating = RatingInput(value=Decimal(2), note="Mohon lampirkan SK-nya.", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"ALF-01": rating}, by=budi)
    return_assessment(assessment=handed_in, note="", by=budi)
    past = timezone.now() - datetime.timedelta(seconds=1)
    type(handed_in).objects.update(extended_until=past)
    cycle.closes_at = past
    cycle.save()
    html = page(client, handed_in).content.decode()
    assert "Batas waktu sudah lewat" in html
    assert f'href="{url("result", handed_in)}"' in html
    assert f'href="{url("receipt", handed_in)}"' in html


def test_verified(client, handed_in, rated, budi):
    verify(assessment=handed_in, note="", by=budi)
    text = text_of(page(client, handed_in))
    assert "Sudah diverifikasi atasan" in text
    assert Review.objects.get().completed_at is not None
    assert "Ini bukan atasan saya" not in text  # too late to matter


def test_without_anybody_above_it_says_so(client, budi, cycle):
    client.force_login(budi)
    own = budi.assessments.get()
    text = text_of(page(client, own))
    assert "Belum ada atasan yang tercatat" in text
    assert "Beri tahu kepegawaian" in text


def test_the_acting_head_is_the_supervisor(client, assessment, units, citra):
    post(citra, units.ani, head=True, kind=PostingKind.PLT)
    assert "Citra Kirana" in text_of(page(client, assessment))


def test_a_report_shows_when_and_what_became_of_it(client, assessment, ani):
    report_supervisor(assessment=assessment, message="Bukan dia", by=ani)
    text = text_of(page(client, assessment))
    assert "Menunggu kepegawaian" in text
    assert "Ini bukan atasan saya" not in text
    SupervisorReport.objects.update(
        status=ReportStatus.RESOLVED, resolution="Sudah dipindahkan.", resolved_at=timezone.now()
    )
    text = text_of(page(client, assessment))
    assert "Sudah dipindahkan." in text
    assert "Ini bukan atasan saya" in text


def test_only_the_person_sees_it(client, assessment, budi):
    client.force_login(budi)
    assert client.get(url("tasks", assessment)).status_code == 404


def test_handing_in_twice_shows_one(client, handed_in, ani):
    submit(assessment=handed_in, by=ani)
    assert handed_in.submissions.count() == 1
    page(client, handed_in)
