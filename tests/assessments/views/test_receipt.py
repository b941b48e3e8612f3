"""The receipt, which stays readable whatever follows."""

import pytest

from assessments.operations import submit, verify, withdraw
from tests.assessments.pages import url
from tests.pages import text_of


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def test_it_gives_number_time_hash_and_what_follows(client, handed_in):
    response = client.get(url("receipt", handed_in))
    submission = handed_in.submission
    html = response.content.decode()
    text = text_of(response)
    assert f'data-receipt="{submission.number}"' in html
    assert submission.number in text
    assert " pukul " in text
    assert " WIB" in text
    assert f" {submission.answers_hash[:16]} " in text
    assert "Drs. Budi Santosa, M.Si. membaca jawaban" in text
    assert "Tarik kembali" in text


def test_under_review_it_no_longer_offers_to_take_back(client, handed_in, review):
    assert "Tarik kembali" not in text_of(client.get(url("receipt", handed_in)))


def test_verified_it_says_so_instead_of_what_would_follow(client, handed_in, rated, budi):
    verify(assessment=handed_in, note="", by=budi)
    text = text_of(client.get(url("receipt", handed_in)))
    assert "Sudah diverifikasi atasan" in text
    assert "Apa yang terjadi selanjutnya" not in text


def test_taken_back_it_says_so(client, handed_in, ani):
    withdraw(assessment=handed_in, by=ani)
    text = text_of(client.get(url("receipt", handed_in)))
    assert "sudah Anda tarik kembali" in text
    assert "Pengajuan ini pernah diterima" in text
    assert "Penilaian Anda sudah diterima" not in text
    assert handed_in.submission.number in text


def test_handed_in_anew_it_shows_the_latest(client, handed_in, ani):
    withdraw(assessment=handed_in, by=ani)
    latest = submit(assessment=handed_in, by=ani)
    assert (
        f'data-receipt="{latest.number}"' in client.get(url("receipt", handed_in)).content.decode()
    )


def test_before_handing_in_there_is_none(client, assessment):
    assert client.get(url("receipt", assessment)).status_code == 404


def test_somebody_elses_is_not_found(client, handed_in, budi):
    client.force_login(budi)
    assert client.get(url("receipt", handed_in)).status_code == 404
