"""Where one is signed in: seen in words, ended by oneself only, and ended by time."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD
from tests.pages import text_of

SESSIONS = "/akun/sesi/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def ani(ani):
    ani.set_password(PASSWORD)
    ani.save()
    return ani


def signed_in(user, agent=FIREFOX, address="10.20.30.40"):
    browser = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    answer = browser.post("/akun/masuk/", {"login": user.nip, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def is_in(browser):
    return browser.get("/").status_code == 200


def test_each_device_is_named_and_its_address_is_not_whole(ani):
    here = signed_in(ani)
    signed_in(ani, PHONE, "2001:db8:1:2::3")
    text = text_of(here.get(SESSIONS))
    assert "Firefox, Linux (perangkat ini)" in text
    assert "Chrome, Android" in text
    assert "jaringan 10.20.30.•" in text
    assert "jaringan 2001:0db8:0001:•" in text
    assert "10.20.30.40" not in text


def test_one_device_is_signed_out(ani):
    here, there = signed_in(ani), signed_in(ani, PHONE)
    pk = UserSession.objects.get(user_agent=PHONE).pk
    assert here.post(f"{SESSIONS}{pk}/akhiri/")["Location"] == SESSIONS
    assert (is_in(here), is_in(there)) == (True, False)


def test_all_others_are_signed_out(ani):
    here, there, elsewhere = signed_in(ani), signed_in(ani, PHONE), signed_in(ani)
    answer = here.post(SESSIONS, follow=True)
    assert "2 sesi lain diakhiri." in text_of(answer)
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, False)


def test_whoever_finds_an_open_session_ends_no_other_without_the_password(ani):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        here, there = signed_in(ani), signed_in(ani, PHONE)
        clock.shift(timedelta(minutes=15))
        pk = UserSession.objects.get(user_agent=PHONE).pk
        page = here.get(SESSIONS)
        assert [
            form for form in ("/akhiri/", "Akhiri semua") if form in page.content.decode()
        ] == []
        ask = f"/akun/konfirmasi/?next={SESSIONS}"
        assert f'href="{ask}"' in page.content.decode()
        assert [here.post(path)["Location"] for path in (SESSIONS, f"{SESSIONS}{pk}/akhiri/")] == [
            ask,
            ask,
        ]
        assert is_in(there)
        assert here.post(ask, {"password": PASSWORD, "next": SESSIONS})["Location"] == SESSIONS
        assert here.post(f"{SESSIONS}{pk}/akhiri/")["Location"] == SESSIONS
        assert not is_in(there)


def test_a_session_that_no_list_knows_is_signed_out_too(ani):
    here, there = signed_in(ani), signed_in(ani, PHONE)
    UserSession.objects.filter(user_agent=PHONE).delete()
    assert is_in(there)
    assert "0 sesi lain diakhiri." in text_of(here.post(SESSIONS, follow=True))
    assert (is_in(here), is_in(there)) == (True, False)


def test_whoever_ends_the_others_goes_on_under_another_key_and_stays_listed(ani):
    here = signed_in(ani)
    before = here.cookies["sessionid"].value
    here.post(SESSIONS)
    assert here.cookies["sessionid"].value != before
    assert "(perangkat ini)" in text_of(here.get(SESSIONS))
    assert UserSession.objects.filter(user=ani).count() == 1


def test_a_session_without_a_note_of_its_beginning_is_over(ani):
    browser = signed_in(ani)
    session = browser.session
    del session["session_began"], session["session_seen"]
    session.save()
    assert not is_in(browser)


@pytest.fixture
def failing_receiver():
    def fail(**_):
        raise RuntimeError("a receiver failed")

    user_logged_in.connect(fail, weak=False)
    yield
    user_logged_in.disconnect(fail)


def test_a_sign_in_that_fails_halfway_leaves_no_session(ani, failing_receiver):
    browser = Client(raise_request_exception=False)
    answer = browser.post("/akun/masuk/", {"login": ani.nip, "password": PASSWORD})
    assert (answer.status_code, "sessionid" in answer.cookies) == (500, False)
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert [each for each in kept if "_auth_user_id" in each] == []
    assert UserSession.objects.count() == 0


def test_somebody_elses_session_does_not_exist(ani, budi):
    here = signed_in(ani)
    stranger = Client()
    stranger.force_login(budi)
    pk = UserSession.objects.get(user=ani).pk
    assert stranger.post(f"{SESSIONS}{pk}/akhiri/").status_code == 404
    assert is_in(here)


def test_a_session_without_requests_ends_after_an_hour_and_leads_back(ani):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        browser = signed_in(ani)
        clock.move_to(now + timedelta(minutes=59))
        assert is_in(browser)
        clock.move_to(now + timedelta(minutes=118))
        assert is_in(browser)
        clock.move_to(now + timedelta(minutes=178))
        answer = browser.get("/penilaian/")
        assert answer["Location"] == "/akun/masuk/?next=/penilaian/"
        back = browser.post(
            answer["Location"], {"login": ani.nip, "password": PASSWORD, "next": "/penilaian/"}
        )
        assert back["Location"] == "/penilaian/"


def test_a_busy_session_ends_after_eight_hours_all_the_same(ani):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        browser = signed_in(ani)
        for minutes in range(30, 480, 30):
            clock.move_to(now + timedelta(minutes=minutes))
            assert is_in(browser)
        clock.move_to(now + timedelta(hours=8))
        assert not is_in(browser)
