"""The home page and the navigation: for each relation what waits, and never more queries for more of it."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.clock import portal_today
from accounts.models import RoleGrant, User
from assessments.models import Assessment, Cycle, ScoringJob
from assessments.operations import (
    open_cycle,
    open_review,
    report_supervisor,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    verify,
)
from organization.enums import CorrectionItem
from organization.models import HrMandate, Posting
from organization.operations import ask_for_correction
from prima_portal.queries import Corrections, Relations, relations_of
from tests.aging import move_back
from tests.assessments.conftest import ANSWERS, RATINGS
from tests.factories import LONG_AGO, make_instrument, make_unit, make_user, post
from tests.pages import text_of

TODAY = portal_today()


@pytest.fixture
def hesti(units):
    """Mends personnel data of the whole province."""
    user = make_user("Hesti Rahmawati", serial=8)
    post(user, units.citra)
    HrMandate.objects.create(user=user, unit=units.root, valid=DateRange(LONG_AGO, None))
    return user


@pytest.fixture
def handed_in(assessment, ani):
    """Ani has handed in."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submit(assessment=assessment, by=ani)
    return assessment


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def nav(response):
    return [item.label for item in response.context["nav_items"]]


def test_anonymous_people_are_sent_to_sign_in(client, db):
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/akun/masuk/?next=/")


def test_an_open_assessment_waits_with_its_deadline_and_a_button(client, assessment, ani):
    text = text_of(home(client, ani))
    assert "Yang menunggu Anda" in text
    assert "Semester II 2026 Belum mengisi" in text
    assert "Dapat diisi dan diajukan sampai" in text
    assert "Mulai mengisi" in text
    assert "Belum ada periode penilaian untuk Anda" not in text


def test_nobody_who_was_never_invited_is_left_without_a_word(client, ani):
    text = text_of(home(client, ani))
    assert "Tidak ada yang menunggu Anda" in text
    assert "Belum ada periode penilaian untuk Anda" in text
    assert "Periksa akun saya" in text


def test_after_handing_in_nothing_waits(client, handed_in, ani):
    text = text_of(home(client, ani))
    assert "Tidak ada yang menunggu Anda" in text
    assert "Penilaian Anda Semester II 2026 Diajukan" in text


