"""Editing a draft as a whole: general facts, scale, bands; and two edits that meet."""

from decimal import Decimal

import pytest

from audit.models import Event
from pillars.files import BandDocument
from pillars.models import Instrument
from pillars.operations import edit_bands, edit_instrument, publish
from pillars.queries import document_of
from tests.pillars.views.forms import filled


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


def page_of(client, draft, page):
    url = f"/instrumen/{draft.pk}/{page}/"
    return url, filled(client.get(url).context["form"])


@pytest.mark.parametrize("page", ["ubah", "skala", "predikat"])
def test_sending_a_page_as_it_is_changes_nothing(client, draft, page):
    before, events = document_of(draft), Event.objects.count()
    url, data = page_of(client, draft, page)
    response = client.post(url, data)
    assert (response.status_code, response["Location"]) == (303, url)
    assert document_of(draft) == before
    assert Event.objects.count() == events


def test_general_facts(client, draft):
    url, data = page_of(client, draft, "ubah")
    assert data["minimum_coverage"] == "0,8"
    client.post(url, data | {"title": "Judul baru", "minimum_coverage": "0,75", "decimals": "1"})
    document = document_of(draft)
    assert (document.title, document.minimum_coverage, document.decimals) == (
        "Judul baru",
        Decimal("0.75"),
        1,
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", ""),
        ("title", "x" * 251),
        ("minimum_coverage", "1,1"),
        ("minimum_coverage", "banyak"),
        ("minimum_coverage", "NaN"),
        ("decimals", "7"),
        ("decimals", "-1"),
        ("conversion", "rata-rata"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(client, draft, field, text):
    url, data = page_of(client, draft, "ubah")
    response = client.post(url, data | {field: text})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == text
    assert "<title>Kesalahan:" in response.content.decode()
    assert Instrument.objects.get(pk=draft.pk).revision == draft.revision


def test_a_point_is_added_and_another_removed(client, draft, prima):
    url, data = page_of(client, draft, "skala")
    client.post(
        url, data | {"baris-4-value": "5", "baris-4-label": "Melampaui", "baris-0-DELETE": "on"}
    )
    assert [(point.value, point.label) for point in document_of(draft).scale] == [
        *((point.value, point.label) for point in prima.scale[1:]),
        (Decimal(5), "Melampaui"),
    ]


def test_a_scale_that_cannot_be_is_refused_at_its_row(client, draft):
    url, data = page_of(client, draft, "skala")
    response = client.post(url, data | {"baris-1-value": "1"})
    assert response.status_code == 422
    assert [error.anchor for error in response.context["form"].errors_of_rows()] == [
        "id_baris-1-value"
    ]
    assert 'href="#id_baris-1-value"' in response.content.decode()
    response = client.post(url, data | {f"baris-{number}-DELETE": "on" for number in range(3)})
    assert list(response.context["form"].errors) == ["__all__"]
    response = client.post(url, data | {"baris-TOTAL_FORMS": "200"})
    assert response.status_code == 422


def test_bands(client, draft):
    url, data = page_of(client, draft, "predikat")
    assert data["baris-0-lower"] == "87,5"
    response = client.post(url, data | {"baris-3-lower": "60"})
    assert response.status_code == 422
    assert [error.anchor for error in response.context["form"].errors_of_rows()] == [
        "id_baris-2-lower"
    ]
    response = client.post(url, data | {"baris-1-code": "A A"})
    assert response.status_code == 422
    client.post(url, data | {"baris-0-lower": "88,31", "baris-0-label": "Istimewa"})
    assert document_of(draft).bands[0] == BandDocument("A", "Istimewa", Decimal("88.31"))


# --- Two edits meet


def test_a_stale_edit_shows_both_texts_and_saves_nothing(client, draft, dewi, prima):
    url, data = page_of(client, draft, "ubah")
    edit_instrument(
        instrument=draft,
        title="Judul orang lain",
        conversion=prima.conversion,
        minimum_coverage=prima.minimum_coverage,
        decimals=prima.decimals,
        revision=draft.revision,
        by=dewi,
    )
    response = client.post(url, data | {"title": "Judul saya"})
    page = response.content.decode()
    assert response.status_code == 409
    assert (response.context["sides"][0].typed, response.context["sides"][0].stored) == (
        "Judul saya",
        "Judul orang lain",
    )
    assert [side.differs for side in response.context["sides"]] == [True, False, False, False]
    assert "Simpan tulisan saya" in page
    assert document_of(draft).title == "Judul orang lain"
    # The button of that page sends the same again, on the revision that was shown.
    again = dict(response.context["typed"]) | {"revision": response.context["instrument"].revision}
    assert client.post(url, again).status_code == 303
    assert document_of(draft).title == "Judul saya"


@pytest.mark.parametrize("page", ["skala", "predikat"])
def test_a_stale_edit_of_rows(client, draft, dewi, page):
    url, data = page_of(client, draft, page)
    edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    response = client.post(url, data | {"baris-0-label": "Label saya"})
    assert response.status_code == 409
    assert "Label saya" in response.content.decode()
    again = dict(response.context["typed"]) | {"revision": response.context["instrument"].revision}
    assert client.post(url, again).status_code == 303
    document = document_of(draft)
    assert "Label saya" in {part.label for part in (*document.scale, *document.bands)}


def test_a_stale_edit_that_says_what_is_stored_has_nothing_to_choose(client, draft, dewi):
    url, data = page_of(client, draft, "ubah")
    edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    response = client.post(url, data)
    assert (response.status_code, response["Location"]) == (303, url)
    assert document_of(draft).bands == ()


def test_an_edit_that_meets_publishing_keeps_what_was_typed(client, draft, dewi):
    url, data = page_of(client, draft, "ubah")
    publish(instrument=draft, by=dewi)
    response = client.post(url, data | {"title": "Judul saya"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Judul saya" in page
    assert "Buat versi baru" in page
    assert "Simpan tulisan saya" not in page


def test_a_form_without_its_revision(client, draft):
    url, data = page_of(client, draft, "ubah")
    del data["revision"]
    assert client.post(url, data).status_code == 422


def test_html_in_a_text_stays_text(client, draft):
    url, data = page_of(client, draft, "ubah")
    client.post(url, data | {"title": "<script>alert(1)</script>"})
    page = client.get(f"/instrumen/{draft.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
