"""Coming in, going out, and asking for a new password."""

import re

import pytest
from django.contrib.sessions.models import Session

from accounts.models import User
from tests.factories import PASSWORD, make_user
from tests.pages import text_of

SIGN_IN = "/akun/masuk/"
SIGN_OUT = "/akun/keluar/"
FORGOTTEN = "/akun/lupa-kata-sandi/"


@pytest.fixture
def ani(ani):
    """Ani with a password and an address."""
    ani.set_password(PASSWORD)
    ani.email = "ani@contoh.invalid"
    ani.save()
    return ani


def sign_in(client, login, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.mark.parametrize(
    "typed",
    [
        "19860926 201505 1 001",
        " 198609262015051001 ",
        "1986.0926.201505.1.001",
        "'198609262015051001",
    ],
)
def test_the_nip_may_be_written_with_what_people_put_into_it(client, ani, typed):
    response = sign_in(client, typed)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(ani.pk)


def test_a_rater_without_nip_signs_in_by_name(client, db):
    governor = User.objects.create_user(username="gubernur", password=PASSWORD, name="Gubernur")
    assert sign_in(client, "gubernur").status_code == 302
    assert client.session["_auth_user_id"] == str(governor.pk)


def test_wrong_password_unknown_nip_and_deactivated_account_read_the_same(client, ani, budi):
    make_user("Gita", serial=7, is_active=False, password=PASSWORD)
    answers = [
        sign_in(client, ani.nip, "salah-salah-salah"),
        sign_in(client, "198609262015051999"),
        sign_in(client, "198609262015051007", "salah-salah-salah"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    said = {
        re.search(r"NIP atau kata sandi tidak cocok[^.]*\.", text_of(answer)).group()
        for answer in answers
    }
    assert len(said) == 1


def test_a_deactivated_account_is_told_so_only_by_its_own_password(client, db):
    gita = make_user("Gita", serial=7, is_active=False, password=PASSWORD)
    response = client.post(SIGN_IN, {"login": gita.nip, "password": PASSWORD}, follow=True)
    assert "Akun ini tidak dapat dipakai untuk masuk." in text_of(response)
    assert "_auth_user_id" not in client.session


def test_the_way_back_leads_only_into_the_portal(client, ani):
    assert sign_in(client, ani.nip, next="/penilaian/")["Location"] == "/penilaian/"
    client.logout()
    assert sign_in(client, ani.nip, next="https://jahat.invalid/")["Location"] == "/"


def test_a_form_that_came_too_late_leads_back_to_the_page_it_stood_on(client, db):
    def way_back(referer):
        return client.post("/akun/sesi/", headers={"referer": referer})["Location"]

    page = "/tinjauan/?cycle=2026-S2"
    assert (
        way_back(f"http://testserver{page}#isi")
        == f"{SIGN_IN}?next=/tinjauan/%3Fcycle%3D2026-S2&unsaved=1"
    )
    assert way_back(f"https://jahat.invalid{page}") == f"{SIGN_IN}?next=/akun/sesi/&unsaved=1"
    assert way_back("") == f"{SIGN_IN}?next=/akun/sesi/&unsaved=1"


def test_a_form_that_came_too_late_is_not_lost_without_a_word(client, ani):
    said = "Sesi Anda berakhir sebelum isian terakhir tersimpan"
    late = client.post("/penilaian/1/pilar/ALFA/", {"ALF-01": "3"})
    assert said in text_of(client.get(late["Location"]))
    only_read = client.get("/penilaian/")
    assert said not in text_of(client.get(only_read["Location"]))
    answer = client.post(late["Location"], {"login": ani.nip, "password": PASSWORD})
    assert answer["Location"] == "/penilaian/1/pilar/ALFA/"


def test_a_deactivated_account_loses_its_session_at_the_next_request(client, ani):
    sign_in(client, ani.nip)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=ani.pk).update(is_active=False)
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, f"{SIGN_IN}?next=/")


def test_signing_out_asks_first_and_clears_what_the_browser_stored(client, ani):
    sign_in(client, ani.nip)
    asked = client.get(SIGN_OUT)
    assert asked.status_code == 200
    assert "Keluar dari PRIMA?" in text_of(asked)
    assert "Clear-Site-Data" not in asked
    assert "_auth_user_id" in client.session

    left = client.post(SIGN_OUT)
    assert (left.status_code, left["Location"]) == (302, SIGN_IN)
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert Session.objects.count() == 0


def test_an_empty_field_is_named(client, db):
    response = client.post(FORGOTTEN, {"email": " "})
    assert response.status_code == 422
    assert "NIP atau surel dinas" in text_of(response)
    assert response.context["form"].errors.keys() == {"email"}


def test_the_demo_accounts_are_on_the_sign_in_page_in_development_only(client, db, settings):
    settings.DEVELOPMENT = False
    assert "Akun contoh" not in text_of(client.get(SIGN_IN))
    settings.DEVELOPMENT = True
    page = text_of(client.get(SIGN_IN))
    assert "Akun contoh" in page
    assert "199203142019032001" in page
    assert "prima-untuk-semua" in page
    assert "prima-untuk-semua" not in client.get(FORGOTTEN).text


def test_without_a_password_yet_one_is_made_on_the_same_page(client, budi):
    client.force_login(budi)
    assert client.get("/akun/kata-sandi/")["Location"] == "/akun/kata-sandi/baru/"
    assert "Buat kata sandi" in text_of(client.get("/akun/kata-sandi/baru/"))
    made = client.post(
        "/akun/kata-sandi/baru/",
        {"password1": "sandi-yang-lain-2", "password2": "sandi-yang-lain-2"},
    )
    assert made.status_code == 302
    client.logout()
    assert sign_in(client, budi.nip, "sandi-yang-lain-2").status_code == 302


def test_a_new_password_needs_the_old_one_and_is_refused_where_it_is_weak(client, ani):
    sign_in(client, ani.nip)
    fresh = {"password1": "sandi-yang-lain-2", "password2": "sandi-yang-lain-2"}
    wrong = client.post("/akun/kata-sandi/", {"oldpassword": "salah", **fresh})
    assert list(wrong.context["form"].errors) == ["oldpassword"]
    weak = {"password1": "12345", "password2": "12345", "oldpassword": PASSWORD}
    assert list(client.post("/akun/kata-sandi/", weak).context["form"].errors) == ["password1"]
    assert client.post("/akun/kata-sandi/", {"oldpassword": PASSWORD, **fresh}).status_code == 302
    client.logout()
    assert sign_in(client, ani.nip, fresh["password1"]).status_code == 302


def test_an_open_session_is_no_way_to_find_out_the_password(client, ani):
    sign_in(client, ani.nip)
    fresh = {"password1": "sandi-yang-lain-2", "password2": "sandi-yang-lain-2"}

    def said(typed):
        answer = client.post("/akun/kata-sandi/", {"oldpassword": typed, **fresh})
        return answer.context["form"].errors["oldpassword"][0]

    wrong = {said(f"salah-{number}") for number in range(10)}
    assert wrong == {"Kata sandi saat ini tidak cocok. Ketik sekali lagi."}
    assert said(PASSWORD) == "Terlalu sering dicoba. Tunggu 15 menit, lalu coba sekali lagi."
    ani.refresh_from_db()
    assert ani.check_password(PASSWORD)


def test_mistyped_old_passwords_are_forgiven_by_the_right_one(client, ani):
    sign_in(client, ani.nip)
    for password, other in ((PASSWORD, "sandi-yang-lain-2"), ("sandi-yang-lain-2", PASSWORD)):
        fresh = {"password1": other, "password2": other}
        for _ in range(9):
            client.post("/akun/kata-sandi/", {"oldpassword": "salah", **fresh})
        changed = client.post("/akun/kata-sandi/", {"oldpassword": password, **fresh})
        assert changed.status_code == 302
