"""What the database itself refuses of an instrument, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from pillars.models import Indicator, Pillar
from tests.factories import make_instrument

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["respondent", "Next", "token", "change", "indicator", ".", ".."])
def test_an_indicator_has_no_code_that_the_portal_uses_itself(code):
    instrument = make_instrument(publish=False)
    first = Indicator.objects.filter(instrument=instrument).order_by("pk")[:1]
    with pytest.raises(IntegrityError, match="indicator_code_not_reserved"), transaction.atomic():
        Indicator.objects.filter(pk__in=first).update(code=code)
    Indicator.objects.filter(pk__in=first).update(code=f"{code}-1")


@pytest.mark.parametrize("code", [".", ".."])
def test_a_pillar_has_no_code_that_an_address_would_lose(code):
    instrument = make_instrument(publish=False)
    with pytest.raises(IntegrityError, match="pillar_code_not_reserved"), transaction.atomic():
        Pillar.objects.filter(instrument=instrument, code="ALFA").update(code=code)
