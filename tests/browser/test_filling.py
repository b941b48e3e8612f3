"""Filling in, in a real browser: without JavaScript, on a dead line, in two tabs, on a small phone."""

import json

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from assessments.enums import Status
from assessments.models import Answer, Assessment
from assessments.operations import save_answers, submit
from tests.assessments.conftest import ANSWERS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def section(live_server, assessment):
    """The address of the first section of Ani's assessment."""
    return f"{live_server.url}/penilaian/{assessment.pk}/pilar/ALFA/"


@pytest.fixture
def tab(context, sign_in, ani, live_server):
    """A browser in which Ani is signed in."""
    sign_in(context, ani)
    return context.new_page()


def choose(page, code, level):
    """Choose a level by its place, as a finger does: on the label."""
    page.locator(f"#butir-{code} .option__label").nth(level).click()


def said(page):
    return page.locator("[data-save-state]")


def values():
    return {
        answer.indicator.code: answer.value
        for answer in Answer.objects.select_related("indicator").order_by("pk")
    }


def test_the_whole_way_without_javascript(browser, sign_in, live_server, assessment, ani):
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    sign_in(context, ani)
    page = context.new_page()
    page.goto(f"{live_server.url}/penilaian/")
    page.get_by_role("link", name="Mulai mengisi").click()
    page.get_by_role("link", name="Mulai mengisi").click()
    choose(page, "ALF-01", 3)
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    # The level asks for evidence, and the second statement was left out: both are said.
    page.get_by_role("link", name="Pernyataan 1: Tingkat ini meminta bukti dukung").click()
    page.locator("#id_ALF-01--evidence").fill("SK 800/12/2026")
    choose(page, "ALF-02", 4)
    page.locator("#id_ALF-02--reason").fill("Bukan tugas saya")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("heading", name="Beta")).to_be_visible()
    choose(page, "BET-01", 1)
    choose(page, "BET-02", 2)
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_role("link", name="Ubah BET-01").click()
    choose(page, "BET-01", 2)
    page.get_by_role("button", name="Simpan dan periksa").click()
    page.get_by_role("link", name="Lanjut ke pengajuan").click()
    page.get_by_label("Jawaban ini saya isi sendiri").check()
    page.get_by_role("button", name="Ajukan penilaian").click()
    number = page.locator("[data-receipt]").get_attribute("data-receipt")
    kept = Assessment.objects.select_related("submission").get(pk=assessment.pk)
    assert (kept.status, kept.submission.number) == (Status.SUBMITTED, number)
    assert kept.submission.answers == {
        "ALF-01": {"value": "4", "evidence": ["SK 800/12/2026"]},
        "ALF-02": {"na": True, "reason": "Bukan tugas saya"},
        "BET-01": "3",
        "BET-02": "3",
    }
    page.get_by_role("link", name="Tarik kembali").click()
    page.get_by_role("button", name="Ya, tarik kembali").click()
    expect(page.get_by_text("Penilaian ditarik kembali.")).to_be_visible()
    context.close()


def test_an_answer_is_stored_as_it_is_chosen_and_said_once(tab, section):
    tab.goto(section)
    tab.evaluate(
        """() => {
            window.spoken = [];
            const line = document.querySelector("[data-save-state]");
            new MutationObserver(() => window.spoken.push(line.textContent))
                .observe(line, { childList: true, characterData: true, subtree: true });
        }"""
    )
    for level in (0, 1, 2, 1, 2):
        choose(tab, "ALF-02", level)
    expect(said(tab)).to_contain_text("Tersimpan", timeout=2_000)
    tab.wait_for_timeout(600)
    assert len([text for text in tab.evaluate("window.spoken") if text]) <= 2
    assert values() == {"ALF-02": 3}
    tab.locator("#butir-ALF-02 summary").click()
    tab.locator("#id_ALF-02--note").fill("Contoh <b>nyata</b>")
    expect(said(tab)).to_contain_text("Tersimpan")
    tab.wait_for_timeout(1_500)
    tab.reload()
    expect(tab.locator("#id_ALF-02--note")).to_have_value("Contoh <b>nyata</b>")
    expect(tab.locator("#id_ALF-02_2")).to_be_checked()


def test_an_answer_is_stored_where_the_browser_has_no_room_left(tab, section):
    tab.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    )
    tab.goto(section)
    choose(tab, "ALF-01", 1)
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-01": 2}


def test_a_level_that_asks_for_evidence_opens_its_field(tab, section):
    tab.goto(section)
    expect(tab.locator("#id_ALF-01--evidence")).to_be_hidden()
    choose(tab, "ALF-01", 3)
    expect(tab.locator("#id_ALF-01--evidence")).to_be_visible()
    expect(said(tab)).to_contain_text("Tersimpan")


