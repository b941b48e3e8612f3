"""One pillar: giving levels, notes and marks; what is refused, kept and in conflict."""

from decimal import Decimal

import pytest

from assessments.models import Rating
from assessments.operations import RatingInput, save_ratings, verify
from assessments.queries import Entry
from tests.assessments.pages import entries, markup_of, url

BETA = {
    "BET-01": "3",
    "BET-01:note": "",
    "BET-01:revision": "0",
    "BET-02": "3",
    "BET-02:note": "",
    "BET-02:revision": "0",
}


def test_a_pillar_shows_every_level_and_the_persons_choice(handed_in, review, as_budi):
    page = markup_of(as_budi.get(url("review_pillar", handed_in, "BETA")))
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
    assert "<title>Kesalahan:" in markup_of(page)
    assert "Jarang" in markup_of(page)
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
    page = markup_of(response)
    assert complaint in page.replace("2000", "2.000")
    assert "Tetap ada" in page
    assert not Rating.objects.exists()


def test_another_tab_is_not_overwritten_and_both_are_shown(handed_in, review, budi, as_budi):
    elsewhere = RatingInput(value=Decimal(2), note="Dari tab lain")
    save_ratings(assessment=handed_in, ratings={"BET-01": elsewhere}, by=budi)
    here = url("review_pillar", handed_in, "BETA")

    response = as_budi.post(here, BETA | {"BET-01:note": "Dari tab ini"})

    assert response.status_code == 409
    page = markup_of(response)
    assert "Dari tab lain" in page
    assert "Dari tab ini" in page
    assert entries()["BET-01"].note == "Dari tab lain"
    row = response.context["rows"][0]
    assert (row.revision, row.conflict_level) == ("1", "Sesuai tata kerja")

    as_budi.post(here, BETA | {"BET-01:note": "Dari tab ini", "BET-01:revision": "1"})
    assert entries()["BET-01"].note == "Dari tab ini"


def test_what_another_tab_called_not_relevant_is_named_so(handed_in, review, budi, as_budi):
    elsewhere = RatingInput(not_applicable=True)
    save_ratings(assessment=handed_in, ratings={"ALF-02": elsewhere}, by=budi)
    response = as_budi.post(
        url("review_pillar", handed_in, "ALFA"), {"ALF-02": "3", "ALF-02:revision": "0"}
    )
    assert response.status_code == 409
    row = response.context["rows"][1]
    assert (row.conflict.not_applicable, row.conflict_level) == (True, "")


def test_after_the_decision_what_is_sent_is_refused_and_still_on_the_page(
    handed_in, rated, budi, as_budi
):
    verify(assessment=handed_in, by=budi)
    response = as_budi.post(
        url("review_pillar", handed_in, "BETA"), BETA | {"BET-01:note": "Terlambat"}
    )
    assert response.status_code == 409
    assert "Terlambat" in markup_of(response)
    assert "tidak sedang diajukan" in markup_of(response)


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
    page = markup_of(as_budi.get(url("review_pillar", handed_in, "BETA")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;/textarea&gt;" in page
