"""A curator sees an instrument as the people who fill it in will see it."""

import pytest

from pillars.operations import remove_pillar
from tests.factories import make_instrument


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


@pytest.mark.parametrize("publish", [True, False])
def test_a_section_is_drawn_by_the_form_of_filling_in(client, publish):
    instrument = make_instrument(publish=publish)
    response = client.get(f"/instrumen/{instrument.pk}/pratinjau/")
    page = response.content.decode()
    assert response.context["pillar"].code == "ALFA"
    assert page.count('name="ALF-01"') == 4
    assert page.count('name="ALF-02"') == 5  # four levels and "tidak relevan"
    assert "Perilaku tingkat 4." in page
    assert 'type="submit"' not in page.split("<main")[1].split("</main>")[0]


def test_another_section_by_its_code(client):
    instrument = make_instrument()
    response = client.get(f"/instrumen/{instrument.pk}/pratinjau/", {"pilar": "BETA"})
    assert response.context["pillar"].code == "BETA"
    response = client.get(f"/instrumen/{instrument.pk}/pratinjau/", {"pilar": "GAMA"})
    assert response.status_code == 404
    assert client.get(f"/instrumen/{instrument.pk + 1}/pratinjau/").status_code == 404


def test_a_draft_without_pillars(client, dewi):
    instrument = make_instrument(publish=False)
    for code in ("ALFA", "BETA"):
        instrument = remove_pillar(
            instrument=instrument, code=code, revision=instrument.revision, by=dewi
        )
    page = client.get(f"/instrumen/{instrument.pk}/pratinjau/").content.decode()
    assert "Belum ada yang dapat dilihat" in page
