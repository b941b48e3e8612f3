"""An instrument as it is asked: a tree by codes, kept in memory once it can no longer change."""

from decimal import Decimal

import pytest

from pillars.models import Indicator, Instrument
from pillars.operations import publish
from pillars.queries import questionnaire
from tests.factories import make_instrument


def test_the_tree_is_found_by_codes(instrument):
    tree = questionnaire(instrument.pk)
    assert [pillar.code for pillar in tree.pillars] == ["ALFA", "BETA"]
    assert list(tree.indicators) == ["ALF-01", "ALF-02", "BET-01", "BET-02"]
    assert tree.pillar("BETA") == tree.pillars[1]
    assert tree.pillar("GAMA") is None
    item = tree.indicators["ALF-01"]
    assert tree.codes_by_id == {each.pk: each.code for each in Indicator.objects.all()}
    assert item.level(Decimal(4)) == item.levels[3]
    assert item.level(Decimal(5)) is None
    assert item.level(None) is None


def test_evidence_is_asked_from_a_value_on(instrument):
    items = questionnaire(instrument.pk).indicators
    values = (None, Decimal(3), Decimal(4))
    assert [items["ALF-01"].asks_evidence(value) for value in values] == [False, False, True]
    assert [items["ALF-02"].asks_evidence(value) for value in values] == [False, False, False]


def test_a_published_version_is_read_once(instrument, django_assert_num_queries):
    first = questionnaire(instrument.pk)
    with django_assert_num_queries(0):
        assert questionnaire(instrument.pk) is first


def test_a_draft_is_read_anew(dewi, django_assert_num_queries):
    draft = make_instrument(publish=False)
    assert questionnaire(draft.pk).indicators["ALF-01"].weight == 1
    Indicator.objects.filter(code="ALF-01").update(weight=2)
    with django_assert_num_queries(4):
        assert questionnaire(draft.pk).indicators["ALF-01"].weight == 2
    publish(instrument=draft, by=dewi)
    assert questionnaire(draft.pk).indicators["ALF-01"].weight == 2


def test_what_does_not_exist(db):
    with pytest.raises(Instrument.DoesNotExist):
        questionnaire(0)
