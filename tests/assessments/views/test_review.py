"""Reviewing one assessment: overview, pillar pages, returning, verifying; and who may."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.enums import ReviewStatus, Status
from assessments.models import Assessment, Rating, Review
from assessments.operations import (
    RatingInput,
    open_review,
    return_assessment,
    save_ratings,
    submit,
    verify,
    withdraw,
)
from assessments.queries import Entry
from tests.assessments.conftest import RATINGS
from tests.factories import make_user, post

PAGES = ("review", "review_return", "review_verify")
ACTS = ("review_open", "review_agree", "review_return", "review_verify")


def url(name, assessment, *more):
    return reverse(f"assessments:{name}", args=(assessment.pk, *more))


def text(response):
    return " ".join(response.content.decode().split())


def entries():
    return {rating.indicator.code: Entry.from_rating(rating) for rating in Rating.objects.all()}


@pytest.fixture
def as_budi(client, budi):
    client.force_login(budi)
    return client


@pytest.fixture
def putri(units):
    """One more of Ani's unit."""
    person = make_user("Putri Ayu", serial=30)
    post(person, units.ani)
    return person


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
    page = text(as_budi.get(url("review", handed_in)))
    assert "Ani Lestari" in page
    assert "1986•••• •••••• • 001" in page
    assert handed_in.submission.number in page
    assert "Mulai meninjau" in page

    page = text(as_budi.get(url("review_pillar", handed_in, "ALFA")))
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
    page = text(as_budi.get(url("review", handed_in)))
    assert "Belum ada yang dapat ditinjau" in page
    assert handed_in.submission.number not in page
    assert as_budi.get(url("review_pillar", handed_in, "ALFA")).status_code == 404

    response = as_budi.post(url("review_open", handed_in), follow=True)
    assert "tidak sedang diajukan" in text(response)


def test_a_review_of_another_supervisor_can_be_taken_over(handed_in, review, citra, client):
    Assessment.objects.filter(pk=handed_in.pk).update(named_reviewer=citra)
    client.force_login(citra)
    assert "Ambil alih tinjauan" in text(client.get(url("review", handed_in)))
    client.post(url("review_open", handed_in))
    assert Review.objects.get().reviewer == citra


def test_the_next_step_follows_the_state(handed_in, review, budi, as_budi):
    assert "Mulai dari pilar pertama" in text(as_budi.get(url("review", handed_in)))
    save_ratings(assessment=handed_in, ratings={"ALF-01": RATINGS["ALF-01"]}, by=budi)
    page = text(as_budi.get(url("review", handed_in)))
    assert "Lanjutkan meninjau" in page
    assert "1 dari 4 pernyataan dinilai" in page
    save_ratings(assessment=handed_in, ratings=RATINGS, by=budi)
    assert "Periksa dan verifikasi" in text(as_budi.get(url("review", handed_in)))


def test_agreeing_with_all_the_rest(handed_in, review, as_budi):
    response = as_budi.post(url("review_agree", handed_in), follow=True)
    assert "4 pernyataan disamakan dengan pilihan pegawai" in text(response)
    assert entries()["ALF-02"].not_applicable


def test_agreeing_before_it_began_is_refused(handed_in, as_budi):
    response = as_budi.post(url("review_agree", handed_in), follow=True)
    assert "Mulai tinjauan ini dahulu" in text(response)


# --- One pillar

BETA = {
    "BET-01": "3",
    "BET-01:note": "",
    "BET-01:revision": "0",
    "BET-02": "3",
    "BET-02:note": "",
    "BET-02:revision": "0",
}


