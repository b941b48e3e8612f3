"""The session ends: said in time, prolonged by one button, agreed by all tabs, and nothing typed is lost."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.backends.postgresql.psycopg_any import DateRange
from playwright.sync_api import expect

from accounts.limits import BEGAN, SEEN
from organization.models import CorrectionRequest, HrMandate
from tests.factories import LONG_AGO, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IDLE, ABSOLUTE = 3600, 8 * 3600
SAYS = "[data-session] [role=status]"


@pytest.fixture
def ani(ani):
    ani.set_password(PASSWORD)
    ani.save()
    return ani


@pytest.fixture
def office(citra, units):
    """Whoever answers requests to correct data."""
    HrMandate.objects.create(user=citra, unit=units.root, valid=DateRange(LONG_AGO, None))
    return citra


@pytest.fixture
def tab(context, sign_in, ani):
    sign_in(context, ani)
    return context.new_page()


@pytest.fixture
def form(live_server, office):
    """A page with a form that keeps nothing by itself."""
    return f"{live_server.url}/perbaikan-data/"


def notes():
    """What the only session notes about its time."""
    return SessionStore(Session.objects.get().session_key)


def age(*, began=0, seen=0):
    """Let the session have begun, and been used last, so many seconds ago."""
    stored = notes()
    stored[BEGAN], stored[SEEN] = time.time() - began, time.time() - seen
    stored.save()


def said(page):
    return page.locator(SAYS)


def come_back(page):
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def open_late(page, address, **aged):
    """Open a page, then wait on it so long, by the clock of the browser and of the portal."""
    page.clock.install()
    page.goto(address)
    age(**aged)
    page.clock.fast_forward(aged["seen"] * 1000)
    come_back(page)


def test_nothing_is_said_while_there_is_time(tab, form):
    open_late(tab, form, began=3000, seen=3000)
    tab.wait_for_timeout(300)
    assert said(tab).inner_text() == ""


def test_a_warning_comes_in_time_and_one_button_prolongs(tab, form, assert_fits_and_reads):
    open_late(tab, form, began=IDLE - 200, seen=IDLE - 200)
    expect(said(tab)).to_contain_text("Sesi Anda berakhir 3 menit lagi karena tidak ada kegiatan.")
    assert_fits_and_reads(tab)
    expect(said(tab)).to_contain_text("Sesi Anda berakhir")
    tab.get_by_label("Yang benar").focus()
    tab.get_by_role("button", name="Tetap masuk").focus()
    tab.keyboard.press("Enter")
    expect(said(tab)).to_have_text("Sesi Anda diperpanjang.")
    assert time.time() - notes()[SEEN] < 30
    # Where the focus was before.
    assert tab.evaluate("document.activeElement.name") == "requested"
    tab.clock.fast_forward(9_000)
    assert said(tab).inner_text() == ""


def test_the_warning_takes_no_focus_and_is_read_out_once_a_minute(tab, form):
    open_late(tab, form, began=IDLE - 255, seen=IDLE - 255)
    expect(said(tab)).to_contain_text("4 menit lagi")
    assert tab.evaluate("document.activeElement.tagName") == "BODY"
    assert said(tab).count() == 1
    tab.evaluate(
        """() => {
            window.spoken = 0;
            new MutationObserver(() => { window.spoken += 1; })
                .observe(document.querySelector("[data-text]"), { childList: true });
        }"""
    )
    for _second in range(30):  # sooner than the portal is asked again
        tab.clock.fast_forward(1_000)
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.spoken") == 1
    expect(said(tab)).to_contain_text("3 menit lagi")


def test_another_tab_that_prolongs_lets_the_warning_go(context, tab, form, live_server):
    other = context.new_page()
    open_late(other, form, began=IDLE - 200, seen=IDLE - 200)
    open_late(tab, form, began=IDLE - 200, seen=IDLE - 200)
    expect(said(tab)).to_contain_text("3 menit lagi")
    other.goto(f"{live_server.url}/akun/")
    expect(said(tab)).to_have_text("")


def test_an_answer_that_was_saved_meanwhile_counts(tab, live_server, assessment):
    address = f"{live_server.url}/penilaian/{assessment.pk}/pilar/ALFA/"
    tab.clock.install()
    tab.goto(address)
    age(began=IDLE - 100, seen=0)
    tab.clock.fast_forward((IDLE - 100) * 1000)
    come_back(tab)
    tab.wait_for_timeout(500)
    assert said(tab).inner_text() == ""


def test_the_whole_time_cannot_be_prolonged_and_says_so(tab, form):
    tab.clock.install()
    tab.goto(form)
    age(began=ABSOLUTE - 400, seen=10)
    tab.reload()
    expect(said(tab)).to_contain_text("Sesi Anda berakhir 6 menit lagi: 8 jam setelah masuk")
    expect(said(tab)).to_contain_text("tidak dapat diperpanjang")
    expect(tab.get_by_role("button", name="Tetap masuk")).to_be_hidden()
    tab.get_by_role("button", name="Mengerti").click()
    expect(said(tab)).to_have_text("")
    tab.reload()
    tab.wait_for_timeout(300)
    assert said(tab).inner_text() == ""
    age(began=ABSOLUTE - 50, seen=10)
    tab.reload()
    expect(said(tab)).to_contain_text("kurang dari satu menit lagi")


def test_after_the_end_what_was_typed_is_sent_once_signed_in_again(context, tab, form, ani):
    tab.clock.install()
    tab.goto(form)
    tab.get_by_label("Golongan").check()
    tab.get_by_label("Yang benar").fill("III/c")
    age(began=IDLE + 60, seen=IDLE + 60)
    tab.clock.fast_forward((IDLE + 60) * 1000)
    come_back(tab)
    expect(said(tab)).to_contain_text("Sesi Anda sudah berakhir.")
    with context.expect_page() as opened:
        tab.get_by_role("link", name="Masuk lagi di tab baru").click()
    entering = opened.value
    entering.get_by_label("NIP").fill(ani.nip)
    entering.get_by_label("Kata sandi").fill(PASSWORD)
    entering.get_by_role("button", name="Masuk").click()
    entering.wait_for_url(form)
    come_back(tab)
    expect(said(tab)).to_have_text("Anda sudah masuk lagi. Isian di halaman ini dapat dikirim.")
    tab.get_by_role("button", name="Kirim permintaan").click()
    expect(tab.get_by_text("Permintaan Anda diterima kepegawaian.")).to_be_visible()
    assert CorrectionRequest.objects.get().requested == "III/c"


def test_another_account_in_the_same_browser_is_said(context, tab, form, sign_in, budi):
    tab.goto(form)
    sign_in(context, budi)
    context.new_page().goto(form)
    expect(said(tab)).to_contain_text("ada yang masuk dengan akun lain")


def test_on_a_dead_line_the_button_says_what_to_do(context, tab, form):
    open_late(tab, form, began=IDLE - 200, seen=IDLE - 200)
    expect(said(tab)).to_contain_text("3 menit lagi")
    context.set_offline(True)
    tab.get_by_role("button", name="Tetap masuk").click()
    expect(said(tab)).to_contain_text("Belum tersambung.")
    context.set_offline(False)
    tab.get_by_role("button", name="Tetap masuk").click()
    expect(said(tab)).to_have_text("Sesi Anda diperpanjang.")
