"""How long a session lasts: asked by a page, which is no use of it, and prolonged by the person, which is."""

import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_user
from tests.pages import text_of

ADDRESS = "/akun/sesi/sisa/"
IDLE, ABSOLUTE = settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as moving:
        yield moving


@pytest.fixture
def browser(clock, ani):
    client = Client()
    client.force_login(ani)
    return client


def left(answer):
    return answer.json()["idle"], answer.json()["absolute"]


def test_asking_is_no_use(browser, clock, ani):
    for seconds in (0, 600, 1200):
        answer = browser.get(reverse("accounts:session_time"))
        assert left(answer) == (IDLE - seconds, ABSOLUTE - seconds)
        clock.shift(600)
    assert answer.json()["person"] == ani.pk
    assert answer["Cache-Control"] == "no-store"
    clock.shift(IDLE - 1800)
    assert browser.get(ADDRESS)["Location"] == f"/akun/masuk/?next={ADDRESS}"


def test_every_other_page_is(browser, clock):
    clock.shift(600)
    browser.get("/akun/sesi/")
    clock.shift(30)
    assert left(browser.get(ADDRESS)) == (IDLE - 30, ABSOLUTE - 630)


def test_the_button_prolongs_at_once_and_not_beyond_the_whole(browser, clock):
    browser.get("/")
    clock.shift(30)  # sooner than a use is noted of itself
    assert left(browser.post(ADDRESS)) == (IDLE, ABSOLUTE - 30)
    for _hour in range(7):
        clock.shift(IDLE - 1)
        assert browser.post(ADDRESS).json()["idle"] == IDLE
    clock.shift(ABSOLUTE - 30 - 7 * (IDLE - 1))
    assert browser.post(ADDRESS).status_code == 302


def test_the_token_is_that_of_the_browser(ani):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ani)
    token = client.get(ADDRESS).json()["token"]
    assert client.post(ADDRESS).status_code == 403
    assert client.post(ADDRESS, headers={"X-CSRFToken": token}).status_code == 200


def test_whoever_must_set_up_a_second_factor_may_take_the_time_for_it(settings, budi, ani):
    settings.MFA_REQUIRED = True
    client = Client()
    client.force_login(make_user("Operator", serial=90, is_staff=True))
    assert client.get("/").status_code == 302
    assert client.post(ADDRESS).status_code == 200


def test_pages_know_how_long_they_may_wait(browser, clock):
    clock.shift(2400)
    browser.get("/")
    clock.shift(20)
    page = browser.get("/akun/").content.decode()
    told = dict(re.findall(r'data-(idle|absolute|warned-idle|warned-absolute)="(\d+)"', page))
    assert told == {
        "idle": str(IDLE - 20),
        "absolute": str(ABSOLUTE - 2420),
        "warned-idle": "300",
        "warned-absolute": "600",
    }


def test_the_hour_is_said_in_the_persons_zone(ani, browser, clock):
    ani.time_zone = "Asia/Jayapura"
    ani.save()
    clock.move_to(datetime.datetime(2026, 11, 24, 3, 0, tzinfo=datetime.UTC))
    client = Client()
    client.force_login(ani)
    assert "sebelum pukul 13.00 WIT;" in text_of(client.get("/akun/"))


def test_without_a_script_a_page_says_until_when_it_waits(browser):
    page = browser.get("/akun/").content.decode()
    (note,) = re.findall(r"<noscript>(.*?)</noscript>", page)
    assert note.startswith('<p class="session-note small muted">Kirim isian di halaman ini sebelum')


def test_a_short_limit_is_warned_of_halfway(settings, browser):
    settings.SESSION_IDLE_SECONDS = 240
    assert 'data-warned-idle="120"' in browser.get("/akun/").content.decode()


def test_whoever_is_not_signed_in_is_told_nothing(client):
    assert "data-session" not in client.get("/akun/masuk/").content.decode()


def test_operators_are_warned_too(client, db):
    client.force_login(make_user("Operator", serial=90, is_staff=True, is_superuser=True))
    assert "data-session" in client.get("/operator/").content.decode()
