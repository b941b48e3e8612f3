"""From stored rows to what the scorer takes."""

from decimal import Decimal

import pytest

from assessments.queries import scheme_of, scorable
from assessments.scoring import NOT_APPLICABLE
from pillars.models import Instrument
from tests.factories import make_instrument


def test_a_published_version_has_a_scheme(instrument):
    scheme = scheme_of(instrument.pk)
    assert (scheme.code, scheme.version) == ("TOY", "1")
    assert [pillar.code for pillar in scheme.pillars] == ["ALFA", "BETA"]


def test_a_draft_has_none_yet(db):
    with pytest.raises(ValueError, match="only published versions are scored"):
        scheme_of(make_instrument(publish=False).pk)


def test_an_unknown_version_has_none(db):
    with pytest.raises(Instrument.DoesNotExist):
        scheme_of(-1)


def test_a_note_alone_is_no_answer():
    document = {"A": {"value": "3"}, "B": {"na": True, "reason": "x"}, "C": {"note": "catatan"}}
    assert scorable(document) == {"A": Decimal(3), "B": NOT_APPLICABLE}
