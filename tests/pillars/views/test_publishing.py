"""The way out of a draft: checks, differences, publishing; and retiring."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pillars.enums import InstrumentStatus
from pillars.files import PillarDocument, content_hash, structure_hash
from pillars.models import Instrument
from pillars.operations import (
    add_pillar,
    edit_indicator,
    edit_pillar,
    edit_scale,
    load_instrument,
)
from pillars.queries import document_of, findings_of
from tests.pillars.views.forms import filled


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


@pytest.fixture
def unfinished(draft, dewi):
    empty = PillarDocument("BARU", "Baru", Decimal(1), ())
    return add_pillar(instrument=draft, pillar=empty, revision=draft.revision, by=dewi)


@pytest.fixture
def reworded(draft, dewi, prima):
    indicator = prima.pillars[2].indicators[1]
    return edit_indicator(
        instrument=draft,
        code="INO-02",
        pillar="INOVATIF",
        indicator=replace(indicator, statement=indicator.statement.replace("Saya", "Kami")),
        revision=draft.revision,
        by=dewi,
    )


def test_checks_name_the_part_and_lead_to_it(client, unfinished):
    response = client.get(f"/instrumen/{unfinished.pk}/pemeriksaan/")
    page = response.content.decode()
    assert [(each.place, each.message, each.code) for each in response.context["findings"]] == [
        (
            "Pilar Baru",
            "Belum ada indikator. Tambahkan sedikitnya satu, atau hapus pilar ini.",
            "BARU",
        )
    ]
    assert f'href="/instrumen/{unfinished.pk}/pilar/BARU/"' in page
    assert "Kurang dari tiga indikator" in page


def test_places_are_said_in_words(draft, dewi, prima):
    shorter = [point for point in prima.scale if point.value != 4]
    draft = edit_scale(instrument=draft, scale=shorter, revision=draft.revision, by=dewi)
    found = {finding.place for finding in findings_of(document_of(draft))}
    assert "Indikator PRO-01, mulai nilai berapa bukti diminta" in found
    broken = replace(prima, title="", decimals=9, bands=(replace(prima.bands[0], label=""),))
    assert [(each.place, each.part) for each in findings_of(broken)] == [
        ("Keterangan umum, judul", "instrument"),
        ("Keterangan umum, angka desimal", "instrument"),
        ("Predikat 1, label", "bands"),
    ]
    assert [(each.place, each.part) for each in findings_of(replace(prima, pillars=()))] == [
        ("Daftar pilar", "pillars")
    ]


def test_nothing_to_mend(client, draft):
    page = client.get(f"/instrumen/{draft.pk}/pemeriksaan/").content.decode()
    assert "Semua aturan instrumen terpenuhi." in page


def test_differences_word_by_word(client, reworded):
    page = client.get(f"/instrumen/{reworded.pk}/perbedaan/").content.decode()
    assert "Strukturnya sama dengan PRIMA 2026.1" in page
    assert "Saya</del>" in page
    assert "Kami</ins>" in page


def test_a_change_of_structure_comes_first(client, draft, prima, dewi):
    heavier = replace(prima.pillars[3], weight=Decimal("22.5"))
    edit_pillar(instrument=draft, code="MELAYANI", pillar=heavier, revision=draft.revision, by=dewi)
    page = client.get(f"/instrumen/{draft.pk}/perbedaan/").content.decode()
    assert "bobot: 20 menjadi 22,5" in page
    assert "garis tren akan terputus di sini" in page


def test_the_first_version_has_nothing_to_compare_with(client, skm):
    first = load_instrument(document=skm, by=None)
    assert "Ini versi pertama" in client.get(f"/instrumen/{first.pk}/perbedaan/").content.decode()
    page = client.get(f"/instrumen/{first.pk}/terbitkan/").content.decode()
    assert "Perubahan struktur" not in page


def test_a_loaded_version_is_compared_with_the_newest_published(client, published, prima):
    loaded = load_instrument(document=replace(prima, version="2028.1"), by=None)
    assert client.get(f"/instrumen/{loaded.pk}/perbedaan/").context["base"] == published


def test_publishing_shows_what_it_means_and_does_it(client, reworded, dewi):
    url = f"/instrumen/{reworded.pk}/terbitkan/"
    response = client.get(url)
    page, document = response.content.decode(), document_of(reworded)
    assert content_hash(document) in page
    assert structure_hash(document) in page
    assert "tidak dapat diubah atau dihapus lagi" in page
    assert "Kami</ins>" in page
    response = client.post(url, filled(response.context["form"]))
    assert response["Location"] == f"/instrumen/{reworded.pk}/"
    now = Instrument.objects.get(pk=reworded.pk)
    assert (now.status, now.published_by, now.content_hash) == (
        InstrumentStatus.PUBLISHED,
        dewi,
        content_hash(document),
    )


def test_an_unfinished_draft_cannot_be_published(client, unfinished):
    url = f"/instrumen/{unfinished.pk}/terbitkan/"
    page = client.get(url).content.decode()
    assert "belum dapat diterbitkan" in page
    assert '<button class="btn btn-primary"' not in page
    response = client.post(url, {"revision": unfinished.revision})
    assert response.status_code == 409
    assert "Ada 1 hal yang harus diperbaiki dahulu." in response.content.decode()
    assert Instrument.objects.get(pk=unfinished.pk).is_draft
    response = client.get(f"/instrumen/{unfinished.pk}/unduh/toml/")
    assert response["Location"] == f"/instrumen/{unfinished.pk}/pemeriksaan/"


def test_what_changed_since_the_page_was_read_is_not_published(client, draft, reworded):
    url = f"/instrumen/{draft.pk}/terbitkan/"
    response = client.post(url, {"revision": draft.revision})
    assert response.status_code == 409
    assert "Rancangan ini berubah" in response.content.decode()
    assert Instrument.objects.get(pk=draft.pk).is_draft
    # The page asks again about what there is now, and may be agreed to.
    assert client.post(url, filled(response.context["form"])).status_code == 303
    assert Instrument.objects.get(pk=draft.pk).status == InstrumentStatus.PUBLISHED


def test_retiring(client, published, draft):
    url = f"/instrumen/{published.pk}/hentikan/"
    assert "Periode yang sedang berjalan" in client.get(url).content.decode()
    assert client.post(url)["Location"] == f"/instrumen/{published.pk}/"
    assert Instrument.objects.get(pk=published.pk).status == InstrumentStatus.RETIRED
    assert client.get(url).status_code == 404
    response = client.post(f"/instrumen/{draft.pk}/hentikan/")
    assert response.status_code == 409
    assert "Hanya versi yang terbit" in response.content.decode()
