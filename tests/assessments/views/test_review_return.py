"""Sending back what is marked."""

from decimal import Decimal

from assessments.enums import ReviewStatus, Status
from assessments.models import Review
from assessments.operations import (
    RatingInput,
    open_review,
    return_assessment,
    save_ratings,
    submit,
)
from tests.assessments.pages import markup_of, url


def test_returning_lists_what_is_marked_and_hands_it_back(handed_in, rated, budi, as_budi):
    marked = RatingInput(note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    assert "Kembalikan untuk diperbaiki" in markup_of(as_budi.get(url("review", handed_in)))
    page = markup_of(as_budi.get(url("review_return", handed_in)))
    assert "Sertakan nomor surat" in page

    response = as_budi.post(url("review_return", handed_in), {"note": "Hampir"}, follow=True)

    handed_in.refresh_from_db()
    assert (handed_in.status, Review.objects.get().note) == (Status.RETURNED, "Hampir")
    assert response.redirect_chain == [("/tinjauan/", 303)]
    assert "Penilaian Ani Lestari dikembalikan" in markup_of(response)
    assert "Dikembalikan oleh Drs. Budi Santosa" in markup_of(as_budi.get(url("review", handed_in)))
    reading = markup_of(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "Minta diperbaiki" in reading


def test_without_a_mark_nothing_is_returned(handed_in, rated, as_budi):
    assert "Belum ada yang ditandai" in markup_of(as_budi.get(url("review_return", handed_in)))
    response = as_budi.post(url("review_return", handed_in), {"note": ""})
    assert response.status_code == 409
    assert "Tandai sedikitnya satu pernyataan" in markup_of(response)


def test_a_mark_without_a_note_leads_to_its_place(handed_in, rated, budi, as_budi):
    save_ratings(assessment=handed_in, ratings={"BET-01": RatingInput(to_redo=True)}, by=budi)
    page = markup_of(as_budi.get(url("review_return", handed_in)))
    assert url("review_pillar", handed_in, "BETA") + "?gaps#butir-BET-01" in page
    assert '<button class="btn btn-primary btn-large" type="submit">Kembalikan' not in page
    gaps = as_budi.get(url("review_pillar", handed_in, "BETA") + "?gaps")
    assert "Tulis apa yang perlu diperbaiki." in markup_of(gaps)


def test_when_it_comes_again_the_earlier_note_stands_beside_it(
    handed_in, rated, ani, budi, as_budi
):
    marked = RatingInput(value=Decimal(3), note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    return_assessment(assessment=handed_in, by=budi)
    submit(assessment=handed_in, by=ani)
    assert "Diajukan lagi sesudah dikembalikan" in markup_of(as_budi.get(url("review", handed_in)))
    open_review(assessment=handed_in, by=budi)
    page = markup_of(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "Yang diminta sebelumnya:" in page


def test_a_note_that_is_too_long_is_refused_and_kept(handed_in, rated, budi, as_budi):
    save_ratings(
        assessment=handed_in,
        ratings={"BET-01": RatingInput(note="Lagi", to_redo=True)},
        by=budi,
    )
    response = as_budi.post(url("review_return", handed_in), {"note": "a" * 2001})
    assert response.status_code == 422
    assert "a" * 2001 in markup_of(response)
    assert Review.objects.get().status == ReviewStatus.OPEN