def test_a_verified_score_is_shown_with_its_band(client, handed_in, ani, budi):
    open_review(assessment=handed_in, by=budi)
    save_ratings(assessment=handed_in, ratings=RATINGS, by=budi)
    verify(assessment=handed_in, by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    response = home(client, ani)
    assert "Nilai verifikasi 75,00, predikat C" in text_of(response)
    assert f'href="/penilaian/{handed_in.pk}/hasil/"' in response.content.decode()


def test_a_supervisor_reads_how_many_wait_and_which_units_are_led(client, handed_in, budi):
    response = home(client, budi)
    text = text_of(response)
    assert "1 penilaian menunggu tinjauan Anda." in text
    assert "Unit yang Anda pimpin Bidang Pelayanan Rekap unit, Semester II 2026" in text
    assert nav(response) == ["Beranda", "Penilaian saya", "Tinjauan", "Unit"]


def test_who_is_behind_counts_only_while_the_cycle_runs(client, assessment, budi):
    assert "1 pegawai belum mengajukan" in text_of(home(client, budi))
    yesterday = timezone.now() - datetime.timedelta(hours=1)
    Cycle.objects.update(closes_at=yesterday)
    assert "belum mengajukan" not in text_of(home(client, budi))


def test_a_named_reviewer_without_a_post_as_head_reviews_too(client, handed_in, fajar):
    Assessment.objects.filter(pk=handed_in.pk).update(named_reviewer=fajar)
    response = home(client, fajar)
    assert response.context["home"].waiting.submitted == 1
    assert nav(response) == ["Beranda", "Penilaian saya", "Tinjauan"]


def test_personnel_officers_read_how_many_reports_wait_and_for_how_long(
    client, assessment, ani, hesti
):
    assert "Tidak ada laporan atasan yang menunggu Anda." in text_of(home(client, hesti))
    report_supervisor(assessment=assessment, message="Bukan Pak Budi", by=ani)
    response = home(client, hesti)
    assert "1 laporan “ini bukan atasan saya” menunggu Anda." in text_of(response)
    assert nav(response) == [
        "Beranda",
        "Penilaian saya",
        "Laporan atasan",
        "Perbaikan data",
        "Undangan",
    ]


def test_personnel_officers_read_which_corrections_the_law_lets_wait_no_longer(client, ani, hesti):
    assert "menunggu jawaban Anda" not in text_of(home(client, hesti))
    asked = ask_for_correction(
        item=CorrectionItem.NAME, requested="Ani Lestari, S.E.", reference="", by=ani
    )
    asked.refresh_from_db()
    response = home(client, hesti)
    assert "Yang menunggu Anda" in text_of(response)
    assert "1 permintaan menunggu jawaban Anda. Batas terdekat" in text_of(response)
    assert response.context["home"].corrections == Corrections(1, asked.due_at)
    assert 'href="/permintaan-perbaikan/"' in response.content.decode()
    move_back(asked, hours=80)
    assert "1 permintaan menunggu jawaban Anda. 1 sudah lewat batas." in text_of(
        home(client, hesti)
    )


def test_an_officer_reads_at_home_what_is_due_within_a_day_and_that_no_mail_comes(
    client, ani, hesti
):
    asked = ask_for_correction(item=CorrectionItem.NAME, requested="Ani L.", reference="", by=ani)
    text = text_of(home(client, hesti))
    assert "dalam 24 jam" not in text
    assert "Akun Anda belum punya surel dinas, jadi pengingat" in text
    move_back(asked, hours=50)
    assert "1 harus dijawab dalam 24 jam." in text_of(home(client, hesti))
    User.objects.filter(pk=hesti.pk).update(email="hesti@contoh.invalid")
    assert "belum punya surel dinas" not in text_of(home(client, hesti))


def test_operators_read_at_home_which_corrections_no_office_may_answer(client, ani, budi, units):
    operator = make_user("Operator", serial=900, is_staff=True)
    assert "boleh menjawab" not in text_of(home(client, operator))
    ask_for_correction(item=CorrectionItem.NAME, requested="Ani L.", reference="", by=ani)
    text = text_of(home(client, operator))
    assert "1 permintaan perbaikan data menunggu tanpa pengelola kepegawaian yang boleh" in text
    HrMandate.objects.create(user=budi, unit=units.citra, valid=DateRange(LONG_AGO, None))
    HrMandate.objects.create(user=ani, unit=units.root, valid=DateRange(LONG_AGO, None))
    assert "1 permintaan perbaikan data menunggu" in text_of(home(client, operator))
    HrMandate.objects.create(user=budi, unit=units.root, valid=DateRange(LONG_AGO, None))
    assert "boleh menjawab" not in text_of(home(client, operator))


def test_curators_read_drafts_and_running_cycles(client, cycle, dewi):
    make_instrument(code="BARU", publish=False)
    response = home(client, dewi)
    text = text_of(response)
    assert "Semester II 2026 Ditutup" in text
    assert "0 dari 2 pegawai sudah mengajukan" in text
    assert "Instrumen BARU BARU 1" in text
    assert nav(response) == ["Beranda", "Penilaian saya", "Instrumen", "Periode"]


def test_the_first_operator_of_an_empty_portal_is_told_how_to_begin(client, db):
    operator = make_user("Operator", serial=90, is_staff=True)
    client.force_login(operator)
    assert "Portal ini masih kosong" in text_of(client.get("/"))
    make_unit("Provinsi")
    assert "Portal ini masih kosong" not in text_of(client.get("/"))


def test_auditors_and_operators_find_their_work(client, eko, units):
    assert "Buka rekap unit" in text_of(home(client, eko))
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    response = home(client, operator)
    assert 'href="/operator/"' in response.content.decode()
    assert nav(response) == ["Beranda", "Penilaian saya", "Operator"]


@pytest.mark.parametrize("path", ["/penilaian/", "/penilaian/?x=1"])
def test_the_navigation_says_where_one_is(client, ani, path):
    client.force_login(ani)
    items = client.get(path).context["nav_items"]
    assert [item.label for item in items if item.active] == ["Penilaian saya"]
    assert [item.label for item in home(client, ani).context["nav_items"] if item.active] == [
        "Beranda"
    ]


def test_relations_end_the_day_after(budi, dewi, hesti, units):
    last = TODAY - datetime.timedelta(days=1)
    ended = DateRange(LONG_AGO, TODAY)
    Posting.objects.filter(user=budi).update(valid=ended)
    RoleGrant.objects.filter(user=dewi).update(valid=ended)
    HrMandate.objects.filter(user=hesti).update(valid=ended)
    assert relations_of(budi, last) == Relations(leads=True)
    assert relations_of(dewi, last) == Relations(curates=True)
    assert relations_of(hesti, last) == Relations(mends_personnel_data=True)
    for user in (budi, dewi, hesti):
        assert relations_of(user, TODAY) == Relations()


@pytest.mark.parametrize("cycles", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("ani", 4), ("budi", 8), ("dewi", 7), ("hesti", 8)])
def test_queries_do_not_grow(
    client, instrument, units, cycles, who, queries, request, django_assert_num_queries
):
    people = {name: request.getfixturevalue(name) for name in ("ani", "budi", "dewi", "hesti")}
    now = timezone.now()
    for number in range(cycles):
        opened = open_cycle(
            code=f"C{number}",
            name=f"Periode {number}",
            instrument=instrument,
            opens_at=now - datetime.timedelta(days=1),
            closes_at=now + datetime.timedelta(days=7),
            census_date=TODAY,
            by=None,
        )
        make_instrument(code=f"D{number}", publish=False)
        theirs = Assessment.objects.get(cycle=opened, person=people["ani"])
        report_supervisor(assessment=theirs, message="Bukan", by=people["ani"])
    home(client, people[who])
    with django_assert_num_queries(queries):
        home_page = client.get("/")
    assert len(home_page.context["home"].current) == cycles


def test_twelve_queries_are_enough_for_a_head_who_also_mends_personnel_data(
    client, cycle, budi, hesti, django_assert_max_num_queries
):
    HrMandate.objects.filter(user=hesti).update(user=budi)
    home(client, budi)
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200
