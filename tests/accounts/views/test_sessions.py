"""Where one is signed in: seen in words, ended by oneself only, and ended by time."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
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
