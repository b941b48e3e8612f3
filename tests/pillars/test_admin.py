"""Operators find and read instruments in the admin; nothing is changed or deleted there."""

import pytest

from pillars.models import Indicator, Instrument
from tests.factories import make_user


@pytest.fixture(autouse=True)
def signed_in(client, db):
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    client.force_login(operator)


@pytest.mark.parametrize("model", ["instrument", "indicator"])
def test_lists_and_pages_are_read(client, published, draft, model):
    listing = client.get(f"/operator/pillars/{model}/", {"q": "PRIMA"})
    assert listing.status_code == 200
    row = {"instrument": published, "indicator": published.indicators.first()}[model]
    assert client.get(f"/operator/pillars/{model}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("state", ["published", "draft"])
def test_nothing_is_changed_or_deleted(client, request, published, state):
    instrument = request.getfixturevalue(state)
    indicator = instrument.indicators.first()
    for address in (
        f"/operator/pillars/instrument/{instrument.pk}/change/",
        f"/operator/pillars/instrument/{instrument.pk}/delete/",
        f"/operator/pillars/indicator/{indicator.pk}/change/",
        f"/operator/pillars/indicator/{indicator.pk}/delete/",
        "/operator/pillars/instrument/add/",
    ):
        assert client.post(address, {"title": "Lain", "post": "yes"}).status_code == 403
    client.post(
        "/operator/pillars/instrument/",
        {"action": "delete_selected", "_selected_action": instrument.pk, "post": "yes"},
    )
    assert Instrument.objects.filter(pk=instrument.pk, title=instrument.title).exists()
    assert Indicator.objects.filter(pk=indicator.pk).exists()
