"""Pillars of a draft through its pages."""

from decimal import Decimal

import pytest

from pillars.operations import edit_bands, remove_pillar
from pillars.queries import document_of
from tests.pillars.views.forms import filled


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


def codes(draft):
    return [pillar.code for pillar in document_of(draft).pillars]


def test_adding(client, draft):
    url = f"/instrumen/{draft.pk}/pilar-baru/"
    data = filled(client.get(url).context["form"])
    response = client.post(url, data | {"code": "BARU", "name": "Baru", "weight": "12,5"})
    assert response["Location"] == f"/instrumen/{draft.pk}/pilar/BARU/"
    pillar = document_of(draft).pillars[-1]
    assert (pillar.code, pillar.name, pillar.weight) == ("BARU", "Baru", Decimal("12.5"))
    assert "Belum ada indikator" in client.get(response["Location"]).content.decode()


def test_editing(client, draft):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/"
    data = filled(client.get(url).context["form"])
    response = client.post(url, data | {"code": "INOVASI", "weight": "25"})
    assert response["Location"] == f"/instrumen/{draft.pk}/pilar/INOVASI/"
    pillar = document_of(draft).pillars[2]
    assert (pillar.code, pillar.weight, len(pillar.indicators)) == ("INOVASI", Decimal(25), 6)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("code", "MELAYANI"),
        ("code", "IN NO"),
        ("name", ""),
        ("weight", "-1"),
        ("weight", "1,1234567890123"),
    ],
)
def test_bad_input(client, draft, field, text):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/"
    data = filled(client.get(url).context["form"])
    response = client.post(url, data | {field: text})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == text


def test_moving_keeps_the_focus_and_says_what_happened(client, draft):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/pindah/"
    response = client.post(url, {"direction": "up", "revision": draft.revision}, follow=True)
    assert codes(draft)[1] == "INOVATIF"
    assert response.redirect_chain[0][0] == (f"/instrumen/{draft.pk}/ubah/?pindah=INOVATIF&arah=up")
    page = response.content.decode()
    assert page.count(" autofocus") == 1
    assert "INOVATIF dinaikkan satu urutan." in page
    assert 'role="status"' in page
    focused = {row.code: row.focus for row in response.context["rows"] if row.focus}
    assert focused == {"INOVATIF": "up"}


def test_at_the_end_of_the_row_the_focus_goes_to_the_other_button(client, draft):
    for code, way, other in (("RESPONSIF", "up", "down"), ("MELAYANI", "down", "up")):
        revision = client.get(f"/instrumen/{draft.pk}/ubah/").context["instrument"].revision
        response = client.post(
            f"/instrumen/{draft.pk}/pilar/{code}/pindah/",
            {"direction": way, "revision": revision},
            follow=True,
        )
        assert [row.focus for row in response.context["rows"] if row.focus] == [other]


def test_a_move_without_direction_or_on_a_stale_revision(client, draft, dewi):
    url, before = f"/instrumen/{draft.pk}/pilar/INOVATIF/pindah/", codes(draft)
    assert client.get(url).status_code == 405
    assert client.post(url, {"revision": draft.revision}).status_code == 303
    edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    response = client.post(url, {"direction": "up", "revision": draft.revision}, follow=True)
    assert "Rancangan ini berubah" in response.content.decode()
    assert codes(draft) == before


def test_removing_asks_first(client, draft):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/hapus/"
    response = client.get(url)
    page = response.content.decode()
    assert "6 indikator ini ikut terhapus" in page
    assert "INO-06" in page
    assert "INOVATIF" in codes(draft)
    response = client.post(url, filled(response.context["form"]))
    assert response["Location"] == f"/instrumen/{draft.pk}/ubah/"
    assert "INOVATIF" not in codes(draft)


def test_what_changed_since_the_question_is_not_removed(client, draft, dewi):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/hapus/"
    agreed = filled(client.get(url).context["form"])
    edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    response = client.post(url, agreed)
    assert response.status_code == 409
    assert "Rancangan ini berubah" in response.content.decode()
    assert "INOVATIF" in codes(draft)
    assert client.post(url, filled(response.context["form"])).status_code == 303
    assert "INOVATIF" not in codes(draft)


def test_editing_what_somebody_removed_keeps_the_text(client, draft, dewi):
    url = f"/instrumen/{draft.pk}/pilar/INOVATIF/"
    data = filled(client.get(url).context["form"])
    remove_pillar(instrument=draft, code="INOVATIF", revision=draft.revision, by=dewi)
    response = client.post(url, data | {"name": "Nama dari saya"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Nama dari saya" in page
    assert "sudah dihapus oleh orang lain" in page
    assert "Simpan tulisan saya" not in page
    assert "INOVATIF" not in codes(draft)
