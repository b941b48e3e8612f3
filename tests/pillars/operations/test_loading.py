"""A file becomes a draft as a whole or not at all, and comes back as it was."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from pillars.enums import InstrumentStatus
from pillars.errors import InstrumentInvalid, VersionExists
from pillars.files import (
    ScalePoint,
    content_hash,
    read_instrument,
    structure_hash,
    write_toml,
    write_xlsx,
)
from pillars.models import Indicator, Instrument, Level
from pillars.operations import load_instrument
from pillars.queries import document_of


@pytest.fixture(params=["prima", "skm", "own_scale"])
def document(request, prima, skm):
    if request.param != "own_scale":
        return request.getfixturevalue(request.param)
    pillar = skm.pillars[0]
    indicator = replace(
        pillar.indicators[0],
        levels=(),
        scale=tuple(ScalePoint(Decimal(value), f"Titik {value}") for value in (1, 4)),
    )
    return replace(skm, pillars=(replace(pillar, indicators=(indicator,)), *skm.pillars[1:]))


def test_a_loaded_document_reads_back_equal(db, document):
    assert document_of(load_instrument(document=document, by=None)) == document


def test_it_survives_a_file_of_either_kind(db, document):
    stored = document_of(load_instrument(document=document, by=None))
    assert read_instrument(write_toml(stored).encode()) == document
    assert read_instrument(write_xlsx(stored)) == document


def test_it_is_a_draft_of_the_loader(dewi, prima):
    instrument = load_instrument(document=prima, by=dewi)
    assert (instrument.status, instrument.created_by, instrument.content_hash) == (
        InstrumentStatus.DRAFT,
        dewi,
        "",
    )
    event = Event.objects.get(verb="instrument.loaded")
    assert (event.actor_id, event.subject_id) == (dewi.pk, str(instrument.pk))
    assert event.data == {
        "code": "PRIMA",
        "version": "2026.1",
        "content_hash": content_hash(prima),
    }


def test_it_may_be_published_at_once(dewi, prima):
    instrument = load_instrument(document=prima, by=dewi, publish=True)
    assert instrument.status == InstrumentStatus.PUBLISHED
    assert instrument.content_hash == content_hash(prima)
    assert instrument.structure_hash == structure_hash(prima)
    assert instrument.published_by == dewi


def test_loading_what_is_published_again_does_nothing(published, prima):
    events = Event.objects.count()
    assert load_instrument(document=prima, by=None, publish=True) == published
    assert Event.objects.count() == events


def test_other_content_under_a_published_version_is_refused(published, prima):
    with pytest.raises(VersionExists, match="sudah terbit"):
        load_instrument(document=replace(prima, title="Judul lain"), by=None, replace=True)
    assert document_of(published) == prima


def test_a_draft_is_replaced_only_on_request(draft, prima, dewi):
    other = replace(prima, version="2027.1", title="Judul lain")
    with pytest.raises(VersionExists, match=r"Rancangan PRIMA versi 2027\.1 sudah ada"):
        load_instrument(document=other, by=dewi)
    assert document_of(draft) == replace(prima, version="2027.1")
    replaced = load_instrument(document=other, by=dewi, replace=True)
    assert (replaced.pk, replaced.revision) == (draft.pk, draft.revision + 1)
    assert document_of(draft) == other


def test_a_document_that_breaks_a_rule_is_not_stored(db, prima):
    with pytest.raises(InstrumentInvalid) as refusal:
        load_instrument(document=replace(prima, title="", pillars=()), by=None)
    assert [fault.place for fault in refusal.value.faults] == ["instrument.title", "pillars"]
    assert not Instrument.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_instrument(db, prima, skm):
    counts = []
    for document in (skm, prima):
        with CaptureQueriesContext(connection) as queries:
            load_instrument(document=document, by=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert (Indicator.objects.count(), Level.objects.count()) == (39, 156)


def test_a_document_is_read_in_six_queries(published, django_assert_num_queries):
    with django_assert_num_queries(6):
        document_of(published)
