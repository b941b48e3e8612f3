"""Names without a space, as long as some are: no page may grow wider than the smallest phone."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from playwright.sync_api import Page

from accounts.models import User
from assessments.operations import open_review, report_supervisor, save_answers, submit
from organization.enums import CorrectionItem
from organization.models import HrMandate, Unit
from organization.operations import ask_for_correction
from tests.assessments import papers
from tests.assessments.conftest import ANSWERS
from tests.factories import LONG_AGO, make_user, post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Anindyawatikusumaningtyasprabandarirahayusulistyowatimaharani"
UNIT = "Subbagian Tata Laksana, Pelayanan Publik, Pengaduan, dan Reformasi Birokrasi Wilayah III"


@pytest.fixture
def hesti(units):
    """The personnel office of the whole province."""
    user = make_user("Hesti Rahmawati", serial=8)
    post(user, units.root)
    HrMandate.objects.create(user=user, unit=units.root, valid=DateRange(LONG_AGO, None))
    return user


@pytest.fixture
def renamed(ani, budi, units):
    """Ani and Budi by another name, in a unit by another name."""
    User.objects.filter(pk__in=(ani.pk, budi.pk)).update(name=NAME, title_after="S.Sos., M.Si.")
    Unit.objects.filter(pk=units.ani.pk).update(name=UNIT)


def too_wide(page: Page, *addresses: str) -> list[str]:
    """Those of the addresses whose page scrolls sideways at 320 px."""
    page.set_viewport_size({"width": 320, "height": 800})
    found = []
    for address in addresses:
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(address)
    return found


def test_pages_keep_the_width_of_the_window(
    browser, sign_in, live_server, renamed, assessment, ani, budi, hesti
):
    report_supervisor(assessment=assessment, message=f"Bukan {NAME}", by=ani)
    asked = ask_for_correction(item=CorrectionItem.NAME, requested=NAME, reference=NAME, by=ani)
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submit(assessment=assessment, by=ani)
    open_review(assessment=assessment, by=budi)
    own, review = f"/penilaian/{assessment.pk}/", f"/tinjauan/{assessment.pk}/"
    pages = {
        ani: ["/", "/akun/", "/akun/data/", "/perbaikan-data/", own]
        + [f"{own}{part}/" for part in ("periksa", "hasil", "tanda-terima", "riwayat", "atasan")],
        budi: ["/", "/tinjauan/", "/unit/", review]
        + [f"{review}{part}/" for part in ("pilar/ALFA", "kembalikan", "verifikasi")],
        hesti: [
            "/",
            "/laporan-atasan/",
            "/permintaan-perbaikan/",
            f"/permintaan-perbaikan/{asked.pk}/",
            "/undangan/",
            "/pegawai/",
        ],
    }
    found = []
    for who, addresses in pages.items():
        with browser.new_context(base_url=live_server.url) as context:
            sign_in(context, who)
            found += too_wide(context.new_page(), *addresses)
    assert found == []


def test_so_does_the_name_of_a_photograph_from_a_phone(
    context, sign_in, live_server, assessment, ani
):
    sign_in(context, ani)
    page = context.new_page()
    address = f"{live_server.url}/penilaian/{assessment.pk}/bukti/ALF-01/"
    page.goto(address)
    photograph = {"name": f"{NAME}.jpg", "mimeType": "image/jpeg"}
    page.set_input_files(
        "input[type=file]", files=[{**photograph, "buffer": papers.located_picture()}]
    )
    page.get_by_role("button", name="Unggah").click()
    page.get_by_role("link", name=f"{NAME}.jpg", exact=True).wait_for()
    assert too_wide(page, address) == []
    page.get_by_role("link", name="Hapus").click()
    assert page.get_by_text(f"{NAME}.jpg").is_visible()
    page.get_by_role("button", name="Ya, hapus").click()
    page.get_by_text("Belum ada berkas untuk pernyataan ini.").wait_for()