def test_going_on_without_a_line_stays_on_the_page_and_says_what_is_kept(context, tab, section):
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-02", 1)
    tab.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(said(tab)).to_contain_text("Jawaban Anda aman di perangkat ini")
    assert tab.url == section
    context.set_offline(False)
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-02": 2}


def test_offline_answers_survive_a_closed_tab(context, tab, section):
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-01", 1)
    choose(tab, "ALF-02", 2)
    expect(said(tab)).to_contain_text("Belum tersimpan, akan dicoba lagi")
    assert values() == {}
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto(section)
    expect(said(tab)).to_contain_text("Tersimpan")
    expect(tab.locator("#id_ALF-02_2")).to_be_checked()
    tab.wait_for_timeout(500)
    assert values() == {"ALF-01": 2, "ALF-02": 3}
    assert set(Answer.objects.values_list("revision", flat=True)) == {1}


def test_a_lost_reply_is_no_conflict_with_oneself(tab, section):
    tab.goto(section)
    lost = []

    def lose_the_first_reply(route):
        if lost:
            return route.continue_()
        lost.append(route.request)
        route.fetch()
        return route.abort()

    tab.route("**/jawaban/", lose_the_first_reply)
    choose(tab, "ALF-01", 1)
    expect(said(tab)).to_contain_text("akan dicoba lagi")
    choose(tab, "ALF-01", 2)
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-01": 3}
    assert Answer.objects.get().revision == 2


def test_a_level_chosen_while_a_blank_note_is_refused_is_sent(tab, section):
    tab.goto(section)
    under_way = []
    tab.route("**/jawaban/", lambda route, _request: under_way.append(route), times=1)
    tab.locator("#butir-ALF-02 summary").click()
    with tab.expect_request("**/jawaban/"):
        tab.locator("#id_ALF-02--note").fill(" ")
    choose(tab, "ALF-02", 2)
    under_way[0].continue_()
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-02": 3}


def test_two_tabs_disagree_visibly(context, tab, section):
    tab.goto(section)
    other = context.new_page()
    other.goto(section)
    choose(tab, "ALF-01", 0)
    expect(said(tab)).to_contain_text("Tersimpan")
    choose(other, "ALF-01", 2)
    expect(other.get_by_text("Jawaban ini sudah diubah")).to_be_visible()
    expect(other.locator("#bentrok-ALF-01")).to_contain_text("Perlu dibimbing")
    assert values() == {"ALF-01": 1}
    other.get_by_label("Isian saya di halaman ini").check()
    expect(said(other)).to_contain_text("Tersimpan")
    assert values() == {"ALF-01": 3}
    # The first tab is now the stale one; this time what is stored stays.
    choose(tab, "ALF-01", 1)
    tab.get_by_label("Yang tersimpan").click()  # and the page starts anew
    expect(tab.locator("#id_ALF-01_2")).to_be_checked()
    assert values() == {"ALF-01": 3}


def test_an_expired_session_loses_nothing(context, tab, section, sign_in, ani):
    tab.goto(section)
    Session.objects.all().delete()
    choose(tab, "ALF-02", 1)
    link = said(tab).get_by_role("link", name="Masuk lagi")
    expect(link).to_be_visible()
    assert "next=%2Fpenilaian%2F" in link.get_attribute("href")
    assert values() == {}
    sign_in(context, ani)
    link.click()
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-02": 2}


def test_answers_that_wait_are_sent_from_the_task_list_too(context, tab, section):
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-01", 1)
    expect(said(tab)).to_contain_text("akan dicoba lagi")
    waiting = tab.evaluate("JSON.stringify(localStorage)")
    assert len(json.loads(waiting)) == 1
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto(section.split("pilar/")[0])
    expect(tab.get_by_text("Sedang diisi 1 dari 2")).to_be_visible()
    assert values() == {"ALF-01": 2}


def test_nothing_that_waits_is_missing_from_what_is_handed_in(
    context, tab, section, assessment, ani
):
    """The line was dead when the last answer was chosen; handing in sends it first."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-02", 0)
    expect(said(tab)).to_contain_text("akan dicoba lagi")
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.route("**/jawaban/", lambda route: route.abort())
    tab.goto(section.split("pilar/")[0] + "ajukan/")
    tab.get_by_label("Jawaban ini saya isi sendiri").check()
    tab.get_by_role("button", name="Ajukan penilaian").click()
    expect(said(tab)).to_contain_text("Tunggu sampai tersimpan, lalu ajukan.")
    tab.unroute("**/jawaban/")
    expect(said(tab)).to_contain_text("Tersimpan", timeout=10_000)
    tab.get_by_role("button", name="Ajukan penilaian").click()
    expect(tab.locator("[data-receipt]")).to_be_visible()
    kept = Assessment.objects.select_related("submission").get(pk=assessment.pk)
    assert kept.submission.answers["ALF-02"] == {"value": "1", "reason": "Tidak melayani warga"}


def test_handing_in_on_a_dead_line_stays_on_the_page_and_can_be_done_again(
    context, tab, section, assessment, ani
):
    """In place of the browser's own page, after which nobody knows whether it was handed in."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    tab.goto(section.split("pilar/")[0] + "ajukan/")
    tab.get_by_label("Jawaban ini saya isi sendiri").check()
    context.set_offline(True)
    tab.get_by_role("button", name="Ajukan penilaian").click()
    expect(said(tab)).to_contain_text("Tidak ada jaringan: penilaian belum diajukan.")
    assert Assessment.objects.get(pk=assessment.pk).submission is None
    context.set_offline(False)
    expect(said(tab)).to_have_text("")
    tab.get_by_role("button", name="Ajukan penilaian").click()
    expect(tab.locator("[data-receipt]")).to_be_visible()


