"""The overview of one review: who may open it, what it says in each state, where it leads."""

from decimal import Decimal

import pytest

from assessments.enums import Status
from assessments.models import Assessment, Review
from assessments.operations import RatingInput, save_ratings, withdraw
from tests.assessments.conftest import RATINGS
from tests.assessments.pages import entries, markup_of, url

PAGES = ("review", "review_return", "review_verify")
ACTS = ("review_open", "review_agree", "review_return", "review_verify")

# --- Who may


@pytest.mark.parametrize("who", ["ani", "citra", "dewi", "eko", "fajar"])
def test_to_everybody_else_it_does_not_exist(who, rated, handed_in, client, request):
    client.force_login(request.getfixturevalue(who))
    for name in PAGES:
        assert client.get(url(name, handed_in)).status_code == 404
    for name in ACTS:
        assert client.post(url(name, handed_in)).status_code == 404
    pillar = url("review_pillar", handed_in, "ALFA")
    assert client.get(pillar).status_code == 404
    assert client.post(pillar, {"ALF-01": "1"}).status_code == 404
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_the_anonymous_sign_in_first(handed_in, client):
    for name in PAGES:
        assert client.get(url(name, handed_in)).url.startswith("/akun/masuk/?next=")


@pytest.mark.parametrize("name", ["review_open", "review_agree"])
def test_acts_are_never_a_mere_visit(name, handed_in, as_budi):
    assert as_budi.get(url(name, handed_in)).status_code == 405


# --- The overview


def test_before_it_begins_the_answers_can_be_read(handed_in, as_budi):
    page = markup_of(as_budi.get(url("review", handed_in)))
    assert "Ani Lestari" in page
    assert "1986•••• •••••• • 001" in page
    assert handed_in.submission.number in page
    assert "Mulai meninjau" in page

    page = markup_of(as_budi.get(url("review_pillar", handed_in, "ALFA")))
    assert "Halaman ini hanya untuk dibaca" in page
    assert "Menjadi rujukan" in page
    assert "Tidak melayani warga" in page
    assert '<a href="https://contoh.invalid/a" rel="noopener noreferrer' in page
    assert "SK 800/12/2026" in page
    assert not Review.objects.exists()


def test_beginning_leads_to_the_first_pillar(handed_in, as_budi):
    response = as_budi.post(url("review_open", handed_in))
    assert (response.status_code, response.url) == (303, url("review_pillar", handed_in, "ALFA"))


def test_of_what_was_taken_back_nothing_is_shown(handed_in, ani, as_budi):
    withdraw(assessment=handed_in, by=ani)
    page = markup_of(as_budi.get(url("review", handed_in)))
    assert "Belum ada yang dapat ditinjau" in page
    assert handed_in.submission.number not in page
    assert as_budi.get(url("review_pillar", handed_in, "ALFA")).status_code == 404

    response = as_budi.post(url("review_open", handed_in), follow=True)
    assert "tidak sedang diajukan" in markup_of(response)


def test_a_review_of_another_supervisor_can_be_taken_over(handed_in, review, citra, client):
    Assessment.objects.filter(pk=handed_in.pk).update(named_reviewer=citra)
    client.force_login(citra)
    assert "Ambil alih tinjauan" in markup_of(client.get(url("review", handed_in)))
    client.post(url("review_open", handed_in))
    assert Review.objects.get().reviewer == citra


def test_the_next_step_follows_the_state(handed_in, review, budi, as_budi):
    assert "Mulai dari pilar pertama" in markup_of(as_budi.get(url("review", handed_in)))
    save_ratings(assessment=handed_in, ratings={"ALF-01": RATINGS["ALF-01"]}, by=budi)
    page = markup_of(as_budi.get(url("review", handed_in)))
    assert "Lanjutkan meninjau" in page
    assert "1 dari 4 pernyataan dinilai" in page
    save_ratings(assessment=handed_in, ratings=RATINGS, by=budi)
    assert "Periksa dan verifikasi" in markup_of(as_budi.get(url("review", handed_in)))


def test_a_pillar_says_which_reasons_it_waits_for(handed_in, review, budi, as_budi):
    save_ratings(assessment=handed_in, ratings={"BET-01": RatingInput(value=Decimal(1))}, by=budi)
    tasks = as_budi.get(url("review", handed_in)).context["tasks"]
    assert [task["hint"] for task in tasks] == [
        "",
        "1 berbeda dari pilihan pegawai. 1 alasan belum ditulis",
    ]


def test_agreeing_with_all_the_rest(handed_in, review, as_budi):
    response = as_budi.post(url("review_agree", handed_in), follow=True)
    assert "4 pernyataan disamakan dengan pilihan pegawai" in markup_of(response)
    assert entries()["ALF-02"].not_applicable


def test_agreeing_before_it_began_is_refused(handed_in, as_budi):
    response = as_budi.post(url("review_agree", handed_in), follow=True)
    assert "Mulai tinjauan ini dahulu" in markup_of(response)


# --- Queries


@pytest.mark.parametrize(("name", "queries"), [("review", 9), ("review_verify", 8)])
def test_queries_of_a_page(name, queries, handed_in, rated, as_budi, django_assert_num_queries):
    as_budi.get(url(name, handed_in))
    with django_assert_num_queries(queries):
        as_budi.get(url(name, handed_in))
