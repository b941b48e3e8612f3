"""A session lasts as long as its reasons do: sign-in, password, account, duty, post."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import portal_today
from accounts.enums import LinkPurpose
from accounts.models import User
from accounts.operations import make_link
from organization.operations import end_posting
from tests.accounts.views.test_second_factor import code_of
from tests.factories import LONG_AGO, PASSWORD
from tests.security.cast import APP_SECRET, MANDATES, OPERATOR, WITH_SECOND_FACTOR
from tests.security.world import DAY

COOKIE = settings.SESSION_COOKIE_NAME
SIGN_IN = "/akun/masuk/"
OTHER = "kunci-lain-yang-panjang-2"


def sign_in(person, password=PASSWORD, browser=None):
    browser = browser or Client()
    response = browser.post(SIGN_IN, {"login": person.username, "password": password})
    assert (response.status_code, response["Location"]) == (302, "/")
    return browser


def is_in(browser):
    return browser.get("/penilaian/").status_code == 200


def with_cookie(value):
    browser = Client()
    browser.cookies[COOKIE] = value
    return browser


@pytest.fixture
def ani(world):
    return world.people["ani"]


def test_the_id_of_before_is_worth_nothing_after(world, ani):
    browser = Client()
    session = browser.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    browser.cookies[COOKIE] = before
    sign_in(ani, browser=browser)
    assert browser.cookies[COOKIE].value != before
    assert not is_in(with_cookie(before))
    assert not Session.objects.filter(session_key=before).exists()


def test_an_invented_id_is_not_adopted(world, ani):
    browser = with_cookie("a" * 32)
    sign_in(ani, browser=browser)
    assert browser.cookies[COOKIE].value != "a" * 32


def test_somebody_elses_session_is_not_inherited(world, ani):
    browser = sign_in(ani)
    first = browser.cookies[COOKIE].value
    browser.force_login(world.people["budi"])
    assert browser.cookies[COOKIE].value != first
    assert not is_in(with_cookie(first))


def test_signing_out_ends_it_for_good(world, ani):
    browser = sign_in(ani)
    kept = browser.cookies[COOKIE].value
    response = browser.post("/akun/keluar/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(browser)
    assert not is_in(with_cookie(kept))


def test_another_password_ends_every_other_session(world, ani):
    here, there = sign_in(ani), sign_in(ani)
    fields = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/akun/kata-sandi/", fields).status_code == 302
    assert not is_in(there)
    sign_in(ani, OTHER)


def test_another_password_gives_the_session_another_id_and_keeps_it_listed(world, ani):
    here = sign_in(ani)
    before = here.cookies[COOKIE].value
    fields = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    here.post("/akun/kata-sandi/", fields)
    assert here.cookies[COOKIE].value != before
    assert not is_in(with_cookie(before))
    assert is_in(here)
    assert "(perangkat ini)" in here.get("/akun/sesi/").text


def test_a_password_by_a_link_ends_every_session(world, ani):
    here = sign_in(ani)
    token = make_link(user=ani, purpose=LinkPurpose.RESET)
    fields = {"password1": OTHER, "password2": OTHER}
    assert Client().post(f"/akun/kata-sandi/tautan/{token}/", fields).status_code == 303
    assert not is_in(here)


def test_each_of_the_two_steps_gives_another_id(world):
    bayu = world.people[WITH_SECOND_FACTOR]
    bayu.set_password(PASSWORD)
    bayu.save()
    browser = Client()
    browser.post(SIGN_IN, {"login": bayu.username, "password": PASSWORD})
    between = browser.cookies[COOKIE].value
    code = {"code": code_of(APP_SECRET)}
    assert browser.post("/akun/masuk/kode/", code).status_code == 302
    assert browser.cookies[COOKIE].value != between
    assert is_in(browser)
    assert not is_in(with_cookie(between))


def test_setting_up_a_second_factor_gives_another_id(portal, world):
    browser = portal.be("sari")
    before = browser.cookies[COOKIE].value
    code = {"code": code_of(APP_SECRET)}
    assert browser.post("/akun/verifikasi/pasang/", code).status_code == 303
    assert browser.cookies[COOKIE].value != before
    assert is_in(browser)
    assert not is_in(with_cookie(before))


def test_an_account_that_is_switched_off_is_out_at_once(world, ani):
    browser = sign_in(ani)
    User.objects.filter(pk=ani.pk).update(is_active=False)
    assert not is_in(browser)
    response = Client().post(SIGN_IN, {"login": ani.username, "password": PASSWORD})
    assert "_auth_user_id" not in Client().session
    assert not is_in(
        with_cookie(response.cookies.get(COOKIE, "") and response.cookies[COOKIE].value)
    )


def test_a_session_ends_after_eight_hours(world, ani, settings):
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE + 1
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        browser = sign_in(ani)
        clock.move_to(now + datetime.timedelta(hours=7, minutes=59))
        assert is_in(browser)
        clock.move_to(now + datetime.timedelta(hours=8, seconds=1))
        assert not is_in(browser)


# --- Duties and posts, each asked anew


def answer(portal, who, name, *arguments):
    return portal.ask(who, "GET", reverse(name, args=arguments)).status_code


def test_a_duty_that_ends_is_over_at_the_next_request(portal, world):
    for who, page in (("dewi", "pillars:index"), ("dewi", "assessments:cycle_list")):
        assert answer(portal, who, page) == 200
    assert answer(portal, "eko", "dashboards:index") == 200
    for who in ("dewi", "eko"):
        world.people[who].role_grants.update(valid=DateRange(LONG_AGO, portal_today()))
    for who, page in (
        *(("dewi", "pillars:index"), ("dewi", "assessments:cycle_list")),
        ("eko", "dashboards:index"),
    ):
        assert answer(portal, who, page) == 404
    unit = world.unit_of("ani", world.now)
    assert answer(portal, "eko", "dashboards:unit", world.now.code, unit.pk) == 404


def test_a_mandate_that_ends_is_over_at_the_next_request(portal, world):
    report = world.assessment("ani").supervisor_reports.get()
    assert answer(portal, "hesti", "assessments:supervisor_report", report.pk) == 200
    for who in MANDATES:
        world.people[who].hr_mandates.update(valid=DateRange(LONG_AGO, portal_today()))
    assert answer(portal, "hesti", "assessments:supervisor_report", report.pk) == 404
    assert answer(portal, "hesti", "assessments:supervisor_reports") == 404


def test_an_operator_no_more_is_out_of_the_admin_at_once(portal, world):
    assert answer(portal, OPERATOR, "admin:index") == 200
    User.objects.filter(pk=world.people[OPERATOR].pk).update(is_staff=False)
    assert answer(portal, OPERATOR, "admin:index") == 404


def test_a_post_that_ends_is_over_at_the_next_request(portal, world):
    ani, unit = world.assessment("ani"), world.unit_of("ani", world.now)
    pages = (
        ("assessments:review", ani.pk),
        ("assessments:result", ani.pk),
        ("dashboards:unit", world.now.code, unit.pk),
    )
    posting = world.people["budi"].postings.get()
    posting.valid = DateRange(LONG_AGO, None)
    world.people["farid"].postings.filter(is_head=True).delete()
    posting.save()
    assert [answer(portal, "budi", *page) for page in pages] == [200, 200, 200]
    end_posting(posting=posting, on=portal_today(), by=None)
    assert [answer(portal, "budi", *page) for page in pages] == [404, 404, 404]
    # Whoever is next above reviews now.
    assert answer(portal, "gunawan", "assessments:review", ani.pk) == 200


def test_acting_begins_and_ends_at_midnight(portal, world):
    wati = world.assessment("wati").pk
    unit = world.unit_of("arsip", world.now).pk
    zone = timezone.get_current_timezone()
    midnight = datetime.datetime.combine(portal_today() + DAY, datetime.time(), zone)

    def answers():
        return {
            who: (
                portal_now.ask(who, "GET", f"/tinjauan/{wati}/").status_code,
                portal_now.ask(who, "GET", f"/unit/KINI/{unit}/").status_code,
            )
            for who in ("indra", "joko", "kartika")
        }

    with time_machine.travel(midnight - datetime.timedelta(seconds=1), tick=False) as clock:
        portal_now = type(portal)(world)
        assert answers() == {"indra": (200, 200), "joko": (404, 404), "kartika": (404, 404)}
        clock.move_to(midnight)
        assert answers() == {"indra": (404, 404), "joko": (404, 404), "kartika": (200, 200)}
