"""Every edit of a draft: what it changes, what it refuses, what it records."""

from dataclasses import replace
from decimal import Decimal

import pytest

from audit.models import Event
from pillars.enums import Direction
from pillars.errors import InstrumentInvalid, NotADraft, PartMissing, StaleRevision
from pillars.files import BandDocument, IndicatorDocument, PillarDocument, ScalePoint, Why
from pillars.models import Instrument
from pillars.operations import (
    add_indicator,
    add_pillar,
    edit_bands,
    edit_indicator,
    edit_instrument,
    edit_pillar,
    edit_scale,
    move_indicator,
    move_pillar,
    remove_indicator,
    remove_pillar,
)
from pillars.queries import document_of, faults_of

PILLAR = PillarDocument("BARU", "Pilar baru", Decimal(10), (), "Penjelasan.")
INDICATOR = IndicatorDocument("BAR-01", "Saya mencoba hal baru.", Decimal("1.5"))
EDITS = {
    "instrument": (
        edit_instrument,
        {
            "title": "Judul",
            "conversion": "min-max",
            "minimum_coverage": Decimal("0.5"),
            "decimals": 1,
        },
    ),
    "scale": (edit_scale, {"scale": [ScalePoint(Decimal(n), f"Titik {n}") for n in range(1, 5)]}),
    "bands": (edit_bands, {"bands": [BandDocument("A", "Baik", Decimal(0))]}),
    "add pillar": (add_pillar, {"pillar": PILLAR}),
    "edit pillar": (edit_pillar, {"code": "INOVATIF", "pillar": PILLAR}),
    "remove pillar": (remove_pillar, {"code": "INOVATIF"}),
    "move pillar": (move_pillar, {"code": "INOVATIF", "direction": Direction.UP}),
    "add indicator": (add_indicator, {"pillar": "INOVATIF", "indicator": INDICATOR}),
    "edit indicator": (
        edit_indicator,
        {"code": "INO-02", "pillar": "INOVATIF", "indicator": INDICATOR},
    ),
    "remove indicator": (remove_indicator, {"code": "INO-02"}),
    "move indicator": (move_indicator, {"code": "INO-02", "direction": Direction.DOWN}),
}


def codes(instrument):
    return [
        (pillar.code, [indicator.code[-2:] for indicator in pillar.indicators])
        for pillar in document_of(instrument).pillars
    ]


def refused_places(call):
    with pytest.raises(InstrumentInvalid) as refusal:
        call()
    return [fault.place for fault in refusal.value.faults]


@pytest.fixture(params=EDITS)
def edit(request):
    """One edit after the other, as a call that wants an instrument, a revision and a person."""
    operation, arguments = EDITS[request.param]
    return lambda instrument, **rest: operation(instrument=instrument, **arguments, **rest)


def test_an_edit_changes_the_draft_and_its_revision_and_is_recorded(draft, dewi, edit):
    before = document_of(draft)
    edited = edit(draft, revision=draft.revision, by=dewi)
    assert edited.revision == draft.revision + 1
    assert document_of(draft) != before
    event = Event.objects.latest("id")
    assert (event.actor_id, event.subject_id) == (dewi.pk, str(draft.pk))
    assert event.data["revision"] == edited.revision
    assert event.data["before"] != event.data["after"]


def test_an_edit_of_a_stale_revision_is_refused_with_what_is_stored(draft, dewi, edit):
    now = edit_bands(
        instrument=draft,
        bands=[BandDocument("A", "Lain", Decimal(10))],
        revision=draft.revision,
        by=dewi,
    )
    stored = document_of(draft)
    with pytest.raises(StaleRevision) as refusal:
        edit(draft, revision=draft.revision, by=dewi)
    assert (refusal.value.stored, refusal.value.revision) == (stored, now.revision)
    assert document_of(draft) == stored


def test_an_edit_of_a_published_version_is_refused(published, dewi, edit):
    with pytest.raises(NotADraft):
        edit(published, revision=published.revision, by=dewi)