def test_a_pillar_shows_every_level_and_the_persons_choice(handed_in, review, as_budi):
    page = text(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert page.count('class="option__input" type="radio"') == 4 + 5
    assert page.count("Pilihan pegawai") == 2
    assert " checked" not in page
    assert "Lihat laporan Mei" in page


def test_an_unknown_pillar_is_not_found(handed_in, review, as_budi):
    assert as_budi.get(url("review_pillar", handed_in, "GAMMA")).status_code == 404


@pytest.mark.parametrize(
    ("button", "name", "more"),
    [("on", "review", ()), ("review", "review", ()), ("agree", "review_pillar", ("BETA",))],
)
def test_saving_leads_on(button, name, more, handed_in, review, as_budi):
    response = as_budi.post(url("review_pillar", handed_in, "BETA"), {**BETA, "next": button})
    assert (response.status_code, response.url) == (303, url(name, handed_in, *more))
    assert entries()["BET-02"] == Entry(value=Decimal(3), revision=1)


def test_saving_the_first_pillar_leads_to_the_second(handed_in, review, as_budi):
    sent = {"ALF-01": "4", "ALF-02": "NA", "next": "on"}
    response = as_budi.post(url("review_pillar", handed_in, "ALFA"), sent)
    assert response.url == url("review_pillar", handed_in, "BETA")


def test_agreeing_in_a_pillar_keeps_what_was_chosen(handed_in, review, as_budi):
    as_budi.post(url("review_pillar", handed_in, "BETA"), {"BET-01": "1", "next": "agree"})
    assert {code: entry.value for code, entry in entries().items()} == {
        "BET-01": Decimal(1),
        "BET-02": Decimal(2),
    }


def test_a_difference_of_two_comes_back_for_its_reason_with_everything_kept(
    handed_in, review, as_budi
):
    here = url("review_pillar", handed_in, "BETA")
    sent = BETA | {"BET-01": "1", "BET-02": "1", "BET-02:note": "Jarang", "next": "on"}
    response = as_budi.post(here, sent)
    assert response.url == f"{here}?gaps"

    page = as_budi.get(response.url)
    indicator = page.context["rows"][0].comparison.indicator
    assert [(each.anchor, each.text) for each in page.context["errors"]] == [
        (f"catatan-{indicator.id}", "BET-01: Berbeda dari pilihan pegawai: tulis alasan Anda.")
    ]
    assert "<title>Kesalahan:" in text(page)
    assert "Jarang" in text(page)
    assert [[o.value for o in row.options if o.is_checked] for row in page.context["rows"]] == [
        ["1"],
        ["1"],
    ]


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"BET-01": "5"}, "Pilih salah satu pilihan yang tersedia."),
        ({"BET-01": "NA"}, "Pilih salah satu pilihan yang tersedia."),
        ({"BET-01": "３"}, "Pilih salah satu pilihan yang tersedia."),
        ({"BET-01": ["3", "4"]}, "terkirim lebih dari sekali"),
        ({"ALF-01": "3"}, "“ALF-01” bukan bagian dari halaman ini"),
        ({"BET-01:note": "a" * 2001}, "2.000"),
    ],
)
def test_what_does_not_fit_is_refused_and_what_was_typed_is_kept(
    sent, complaint, handed_in, review, as_budi
):
    response = as_budi.post(
        url("review_pillar", handed_in, "BETA"), BETA | {"BET-02:note": "Tetap ada"} | sent
    )
    assert response.status_code == 422
    page = text(response)
    assert complaint in page.replace("2000", "2.000")
    assert "Tetap ada" in page
    assert not Rating.objects.exists()


def test_another_tab_is_not_overwritten_and_both_are_shown(handed_in, review, budi, as_budi):
    elsewhere = RatingInput(value=Decimal(2), note="Dari tab lain")
    save_ratings(assessment=handed_in, ratings={"BET-01": elsewhere}, by=budi)
    here = url("review_pillar", handed_in, "BETA")

    response = as_budi.post(here, BETA | {"BET-01:note": "Dari tab ini"})

    assert response.status_code == 409
    page = text(response)
    assert "Dari tab lain" in page
    assert "Dari tab ini" in page
    assert entries()["BET-01"].note == "Dari tab lain"
    row = response.context["rows"][0]
    assert (row.revision, row.conflict_level) == (1, "Sesuai tata kerja")

    as_budi.post(here, BETA | {"BET-01:note": "Dari tab ini", "BET-01:revision": "1"})
    assert entries()["BET-01"].note == "Dari tab ini"


