"""A version's life, legal and illegal, and the database that keeps it."""

import threading
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from audit.models import Event
from pillars.enums import InstrumentStatus
from pillars.errors import InstrumentInvalid, NotADraft, NotPublished, StaleRevision, VersionExists
from pillars.files import content_hash, structure_hash
from pillars.models import Band, Indicator, Instrument, Level, Pillar, ScalePoint
from pillars.operations import (
    edit_bands,
    load_instrument,
    new_version,
    publish,
    remove_pillar,
    retire,
)
from pillars.queries import document_of

PARTS = (ScalePoint, Band, Pillar, Indicator, Level)


def test_publishing_fills_hashes_actor_and_time(draft, dewi):
    published = publish(instrument=draft, by=dewi)
    document = document_of(published)
    assert published.status == InstrumentStatus.PUBLISHED
    assert published.content_hash == content_hash(document)
    assert published.structure_hash == structure_hash(document)
    assert published.published_by == dewi
    event = Event.objects.get(verb="instrument.published", subject_id=str(published.pk))
    assert event.data == {
        "code": "PRIMA",
        "version": "2027.1",
        "content_hash": published.content_hash,
        "structure_hash": published.structure_hash,
    }


def test_the_next_version_has_the_same_structure_until_it_is_edited(published, draft, dewi):
    assert draft.based_on == published
    assert draft.created_by == dewi
    assert document_of(draft) == replace(document_of(published), version="2027.1")
    assert publish(instrument=draft, by=dewi).structure_hash == published.structure_hash


def test_an_unfinished_draft_is_not_published(draft, dewi):
    for pillar in ("PROFESIONAL", "RESPONSIF", "INOVATIF", "MELAYANI", "AKUNTABEL"):
        draft = remove_pillar(instrument=draft, code=pillar, revision=draft.revision, by=dewi)
    with pytest.raises(InstrumentInvalid) as refusal:
        publish(instrument=draft, by=dewi)
    assert [fault.place for fault in refusal.value.faults] == ["pillars"]
    assert Instrument.objects.get(pk=draft.pk).is_draft


def test_what_was_agreed_to_is_what_is_published(draft, dewi):
    agreed = draft.revision
    edit_bands(instrument=draft, bands=[], revision=agreed, by=dewi)
    with pytest.raises(StaleRevision):
        publish(instrument=draft, by=dewi, revision=agreed)
    assert Instrument.objects.get(pk=draft.pk).is_draft
    assert not publish(instrument=draft, by=dewi, revision=agreed + 1).is_draft


def test_only_a_draft_is_published(published, dewi):
    with pytest.raises(NotADraft):
        publish(instrument=published, by=dewi)
    with pytest.raises(NotADraft):
        publish(instrument=retire(instrument=published, by=dewi), by=dewi)


def test_only_what_is_published_is_retired(published, draft, dewi):
    with pytest.raises(NotPublished):
        retire(instrument=draft, by=dewi)
    assert retire(instrument=published, by=dewi).status == InstrumentStatus.RETIRED
    assert Event.objects.filter(verb="instrument.retired").count() == 1
    with pytest.raises(NotPublished):
        retire(instrument=published, by=dewi)


def test_a_version_number_is_used_once(published, dewi):
    with pytest.raises(VersionExists):
        new_version(instrument=published, version="2026.1", by=dewi)
    with pytest.raises(InstrumentInvalid):
        new_version(instrument=published, version="2027 baru", by=dewi)
    assert Instrument.objects.count() == 1


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("DRAFT", "RETIRED"),
        ("PUBLISHED", "DRAFT"),
        ("RETIRED", "PUBLISHED"),
        ("RETIRED", "DRAFT"),
    ],
)
def test_the_database_refuses_other_transitions(prima, dewi, was, becomes):
    instrument = load_instrument(document=prima, by=dewi, publish=was != "DRAFT")
    if was == "RETIRED":
        retire(instrument=instrument, by=dewi)
    with pytest.raises(DatabaseError), transaction.atomic():
        Instrument.objects.filter(pk=instrument.pk).update(
            status=becomes,
            content_hash="0" * 64,
            structure_hash="0" * 64,
            published_at=timezone.now(),
        )
    assert Instrument.objects.get(pk=instrument.pk).status == was


