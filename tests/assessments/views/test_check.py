"""Checking everything before handing in, and reading it afterwards."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.operations import AnswerInput, save_answers
from tests.assessments.conftest import ANSWERS
from tests.assessments.pages import url
from tests.pages import text_of


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def page(client, assessment, query=""):
    response = client.get(url("check", assessment) + query)
    assert response.status_code == 200
    return response


def test_every_answer_with_level_note_reason_and_evidence(client, assessment, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    response = page(client, assessment)
    text = text_of(response)
    html = response.content.decode()
    assert "Menjadi rujukan Perilaku tingkat 4." in text
    assert "Lanjut ke pengajuan" in text
    assert "Tidak melayani warga" in text
    assert "Lihat laporan Mei" in text
    assert "SK 800/12/2026" in text
    assert 'href="https://contoh.invalid/a" rel="noopener noreferrer external"' in html
    for code, pillar in (("ALF-01", "ALFA"), ("BET-02", "BETA")):
        change = url("fill", assessment, pillar) + f"?change={code}#butir-{code}"
        assert f'<a href="{change}">' in html


def test_an_address_of_another_kind_is_no_link(client, assessment, ani):
    evidence = ("javascript:alert(1)", "data:text/html,x", "HTTPS://besar.invalid", '"><b>x')
    answers = {"ALF-01": AnswerInput(value=Decimal(4), evidence=evidence)}
    save_answers(assessment=assessment, answers=answers, by=ani)
    response = page(client, assessment)
    assert "rel=" not in response.content.decode().split('id="jawaban-ALF-01"')[1].split("</ul>")[0]
    for reference in evidence:
        assert reference in text_of(response)


def test_gaps_are_marked_and_listed_only_when_one_tries_to_hand_in(client, assessment, ani):
    answers = {
        "ALF-01": AnswerInput(value=Decimal(4)),
        "ALF-02": AnswerInput(not_applicable=True),
    }
    save_answers(assessment=assessment, answers=answers, by=ani)
    quiet = page(client, assessment)
    assert "4 pernyataan belum lengkap" in text_of(quiet)
    first = url("fill", assessment, "ALFA") + "#butir-ALF-01"
    ways = quiet.content.decode().split(f'href="{first}">Lengkapi jawaban</a>')
    assert len(ways) == 3, "on top and at the end: the page is long on a phone"
    assert "Lanjut ke pengajuan" not in text_of(quiet)
    assert "<title>Kesalahan" not in quiet.content.decode()
    listed = page(client, assessment, "?gaps").context["errors"]
    assert listed == [
        {
            "url": url("fill", assessment, "ALFA") + "#butir-ALF-01",
            "text": "ALF-01: Tingkat ini meminta bukti dukung. Tulis tautan atau nomor surat, "
            "atau unggah berkasnya.",
        },
        {
            "url": url("fill", assessment, "ALFA") + "#butir-ALF-02",
            "text": "ALF-02: Tulis mengapa pernyataan ini tidak relevan.",
        },
        {
            "url": url("fill", assessment, "BETA") + "#butir-BET-01",
            "text": "Beta: 2 pernyataan belum dijawab.",
        },
    ]
    assert "<title>Kesalahan: Periksa jawaban" in page(client, assessment, "?gaps").content.decode()


def test_handed_in_it_is_for_reading(client, handed_in):
    text = text_of(page(client, handed_in, "?gaps"))
    assert "Jawaban Anda" in text
    assert "Ubah" not in text
    assert "Lanjut ke pengajuan" not in text


def test_after_the_deadline_the_draft_is_for_reading(client, assessment, ani, cycle):
    save_answers(assessment=assessment, answers={"ALF-01": ANSWERS["ALF-01"]}, by=ani)
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    text = text_of(page(client, assessment))
    assert "Batas waktu sudah lewat" in text
    assert "Menjadi rujukan" in text
    assert "Lanjut ke pengajuan" not in text


def test_somebody_elses_is_not_found(client, assessment, budi):
    client.force_login(budi)
    assert client.get(url("check", assessment)).status_code == 404


def test_it_costs_six_queries(client, assessment, ani, django_assert_num_queries):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    page(client, assessment)
    with django_assert_num_queries(6):  # session, person, assessment, answers, files, navigation
        page(client, assessment)