def test_after_the_decision_what_is_sent_is_refused_and_still_on_the_page(
    handed_in, rated, budi, as_budi
):
    verify(assessment=handed_in, by=budi)
    response = as_budi.post(
        url("review_pillar", handed_in, "BETA"), BETA | {"BET-01:note": "Terlambat"}
    )
    assert response.status_code == 409
    assert "Terlambat" in text(response)
    assert "tidak sedang diajukan" in text(response)


def test_a_choice_alone_keeps_note_and_mark(handed_in, review, budi, as_budi):
    marked = RatingInput(note="Sertakan contoh", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    as_budi.post(url("review_pillar", handed_in, "BETA"), {"BET-01": "2"})
    assert entries()["BET-01"] == Entry(
        value=Decimal(2), note="Sertakan contoh", to_redo=True, revision=2
    )


def test_text_is_shown_as_text(handed_in, review, budi, as_budi):
    attack = RatingInput(value=Decimal(3), note="<script>alert(1)</script></textarea>")
    save_ratings(assessment=handed_in, ratings={"BET-01": attack}, by=budi)
    page = text(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/textarea&gt;" in page


# --- Sending back


def test_returning_lists_what_is_marked_and_hands_it_back(handed_in, rated, budi, as_budi):
    marked = RatingInput(note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    assert "Kembalikan untuk diperbaiki" in text(as_budi.get(url("review", handed_in)))
    page = text(as_budi.get(url("review_return", handed_in)))
    assert "Sertakan nomor surat" in page

    response = as_budi.post(url("review_return", handed_in), {"note": "Hampir"}, follow=True)

    handed_in.refresh_from_db()
    assert (handed_in.status, Review.objects.get().note) == (Status.RETURNED, "Hampir")
    assert response.redirect_chain == [("/tinjauan/", 303)]
    assert "Penilaian Ani Lestari dikembalikan" in text(response)
    assert "Dikembalikan oleh Drs. Budi Santosa" in text(as_budi.get(url("review", handed_in)))
    reading = text(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "Minta diperbaiki" in reading


def test_without_a_mark_nothing_is_returned(handed_in, rated, as_budi):
    assert "Belum ada yang ditandai" in text(as_budi.get(url("review_return", handed_in)))
    response = as_budi.post(url("review_return", handed_in), {"note": ""})
    assert response.status_code == 409
    assert "Tandai sedikitnya satu pernyataan" in text(response)


def test_a_mark_without_a_note_leads_to_its_place(handed_in, rated, budi, as_budi):
    save_ratings(assessment=handed_in, ratings={"BET-01": RatingInput(to_redo=True)}, by=budi)
    page = text(as_budi.get(url("review_return", handed_in)))
    assert url("review_pillar", handed_in, "BETA") + "?gaps#butir-BET-01" in page
    assert '<button class="btn btn-primary btn-large" type="submit">Kembalikan' not in page
    gaps = as_budi.get(url("review_pillar", handed_in, "BETA") + "?gaps")
    assert "Tulis apa yang perlu diperbaiki." in text(gaps)


def test_when_it_comes_again_the_earlier_note_stands_beside_it(
    handed_in, rated, ani, budi, as_budi
):
    marked = RatingInput(value=Decimal(3), note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    return_assessment(assessment=handed_in, by=budi)
    submit(assessment=handed_in, by=ani)
    assert "Diajukan lagi sesudah dikembalikan" in text(as_budi.get(url("review", handed_in)))
    open_review(assessment=handed_in, by=budi)
    page = text(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "Yang diminta sebelumnya:" in page


# --- Verifying


def test_verifying_shows_the_differences_and_goes_to_who_waits_next(
    putri, handed_in, rated, budi, as_budi
):
    submit(assessment=Assessment.objects.get(person=putri), by=putri, require_complete=False)
    page = text(as_budi.get(url("review_verify", handed_in)))
    assert "Penilaian Anda berbeda pada 2 dari 4 pernyataan" in page
    assert "Ikut piket loket" in page

    response = as_budi.post(
        url("review_verify", handed_in), {"note": "Baik", "declared": "on"}, follow=True
    )

    handed_in.refresh_from_db()
    assert handed_in.status == Status.VERIFIED
    following = url("review", Assessment.objects.get(person=putri))
    assert response.redirect_chain == [(following, 303)]
    assert "Penilaian Ani Lestari sudah diverifikasi." in text(response)
    assert "Berikutnya: Putri Ayu." in text(response)


def test_after_the_last_one_back_to_the_list(handed_in, rated, as_budi):
    response = as_budi.post(url("review_verify", handed_in), {"declared": "on"}, follow=True)
    assert response.redirect_chain == [("/tinjauan/", 303)]
    assert "Tidak ada lagi yang menunggu tinjauan Anda." in text(response)
    assert "Diverifikasi oleh Drs. Budi Santosa" in text(as_budi.get(url("review", handed_in)))


def test_without_the_declaration_the_note_is_kept(handed_in, rated, as_budi):
    response = as_budi.post(url("review_verify", handed_in), {"note": "Sudah saya baca"})
    assert response.status_code == 422
    assert "Sudah saya baca" in text(response)
    assert Review.objects.get().status == ReviewStatus.OPEN


def test_a_difference_of_two_without_reason_is_refused_and_what_was_typed_is_kept(
    handed_in, rated, budi, as_budi
):
    far = RatingInput(value=Decimal(1))
    save_ratings(assessment=handed_in, ratings={"ALF-01": far}, by=budi)
    assert "alasan belum ditulis" in text(as_budi.get(url("review_verify", handed_in)))

    response = as_budi.post(
        url("review_verify", handed_in), {"note": "Catatan panjang saya", "declared": "on"}
    )

    assert response.status_code == 409
    page = text(response)
    assert "Masih ada 1 hal yang perlu dilengkapi" in page
    assert "Catatan panjang saya" in page
    assert url("review_pillar", handed_in, "ALFA") + "?gaps#butir-ALF-01" in page
    assert entries()["ALF-01"].value == Decimal(1)


def test_what_is_missing_or_marked_is_named(handed_in, review, budi, as_budi):
    marked = RatingInput(value=Decimal(3), note="Lagi", to_redo=True)
    save_ratings(assessment=handed_in, ratings={"BET-01": marked}, by=budi)
    page = text(as_budi.get(url("review_verify", handed_in)))
    assert "belum Anda nilai" in page
    assert "masih ditandai" in page


def test_when_both_agree_the_page_says_so(handed_in, review, as_budi):
    as_budi.post(url("review_agree", handed_in))
    page = text(as_budi.get(url("review_verify", handed_in)))
    assert "sama dengan pilihan pegawai pada semua pernyataan" in page


@pytest.mark.parametrize("name", ["review_return", "review_verify"])
def test_without_a_review_of_ones_own_there_is_nothing_to_decide(name, handed_in, as_budi):
    page = text(as_budi.get(url(name, handed_in)))
    assert "Tidak ada tinjauan Anda yang sedang berjalan" in page


# --- Queries


@pytest.mark.parametrize(("name", "queries"), [("review", 9), ("review_verify", 8)])
def test_queries_of_a_page(name, queries, handed_in, rated, as_budi, django_assert_num_queries):
    as_budi.get(url(name, handed_in))
    with django_assert_num_queries(queries):
        as_budi.get(url(name, handed_in))