def test_an_edit_that_changes_nothing_leaves_no_trace(draft, prima, dewi):
    events = Event.objects.count()
    edit_bands(instrument=draft, bands=reversed(prima.bands), revision=draft.revision, by=dewi)
    move_pillar(
        instrument=draft,
        code="PROFESIONAL",
        direction=Direction.UP,
        revision=draft.revision,
        by=dewi,
    )
    move_indicator(
        instrument=draft, code="AKU-06", direction=Direction.DOWN, revision=draft.revision, by=dewi
    )
    assert Instrument.objects.get(pk=draft.pk).revision == draft.revision
    assert Event.objects.count() == events


@pytest.mark.parametrize("name", ["edit pillar", "remove pillar", "move pillar"])
def test_a_pillar_that_is_gone(draft, dewi, name):
    operation, arguments = EDITS[name]
    with pytest.raises(PartMissing, match="TIDAK-ADA"):
        operation(
            instrument=draft, **arguments | {"code": "TIDAK-ADA"}, revision=draft.revision, by=dewi
        )


@pytest.mark.parametrize("name", ["edit indicator", "remove indicator", "move indicator"])
def test_an_indicator_that_is_gone(draft, dewi, name):
    operation, arguments = EDITS[name]
    with pytest.raises(PartMissing, match="TIDAK-ADA"):
        operation(
            instrument=draft, **arguments | {"code": "TIDAK-ADA"}, revision=draft.revision, by=dewi
        )


def test_moving(draft, dewi):
    draft = move_pillar(
        instrument=draft, code="INOVATIF", direction=Direction.UP, revision=draft.revision, by=dewi
    )
    draft = move_indicator(
        instrument=draft, code="INO-02", direction=Direction.DOWN, revision=draft.revision, by=dewi
    )
    assert [code for code, _ in codes(draft)] == [
        "PROFESIONAL",
        "INOVATIF",
        "RESPONSIF",
        "MELAYANI",
        "AKUNTABEL",
    ]
    assert codes(draft)[1] == ("INOVATIF", ["01", "03", "02", "04", "05", "06"])
    assert Event.objects.latest("id").data["after"][1:3] == ["INO-03", "INO-02"]


def test_an_indicator_goes_to_another_pillar(draft, prima, dewi):
    indicator = prima.pillars[2].indicators[1]
    draft = edit_indicator(
        instrument=draft,
        code="INO-02",
        pillar="PROFESIONAL",
        indicator=indicator,
        revision=draft.revision,
        by=dewi,
    )
    assert codes(draft)[0] == ("PROFESIONAL", ["01", "02", "03", "04", "05", "06", "02"])
    assert codes(draft)[2] == ("INOVATIF", ["01", "03", "04", "05", "06"])
    assert document_of(draft).pillars[0].indicators[-1] == indicator


def test_editing_keeps_an_indicators_place(draft, dewi):
    operation, arguments = EDITS["edit indicator"]
    draft = operation(instrument=draft, **arguments, revision=draft.revision, by=dewi)
    assert document_of(draft).pillars[2].indicators[1] == INDICATOR
    event = Event.objects.latest("id")
    assert event.data["after"] == {
        "code": "BAR-01",
        "statement": "Saya mencoba hal baru.",
        "weight": "1.5",
        "reversed": False,
        "not_applicable": False,
        "evidence_from": "0",
        "pillar": "INOVATIF",
    }


def test_what_is_stored_of_an_indicator_is_what_was_given(draft, dewi):
    indicator = replace(
        INDICATOR,
        levels=("Satu.", "Dua."),
        reversed=True,
        not_applicable=True,
        evidence_from=Decimal(1),
        why=Why("Alasan", source="Sumber", berakhlak="Adaptif"),
        scale=(ScalePoint(Decimal(0), "Tidak"), ScalePoint(Decimal(1), "Ya")),
    )
    draft = edit_bands(instrument=draft, bands=[], revision=draft.revision, by=dewi)
    draft = add_indicator(
        instrument=draft, pillar="INOVATIF", indicator=indicator, revision=draft.revision, by=dewi
    )
    assert document_of(draft).pillars[2].indicators[-1] == indicator


