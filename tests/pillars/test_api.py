"""Published instruments for other programs."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from pillars.models import Instrument
from pillars.queries import document_of
from tests.factories import make_instrument


def test_published_versions_are_listed_and_drafts_are_not(
    client: Client, dewi: User, instrument: Instrument
) -> None:
    draft = make_instrument(version="2", publish=False)
    client.force_login(dewi)
    listed = client.get(reverse("api:instrument_list")).json()
    assert [(each["code"], each["version"]) for each in listed["items"]] == [("TOY", "1")]
    assert client.get(reverse("api:instrument", args=(draft.pk,))).status_code == 404


def test_a_version_is_told_as_its_file_has_it(
    client: Client, dewi: User, instrument: Instrument
) -> None:
    client.force_login(dewi)
    said = client.get(reverse("api:instrument", args=(instrument.pk,))).json()
    document = document_of(instrument)
    assert (said["minimum_coverage"], said["decimals"], said["conversion"]) == (
        "0.8",
        2,
        document.conversion,
    )
    assert [each["lower"] for each in said["bands"]] == ["88.31", "76.61", "65", "25"]
    assert [each["code"] for each in said["pillars"]] == ["ALFA", "BETA"]
    assert said["pillars"][0]["indicators"][0] == {
        "code": "ALF-01",
        "statement": "Pernyataan 1 tentang alfa.",
        "weight": "1",
        "levels": [f"Perilaku tingkat {value}." for value in range(1, 5)],
        "reversed": False,
        "not_applicable": False,
        "evidence_from": "4",
        "scale": [],
    }
