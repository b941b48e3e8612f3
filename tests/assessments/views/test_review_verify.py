"""Verifying, and going on to who waits next."""

from decimal import Decimal

import pytest

from assessments.enums import ReviewStatus, Status
from assessments.models import Assessment, Review
from assessments.operations import RatingInput, save_ratings, submit
from tests.assessments.pages import entries, markup_of, url
from tests.factories import make_user, post


@pytest.fixture
def putri(units):
    """One more of Ani's unit."""
    person = make_user("Putri Ayu", serial=30)
    post(person, units.ani)
    return person


def test_verifying_shows_the_differences_and_goes_to_who_waits_next(
    putri, handed_in, rated, budi, as_budi
):
    submit(assessment=Assessment.objects.get(person=putri), by=putri, require_complete=False)
    page = markup_of(as_budi.get(url("review_verify", handed_in)))
    assert "Penilaian Anda berbeda pada 2 dari 4 pernyataan" in page
    assert "Ikut piket loket" in page

    response = as_budi.post(
        url("review_verify", handed_in), {"note": "Baik", "declared": "on"}, follow=True
    )

    handed_in.refresh_from_db()
    assert handed_in.status == Status.VERIFIED
    following = url("review", Assessment.objects.get(person=putri))
    assert response.redirect_chain == [(following, 303)]
    assert "Penilaian Ani Lestari sudah diverifikasi." in markup_of(response)
    assert "Berikutnya: Putri Ayu" in markup_of(response)


def test_after_the_last_one_back_to_the_list(handed_in, rated, as_budi):
    response = as_budi.post(url("review_verify", handed_in), {"declared": "on"}, follow=True)
    assert response.redirect_chain == [("/tinjauan/", 303)]
    assert "Tidak ada lagi yang menunggu tinjauan Anda." in markup_of(response)
    assert "Diverifikasi oleh Drs. Budi Santosa" in markup_of(as_budi.get(url("review", handed_in)))


def test_without_the_declaration_the_note_is_kept(handed_in, rated, as_budi):
    response = as_budi.post(url("review_verify", handed_in), {"note": "Sudah saya baca"})
    assert response.status_code == 422
    assert "Sudah saya baca" in markup_of(response)
    assert Review.objects.get().status == ReviewStatus.OPEN


def test_a_difference_of_two_without_reason_is_refused_and_what_was_typed_is_kept(
    handed_in, rated, budi, as_budi
):
    far = RatingInput(value=Decimal(1))
    save_ratings(assessment=handed_in, ratings={"ALF-01": far}, by=budi)
    assert "alasan belum ditulis" in markup_of(as_budi.get(url("review_verify", handed_in)))

    response = as_budi.post(
        url("review_verify", handed_in), {"note": "Catatan panjang saya", "declared": "on"}
    )

    assert response.status_code == 409
    page = markup_of(response)
    assert "Masih ada 1 hal yang perlu dilengkapi" in page
    assert "Catatan panjang saya" in page
    assert url("review_pillar", handed_in, "ALFA") + "?gaps#butir-ALF-01" in page
    assert entries()["ALF-01"].value == Decimal(1)


def test_what_is_missing_or_marked_is_named(handed_in, review, budi, as_budi):
    marked = RatingInput(value=Decimal(3), note="Lagi", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    page = markup_of(as_budi.get(url("review_verify", handed_in)))
    assert "belum Anda nilai" in page
    assert "masih ditandai" in page


def test_when_both_agree_the_page_says_so(handed_in, review, as_budi):
    as_budi.post(url("review_agree", handed_in))
    page = markup_of(as_budi.get(url("review_verify", handed_in)))
    assert "sama dengan pilihan pegawai pada semua pernyataan" in page


@pytest.mark.parametrize("name", ["review_return", "review_verify"])
def test_without_a_review_of_ones_own_there_is_nothing_to_decide(name, handed_in, as_budi):
    page = markup_of(as_budi.get(url(name, handed_in)))
    assert "Tidak ada tinjauan Anda yang sedang berjalan" in page
