"""Every page of the portal, as everybody who may open it, on a phone and on a desk.

A page is found by following links from the home page, as people do. `PAGES` says what each of the cast must have come
across; a new address that is in neither `PAGES` nor `NOT_WALKED` fails.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.timezone import localtime
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from prima_portal.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.assessments import papers
from tests.browser.inspection import faults_of
from tests.demo import running_demo

NIPS = {account.name.split()[0].lower(): account.nip for account in DEMO_ACCOUNTS}
MORE_THAN_ONE_FACE = {
    "assessments:cycle": 2,
    "assessments:tasks": 2,
    "assessments:result": 2,
    "assessments:review": 2,
    "dashboards:unit": 2,
    "pillars:detail": 2,
}

ALL = {
    "accounts:personal_data",
    "home",
    "accounts:profile",
    "accounts:second_factor",
    "accounts:sessions",
    "accounts:set_up_totp",
    "account_change_password",
    "assessments:index",
    "organization:corrections",
}
OWN = {
    "assessments:tasks",
    "assessments:check",
    "assessments:report_supervisor",
    "assessments:result",
    "assessments:trail",
}
REVIEWING = {"assessments:review_list", "assessments:review"}
UNITS = {"dashboards:index", "dashboards:unit"}
PAGES: dict[str, set[str]] = {
    "anonymous": {"account_login", "account_reset_password"},
    "ani": ALL
    | OWN - {"assessments:report_supervisor"}
    | {"assessments:fill", "assessments:evidence", "assessments:evidence_remove"},
    "budi": ALL
    | OWN
    | REVIEWING
    | UNITS
    | {"assessments:review_pillar", "assessments:review_return", "assessments:review_verify"},
    "citra": ALL | REVIEWING | UNITS,
    "gunawan": ALL | OWN | REVIEWING | UNITS | {"assessments:receipt", "assessments:withdraw"},
    "dewi": ALL
    | OWN
    | {
        "assessments:cycle",
        "assessments:cycle_extend",
        "assessments:cycle_extension_end",
        "assessments:cycle_list",
        "assessments:cycle_open",
        "assessments:cycle_reminders",
        "assessments:cycle_reopen",
        "assessments:cycle_reschedule",
        "assessments:preview_instrument",
        "pillars:add_indicator",
        "pillars:add_pillar",
        "pillars:checks",
        "pillars:detail",
        "pillars:diff",
        "pillars:edit",
        "pillars:edit_bands",
        "pillars:edit_indicator",
        "pillars:edit_pillar",
        "pillars:edit_scale",
        "pillars:index",
        "pillars:new_version",
        "pillars:publish",
        "pillars:remove_indicator",
        "pillars:remove_pillar",
        "pillars:retire",
        "pillars:upload",
    },
    "eko": ALL
    | OWN - {"assessments:report_supervisor"}
    | {"audit:events", "audit:event", "audit:breach"},
    "hesti": ALL
    | {
        "assessments:personnel",
        "assessments:supervisor_report",
        "assessments:supervisor_reports",
        "organization:correction_request",
        "organization:correction_requests",
        "organization:invitations",
    },
    "operator": {
        "home",
        "admin:index",
        "admin:accounts_user_changelist",
        "admin:accounts_user_change",
    },
}
NOT_WALKED = {
    "account_logout": "opened by a form; walked last of all",
    "account_inactive": "shown only to accounts that were switched off",
    "account_reauthenticate": "asked for a while after signing in",
    "account_reset_password_done": "after a form",
    "accounts:choose_zone": "POST only",
    "accounts:end_device": "POST only",
    "accounts:leave_for_provider": "leads to another site, where one is set",
    "accounts:return_from_provider": "asks to be come back to from another site",
    "accounts:personal_data_file": "POST only",
    "accounts:password_by_link": "by a link in a mail",
    "accounts:recovery_codes": "for accounts with a second factor",
    "accounts:remove_totp": "for accounts with a second factor",
    "accounts:start_over": "POST only",
    "accounts:totp_image": "a picture",
    "mfa_authenticate": "between the steps of signing in",
    "mfa_reauthenticate": "for accounts without a password",
    "accounts:session_time": "asked by a script: tests/browser/test_session_time.py",
    "account_set_password": "for accounts without a password",
    "assessments:cycle_establish": "only while people of a closed period wait for it",
    "assessments:earlier_result": "needs a result opened again: tests/assessments/operations/test_reopening.py",
    "assessments:reopening": "needs a proposal: tests/assessments/operations/test_reopening.py",
    "assessments:evidence_file": "a file",
    "assessments:personnel_file": "a file",
    "assessments:review_agree": "POST only",
    "assessments:review_open": "POST only",
    "assessments:save_answer": "POST only",
    "assessments:submit": "needs all answers: tests/browser/test_filling.py",
    "audit:export_events": "a file",
    "dashboards:export": "a file",
    "livez": "for machines",
    "metrics": "for machines",
    "organization:correction_withdraw": "POST only",
    "organization:send_invitations": "POST only",
    "pillars:download": "a file",
    "pillars:move_indicator": "POST only",
    "pillars:move_pillar": "POST only",
    "pillars:upload_result": "after a form: tests/pillars/views/test_versions.py",
    "readyz": "for machines",
    "set_language": "POST only",
    "styleguide": "in development only; walked by name",
}


def test_every_address_is_walked_or_says_why_not():
    walked = set().union(*PAGES.values())
    # What is read by other programs has no face: tests/security/test_interface.py.
    known = {
        name
        for name in names(get_resolver().url_patterns)
        if not name.startswith(("admin:", "api:"))
    }
    assert known - walked - NOT_WALKED.keys() == set(), (
        "not walked: add it to PAGES, or say why not"
    )
    gone = (walked | NOT_WALKED.keys()) - known - {"styleguide"}  # an address of development only
    assert {name for name in gone if not name.startswith("admin:")} == set(), (
        "there is no such address"
    )
    assert not walked & NOT_WALKED.keys()


def names(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)
        elif pattern.name:
            yield namespace + pattern.name


@pytest.fixture(scope="session")
def portal(worker_id: str) -> Iterator[str]:
    """The address of a small demo; pages are only looked at, so that one serves all tests of a process."""
    with running_demo(f"prima_walk_{worker_id}", "--units=26", "--people=120") as address:
        yield address


class Walk:
    """One person's way through the portal: which pages were seen, and what was wrong with them."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page = page
        self.portal = portal
        self.seen: Counter[str] = Counter()
        self.titles: dict[str, str] = {}
        self.faults: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._watch)

    def sign_in(self, who: str) -> None:
        """As that person, on the sign-in page."""
        self.page.goto(f"{self.portal}/akun/masuk/")
        self.page.get_by_label("NIP").fill(NIPS[who])
        self.page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Masuk").click()
        self.page.wait_for_url(f"{self.portal}/")

    def follow(self, *starts: str) -> None:
        """Look at the pages and at all that they link to, some of each kind."""
        waiting = list(starts)
        known = set(waiting)
        while waiting:
            path = waiting.pop(0)
            name = self._name(path)
            if name is None or name in NOT_WALKED or self.seen[name] >= _examples(name):
                continue
            self.seen[name] += 1
            self._look(path)
            links = self.page.evaluate("[...document.links].map((link) => link.href)")
            found = {urlsplit(link).path for link in links if link.startswith(f"{self.portal}/")}
            waiting += sorted(found - known)
            known |= found

    def _name(self, path: str) -> str | None:
        try:
            return resolve(path).view_name
        except Resolver404:
            return None

    def _look(self, path: str) -> None:
        response = self.page.goto(self.portal + path)
        assert response is not None
        faults = faults_of(self.page, is_ours=not path.startswith("/operator/"))
        if response.status != 200:
            faults.append(f"status {response.status}")
        title = self.page.title()
        landed = urlsplit(self.page.url).path
        if not re.fullmatch(r".{4,} [–|] PRIMA(: operator)?", title):
            faults.append(f"title {title!r}")
        if self.titles.setdefault(title, landed) != landed:
            faults.append(f"title {title!r} is that of {self.titles[title]}, too")
        self.faults += [f"{path}: {fault}" for fault in faults]

    def _hear(self, message: ConsoleMessage) -> None:
        # Includes violations of the Content-Security-Policy, which the browser reports here.
        if message.type in {"error", "warning"}:
            self.faults.append(f"{self.page.url}: {message.text} {message.location['url']}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.portal, "data:", "about:")):
            self.faults.append(f"{self.page.url}: asks {request.url}")


def _examples(name: str) -> int:
    """How many pages of a kind to look at: most look the same for every person and every row."""
    return MORE_THAN_ONE_FACE.get(name, 1)


def nothing_first(walk: Walk) -> list[str]:
    """Whoever finds all their pages by following links."""
    return []


def begin_a_review(walk: Walk) -> list[str]:
    """Open what waits, so that its pages can be walked; where it stands."""
    page = walk.page
    page.get_by_role("link", name="Mulai meninjau").click()
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_role("button", name="Mulai meninjau").click()
    page.get_by_role("link", name="Ringkasan").click()
    page.get_by_role("button", name="Samakan semua yang belum dinilai").click()
    page.get_by_role("link", name="Periksa dan verifikasi").wait_for()
    return [urlsplit(page.url).path]


def add_a_file(walk: Walk) -> list[str]:
    """Add evidence from a statement, as a button does and no link; where its files stand."""
    page = walk.page
    page.get_by_role("link", name="Lanjutkan").click()
    page.get_by_role("main").get_by_role("link", name="Profesional").click()
    page.locator(".extra summary").first.click()
    page.get_by_role("button", name="Simpan dan tambah berkas").first.click()
    photograph = {"name": "IMG_20261124.jpg", "mimeType": "image/jpeg"}
    page.set_input_files(
        "input[type=file]", files=[{**photograph, "buffer": papers.located_picture()}]
    )
    page.get_by_role("button", name="Unggah").click()
    page.get_by_role("link", name="Hapus").wait_for()
    return [urlsplit(page.url).path]


def let_ani_ask(walk: Walk) -> list[str]:
    """Let somebody ask for a correction, so that the office has one to answer."""
    browser = walk.page.context.browser
    assert browser is not None
    with browser.new_context(locale="id-ID") as context:
        asking = Walk(context.new_page(), walk.portal)
        asking.sign_in("ani")
        asking.page.goto(f"{walk.portal}/perbaikan-data/")
        asking.page.get_by_label("Golongan").check()
        asking.page.get_by_label("Yang benar").fill("III/c, bukan III/b")
        asking.page.get_by_role("button", name="Kirim permintaan").click()
        asking.page.get_by_text("Permintaan Anda diterima kepegawaian.").wait_for()
    return []


def give_ani_more_time(walk: Walk) -> list[str]:
    """Let somebody have more time, so that it can be taken back."""
    page = walk.page
    page.goto(f"{walk.portal}/periode/")
    page.get_by_role("main").get_by_role("link", name=re.compile("^PRIMA Semester")).first.click()
    page.get_by_role("link", name="Beri waktu tambahan").click()
    page.get_by_label("NIP pegawai").fill(NIPS["ani"])
    until = localtime() + timedelta(days=40)
    page.get_by_label("Diperpanjang sampai").fill(until.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Alasan").fill("Bertugas di daerah tanpa jaringan")
    page.get_by_role("button", name="Beri waktu tambahan").click()
    page.get_by_text("1 pegawai mendapat waktu tambahan").wait_for()
    return []


BEGINNINGS: dict[str, Callable[[Walk], list[str]]] = {
    "ani": add_a_file,
    "budi": begin_a_review,
    "dewi": give_ani_more_time,
    "hesti": let_ani_ask,
}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_sound(browser: Browser, browser_context_args, portal: str, who: str):
    with browser.new_context(**browser_context_args, reduced_motion="reduce") as context:
        walk = Walk(context.new_page(), portal)
        if who == "anonymous":
            walk.follow("/akun/masuk/", "/gaya/")
        else:
            walk.sign_in(who)
            walk.follow(*BEGINNINGS.get(who, nothing_first)(walk), "/")
    assert not walk.faults, "\n".join(walk.faults)
    assert PAGES[who] - walk.seen.keys() == set(), "no link leads there"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("brand", ["daerah", "panrb", "bkn", "lan"])
def test_every_piece_is_sound_by_night(
    browser: Browser, browser_context_args, portal: str, brand: str
):
    dark = {**browser_context_args, "color_scheme": "dark", "reduced_motion": "reduce"}
    with browser.new_context(**dark) as context:
        page = context.new_page()
        page.goto(f"{portal}/gaya/")
        page.evaluate("(brand) => { document.documentElement.dataset.brand = brand; }", brand)
        assert faults_of(page) == []