def test_the_database_wants_hashes_of_what_is_published(draft):
    with pytest.raises(IntegrityError, match="instrument_published_has_hashes"):
        Instrument.objects.filter(pk=draft.pk).update(status="PUBLISHED")


# --- Immutability, whatever the door


@pytest.fixture(params=["PUBLISHED", "RETIRED"])
def frozen(request, published, dewi):
    if request.param == "RETIRED":
        retire(instrument=published, by=dewi)
    return published


def rows(model, instrument):
    lookup = {Instrument: "pk", Level: "indicator__instrument"}.get(model, "instrument")
    return model.objects.filter(**{lookup: instrument.pk})


TEXT = {
    Instrument: "title",
    ScalePoint: "label",
    Band: "label",
    Pillar: "name",
    Indicator: "statement",
    Level: "descriptor",
}


def raw(statement, row):
    table, field = row._meta.db_table, TEXT[type(row)]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=table, field=field), [row.pk])


DOORS = {
    "save": lambda row, rows: row.save(),
    "update": lambda row, rows: rows.update(**{TEXT[rows.model]: "Lain"}),
    "bulk_update": lambda row, rows: rows.model.objects.bulk_update([row], [TEXT[rows.model]]),
    "raw update": lambda row, rows: raw("UPDATE {table} SET {field} = 'Lain' WHERE id = %s", row),
    "delete": lambda row, rows: row.delete(),
    "delete all": lambda row, rows: rows.delete(),
    "raw delete": lambda row, rows: raw("DELETE FROM {table} WHERE id = %s", row),
}


@pytest.mark.parametrize("model", TEXT)
@pytest.mark.parametrize("door", DOORS)
def test_nothing_of_a_published_version_changes(frozen, model, door):
    before = list(rows(model, frozen).values())
    row = rows(model, frozen).first()
    setattr(row, TEXT[model], "Lain")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        DOORS[door](row, rows(model, frozen))
    assert list(rows(model, frozen).values()) == before


@pytest.mark.parametrize("model", PARTS)
def test_nothing_is_added_to_a_published_version(frozen, model):
    row = rows(model, frozen).first()
    row.pk = None
    for field, value in {"code": "BARU", "value": 99, "lower": 99, "order": 99}.items():
        if hasattr(row, field):
            setattr(row, field, value)
    with pytest.raises(DatabaseError, match="never changes"):
        row.save(force_insert=True)


def test_no_part_moves_into_or_out_of_a_published_version(published, draft):
    for source, goal in ((published, draft), (draft, published)):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Band.objects.filter(instrument=source, code="A").update(
                instrument=goal, code="E", lower=1
            )


def test_an_indicator_and_its_pillar_are_of_one_version(published, draft):
    foreign = published.pillars.first()
    with pytest.raises(IntegrityError, match="differ in instrument"):
        draft.indicators.filter(code="PRO-01").update(pillar=foreign)


@pytest.mark.django_db(transaction=True)
def test_an_edit_waits_for_publishing_and_is_then_refused(draft, dewi):
    """Two people at once: one publishes while the other edits."""
    outcome = []
    holds, started = threading.Event(), threading.Event()

    def edit():
        started.set()
        try:
            edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
        except NotADraft as refusal:
            outcome.append(type(refusal))
        finally:
            connection.close()

    def raw_edit():
        try:
            Level.objects.filter(indicator__instrument=draft).update(descriptor="Lain")
        except DatabaseError as refusal:
            outcome.append("never changes" in str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=edit), threading.Thread(target=raw_edit)]
    with transaction.atomic():
        publish(instrument=draft, by=dewi)
        for thread in threads:
            thread.start()
        assert started.wait(5)
        holds.wait(0.3)
        assert outcome == []
    for thread in threads:
        thread.join(10)
    assert sorted(outcome, key=str) == sorted([NotADraft, True], key=str)
    assert content_hash(document_of(draft)) == Instrument.objects.get(pk=draft.pk).content_hash