def test_what_is_in_conflict_is_named_before_handing_in(context, tab, section, assessment, ani):
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-02", 0)
    expect(said(tab)).to_contain_text("akan dicoba lagi")
    tab.close()
    context.set_offline(False)
    Answer.objects.filter(indicator__code="ALF-02").update(revision=7)
    tab = context.new_page()
    tab.goto(section.split("pilar/")[0] + "ajukan/")
    expect(said(tab)).to_contain_text("ALF-02: Belum tersimpan: pilih jawaban yang dipakai")
    tab.get_by_label("Jawaban ini saya isi sendiri").check()
    tab.get_by_role("button", name="Ajukan penilaian").click()
    expect(said(tab)).to_contain_text("ALF-02: Belum tersimpan: pilih jawaban yang dipakai")
    assert Assessment.objects.get(pk=assessment.pk).submission is None


def test_leaving_asks_first_while_answers_wait(context, tab, section):
    tab.goto(section)
    context.set_offline(True)
    choose(tab, "ALF-01", 1)
    expect(said(tab)).to_contain_text("akan dicoba lagi")
    tab.route("**/jawaban/", lambda route: route.abort())
    context.set_offline(False)
    tab.locator(".menu summary").click()
    tab.get_by_role("button", name="Keluar").click()
    expect(tab.get_by_text("Ada jawaban di peramban ini yang belum terkirim.")).to_be_visible()
    tab.unroute("**/jawaban/")
    tab.get_by_role("link", name="Buka penilaian saya").click()
    tab.goto(section)
    expect(said(tab)).to_contain_text("Tersimpan")
    assert values() == {"ALF-01": 2}
    tab.locator(".menu summary").click()
    tab.get_by_role("button", name="Keluar").click()
    expect(tab.get_by_label("Kata sandi")).to_be_visible()
    assert tab.evaluate("Object.keys(localStorage).length") == 0


def test_pressing_the_button_as_the_line_dies_stops_nothing(context, tab, section):
    """The answer is under way, the button is pressed, the line dies: it is sent once the line is back."""
    tab.goto(section)
    under_way = []
    tab.route("**/jawaban/", lambda route, _request: under_way.append(route))
    with tab.expect_request("**/jawaban/"):
        choose(tab, "ALF-02", 1)
    tab.get_by_role("button", name="Simpan dan lanjutkan").click()
    context.set_offline(True)
    under_way[0].abort()
    expect(said(tab)).to_contain_text("Jawaban Anda aman di perangkat ini", timeout=15_000)
    tab.unroute("**/jawaban/")
    context.set_offline(False)
    expect(said(tab)).to_contain_text("Tersimpan", timeout=10_000)
    assert values() == {"ALF-02": 2}


def test_pages_fit_a_small_phone_and_satisfy_axe(tab, live_server, section, assert_fits_and_reads):
    base = section.split("pilar/")[0]
    for address in (
        f"{live_server.url}/penilaian/",
        base,
        section,
        section + "?gaps",
        base + "periksa/?gaps",
        base + "atasan/",
    ):
        tab.goto(address)
        assert_fits_and_reads(tab)


def test_pages_around_handing_in_fit_and_satisfy_axe(
    tab, section, assessment, ani, assert_fits_and_reads
):
    base = section.split("pilar/")[0]
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    tab.goto(base + "ajukan/")
    assert_fits_and_reads(tab)
    submit(assessment=assessment, by=ani)
    for address in (base, base + "tanda-terima/", base + "tarik/", base + "periksa/"):
        tab.goto(address)
        assert_fits_and_reads(tab)


def test_options_are_large_enough_for_a_finger(tab, section):
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.goto(section)
    targets = tab.locator("#isi :is(a, button:not([aria-hidden]), label.option__label, summary)")
    for target in targets.all():
        box = target.bounding_box()
        if target.is_visible() and box:
            assert box["height"] >= 44, target.inner_text()