def test_faults_of_the_part_edited_refuse_it(draft, dewi):
    broken = replace(INDICATOR, code="PRO 1", statement=" ", levels=("Satu.",), weight=Decimal(-1))
    places = refused_places(
        lambda: add_indicator(
            instrument=draft, pillar="INOVATIF", indicator=broken, revision=draft.revision, by=dewi
        )
    )
    assert places == ["code", "statement", "weight", "levels"]
    assert Instrument.objects.get(pk=draft.pk).revision == draft.revision


@pytest.mark.parametrize(
    ("name", "changes", "places"),
    [
        ("add pillar", {"pillar": replace(PILLAR, code="INOVATIF")}, ["code"]),
        ("edit pillar", {"pillar": replace(PILLAR, code="MELAYANI")}, ["code"]),
        ("edit pillar", {"pillar": replace(PILLAR, name="")}, ["name"]),
        ("add indicator", {"indicator": replace(INDICATOR, code="PRO-01")}, ["code"]),
        ("edit indicator", {"indicator": replace(INDICATOR, code="PRO-01")}, ["code"]),
        ("instrument", {"title": "", "decimals": 9}, ["title", "decimals"]),
        ("bands", {"bands": [BandDocument("A", "Baik", Decimal(50))]}, ["[0].lower"]),
        ("scale", {"scale": [ScalePoint(Decimal(1), "Satu")]}, [""]),
        (
            "scale",
            {"scale": [ScalePoint(Decimal(1), "Satu"), ScalePoint(Decimal(1), "Dua")]},
            ["[1].value"],
        ),
    ],
)
def test_what_cannot_stand_is_refused_at_its_place(draft, dewi, name, changes, places):
    operation, arguments = EDITS[name]
    assert places == refused_places(
        lambda: operation(instrument=draft, **arguments | changes, revision=draft.revision, by=dewi)
    )


def test_a_draft_may_be_unfinished_meanwhile(draft, dewi):
    draft = add_pillar(instrument=draft, pillar=PILLAR, revision=draft.revision, by=dewi)
    assert [fault.place for fault in faults_of(document_of(draft))] == ["pillars[5].indicators"]
    draft = add_indicator(
        instrument=draft, pillar="BARU", indicator=INDICATOR, revision=draft.revision, by=dewi
    )
    assert faults_of(document_of(draft)) == ()


def test_descriptors_follow_their_value_when_the_scale_grows_or_shrinks(draft, prima, dewi):
    texts = prima.pillars[0].indicators[0].levels
    five = [*prima.scale, ScalePoint(Decimal(5), "Melampaui")]
    draft = edit_scale(instrument=draft, scale=five, revision=draft.revision, by=dewi)
    assert document_of(draft).pillars[0].indicators[0].levels == (*texts, "")
    assert "pillars[0].indicators[0].levels[4]" in {
        fault.place for fault in faults_of(document_of(draft))
    }
    draft = edit_scale(instrument=draft, scale=five[1:], revision=draft.revision, by=dewi)
    assert document_of(draft).pillars[0].indicators[0].levels == (*texts[1:], "")
    draft = edit_scale(instrument=draft, scale=five[1:3], revision=draft.revision, by=dewi)
    assert document_of(draft).pillars[0].indicators[0].levels == texts[1:3]


def test_descriptors_keep_their_place_when_the_scale_is_renumbered(draft, prima, dewi):
    from_zero = [replace(point, value=point.value - 1) for point in prima.scale]
    draft = edit_scale(instrument=draft, scale=from_zero, revision=draft.revision, by=dewi)
    assert (
        document_of(draft).pillars[0].indicators[0].levels == prima.pillars[0].indicators[0].levels
    )
