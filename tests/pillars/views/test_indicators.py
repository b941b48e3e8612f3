"""Indicators of a draft through their pages: words, levels, own scale, reasons, order."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from pillars.files import ScalePoint, Why
from pillars.operations import edit_bands, edit_scale, remove_indicator, remove_pillar
from pillars.queries import document_of
from tests.pillars.views.forms import filled


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


@pytest.fixture
def url(draft):
    return f"/instrumen/{draft.pk}/indikator/INO-02/"


def indicator(draft, code="INO-02"):
    return next(
        each
        for pillar in document_of(draft).pillars
        for each in pillar.indicators
        if each.code == code
    )


def test_sending_the_page_as_it_is_changes_nothing(client, draft, url):
    before = document_of(draft)
    assert client.post(url, filled(client.get(url).context["form"])).status_code == 303
    assert document_of(draft) == before


def test_every_field_is_stored(client, draft, url):
    data = filled(client.get(url).context["form"])
    client.post(
        url,
        data
        | {
            "statement": "Saya mencoba.\r\nDan belajar.",
            "weight": "1,5",
            "reversed": "on",
            "not_applicable": "on",
            "evidence_from": "3",
            "level-3-descriptor": "Menjadi contoh.",
            "why_reason": "Karena perlu.",
            "why_source": "Rapat",
            "why_berakhlak": "Adaptif",
            "why_reviewed_on": "2026-10-15",
            "why_next_review": "2027-10-15",
        },
    )
    stored = indicator(draft)
    assert stored.statement == "Saya mencoba.\nDan belajar."
    assert (stored.weight, stored.evidence_from) == (Decimal("1.5"), Decimal(3))
    assert (stored.reversed, stored.not_applicable) == (True, True)
    assert stored.levels[3] == "Menjadi contoh."
    assert stored.why == Why(
        "Karena perlu.",
        "Rapat",
        "Adaptif",
        datetime.date(2026, 10, 15),
        datetime.date(2027, 10, 15),
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("code", "PRO-01"),
        ("code", "respondent"),
        ("code", "next"),
        ("code", ".."),
        ("statement", ""),
        ("weight", "banyak"),
        ("evidence_from", "7"),
        ("pillar", "TIDAK-ADA"),
        ("why_reason", ""),
        ("why_next_review", "2020-01-01"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(client, draft, url, field, text):
    data = filled(client.get(url).context["form"])
    data |= {"why_reason": "Alasan", "why_source": "Rapat", "why_reviewed_on": "2026-10-15"}
    before = document_of(draft)
    response = client.post(url, data | {field: text})
    assert response.status_code == 422
    assert field in response.context["form"].errors or field == "why_next_review"
    assert response.context["form"][field].value() == text
    assert document_of(draft) == before


def test_a_descriptor_left_empty_is_refused_at_its_level(client, draft, url):
    data = filled(client.get(url).context["form"])
    response = client.post(url, data | {"level-2-descriptor": ""})
    assert response.status_code == 422
    assert [error.anchor for error in response.context["form"].errors_of_rows()] == [
        "id_level-2-descriptor"
    ]


def test_no_descriptor_at_all_leaves_the_labels(client, draft, url):
    data = filled(client.get(url).context["form"])
    client.post(url, data | {f"level-{number}-descriptor": "" for number in range(4)})
    assert indicator(draft).levels == ()


def test_a_scale_of_its_own_starts_as_a_copy_and_may_be_given_up(client, draft, url, prima):
    data = filled(client.get(url).context["form"])
    client.post(url, data | {"own_scale": "on"})
    assert indicator(draft).scale == prima.scale
    data = filled(client.get(url).context["form"])
    client.post(
        url,
        data
        | {
            "level-0-DELETE": "on",
            "level-4-value": "5",
            "level-4-label": "",
            "level-4-descriptor": "Melampaui.",
        },
    )
    assert indicator(draft).scale == (*prima.scale[1:], ScalePoint(Decimal(5), "5"))
    assert indicator(draft).levels[-1] == "Melampaui."
    data = filled(client.get(url).context["form"])
    response = client.post(url, data | {"level-1-value": "2"})
    assert [error.anchor for error in response.context["form"].errors_of_rows()] == [
        "id_level-1-value"
    ]
    del data["own_scale"]
    client.post(url, data)
    assert indicator(draft).scale == ()
    assert len(indicator(draft).levels) == 4


def test_levels_fit_the_shared_scale_again(client, draft, url):
    texts = indicator(draft).levels
    data = filled(client.get(url).context["form"])
    client.post(url, data | {"own_scale": "on"})
    data = filled(client.get(url).context["form"])
    client.post(url, data | {"level-4-value": "5", "level-4-descriptor": "Melampaui."})
    assert len(indicator(draft).levels) == 5
    data = filled(client.get(url).context["form"])
    del data["own_scale"]
    client.post(url, data)
    assert (indicator(draft).levels, indicator(draft).scale) == (texts, ())


def test_an_indicator_moves_to_another_pillar(client, draft, url):
    data = filled(client.get(url).context["form"])
    client.post(url, data | {"pillar": "MELAYANI"})
    document = document_of(draft)
    assert document.pillars[3].indicators[-1].code == "INO-02"
    assert len(document.pillars[2].indicators) == 5


def test_adding(client, draft):
    page = f"/instrumen/{draft.pk}/pilar/INOVATIF/indikator-baru/"
    data = filled(client.get(page).context["form"])
    levels = {f"level-{number}-descriptor": f"Tingkat {number}." for number in range(4)}
    sent = data | levels | {"code": "INO-07", "statement": "Saya mencoba hal baru."}
    response = client.post(page, sent)
    assert response["Location"] == f"/instrumen/{draft.pk}/pilar/INOVATIF/"
    assert indicator(draft, "INO-07").levels == tuple(levels.values())
    response = client.post(page, sent)
    assert response.status_code == 409
    again = dict(response.context["typed"]) | {"revision": response.context["instrument"].revision}
    response = client.post(page, again)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])


def test_moving(client, draft):
    move = f"/instrumen/{draft.pk}/indikator/INO-02/pindah/"
    response = client.post(move, {"direction": "down", "revision": draft.revision}, follow=True)
    assert response.redirect_chain[0][0] == (
        f"/instrumen/{draft.pk}/pilar/INOVATIF/?pindah=INO-02&arah=down"
    )
    assert [row.code for row in response.context["rows"]][1:3] == ["INO-03", "INO-02"]
    assert "INO-02 diturunkan satu urutan." in response.content.decode()
    assert client.post(move, {}).status_code == 303
    gone = f"/instrumen/{draft.pk}/indikator/XXX/pindah/"
    assert client.post(gone, {"direction": "up", "revision": 1}).status_code == 303


def test_removing_asks_first(client, draft, url):
    response = client.get(f"{url}hapus/")
    assert indicator(draft).statement in response.content.decode()
    response = client.post(f"{url}hapus/", filled(response.context["form"]))
    assert response["Location"] == f"/instrumen/{draft.pk}/pilar/INOVATIF/"
    assert len(document_of(draft).pillars[2].indicators) == 5


def test_a_stale_edit_shows_both_texts(client, draft, dewi, url):
    data = filled(client.get(url).context["form"])
    edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    response = client.post(url, data | {"level-0-descriptor": "Dari saya."})
    assert response.status_code == 409
    differing = [side for side in response.context["sides"] if side.differs]
    assert [side.typed for side in differing] == ["Dari saya."]
    again = dict(response.context["typed"]) | {"revision": response.context["instrument"].revision}
    assert client.post(url, again).status_code == 303
    assert indicator(draft).levels[0] == "Dari saya."


def test_editing_what_somebody_removed_keeps_the_text(client, draft, dewi, url):
    data = filled(client.get(url).context["form"])
    remove_indicator(instrument=draft, code="INO-02", revision=draft.revision, by=dewi)
    response = client.post(url, data | {"statement": "Dari saya."})
    assert response.status_code == 409
    assert "Dari saya." in response.content.decode()
    assert "sudah dihapus oleh orang lain" in response.content.decode()


@pytest.mark.parametrize(
    "part", ["pilar/INOVATIF/indikator-baru", "indikator/INO-02", "pilar/INOVATIF"]
)
def test_what_somebody_removed_keeps_the_text_of_a_form_with_faults_too(client, draft, dewi, part):
    address = f"/instrumen/{draft.pk}/{part}/"
    data = filled(client.get(address).context["form"])
    remove_pillar(instrument=draft, code="INOVATIF", revision=draft.revision, by=dewi)
    response = client.post(
        address, data | {"name": "Dari saya.", "statement": "Dari saya.", "weight": "x"}
    )
    assert response.status_code == 409
    assert "Dari saya." in response.content.decode()
    assert "sudah dihapus oleh orang lain" in response.content.decode()


def test_a_draft_without_a_scale_says_where_to_begin(client, draft, dewi, prima):
    own = [replace(point, value=point.value + 4) for point in prima.scale]
    edit_scale(instrument=draft, scale=own, revision=draft.revision, by=dewi)
    page = client.get(f"/instrumen/{draft.pk}/indikator/INO-02/").content.decode()
    assert "8. Menjadi rujukan" in page
