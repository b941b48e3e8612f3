"""Importing the tree: what changes, what stays, what is refused."""

import pytest

from audit.models import Event
from exchange.files import FileRefused
from organization.models import Position, Unit
from organization.operations import Outcome, import_units
from tests.organization.rosters import nip, units_file

pytestmark = pytest.mark.django_db
TREE = ({"code": "A"}, {"code": "B", "parent": "A"}, {"code": "C", "parent": "B"})


def load(*rows, **options):
    return import_units(file=units_file(*rows), by=None, **options)


def faults(*rows):
    with pytest.raises(FileRefused) as refusal:
        load(*rows)
    assert Unit.objects.filter(code="NEW").count() == 0
    return [(fault.row, fault.column) for fault in refusal.value.faults]


def test_tree_is_built_whatever_the_order_of_rows():
    assert load(*reversed(TREE)) == Outcome(created=3)
    assert Unit.objects.get(code="C").parent.parent == Unit.objects.get(code="A")
    assert set(Position.objects.values_list("unit__code", "title", "is_head")) == {
        ("A", "Kepala A", True),
        ("B", "Kepala B", True),
        ("C", "Kepala C", True),
    }


def test_changes_are_counted_and_absent_units_stay():
    load(*TREE)
    renamed = {"code": "C", "parent": "A", "name": "Baru", "title": "Ketua C", "head": nip(1)}
    assert load(renamed) == Outcome(changed=1)
    unit = Unit.objects.get(code="C")
    assert (unit.name, unit.parent.code, unit.head_nip) == ("Baru", "A", nip(1))
    assert unit.positions.get().title == "Ketua C"
    assert Unit.objects.count() == 3
    assert load(renamed) == Outcome(unchanged=1)
    assert load(renamed | {"title": "Kepala C"}) == Outcome(changed=1)


def test_units_may_change_places():
    load(*TREE)
    swapped = ({"code": "B"}, {"code": "A", "parent": "C"}, {"code": "C", "parent": "B"})
    assert load(*swapped) == Outcome(changed=2, unchanged=1)
    assert Unit.objects.get(code="A").parent.code == "C"
    assert Unit.objects.get(code="B").parent is None


def test_unit_may_hang_below_one_on_record():
    load(*TREE)
    assert load({"code": "D", "parent": "C"}) == Outcome(created=1)


def test_title_that_the_file_leaves_out_is_made_up_once():
    load({"code": "A", "title": ""})
    assert Position.objects.get().title == "Pimpinan Unit A"
    Position.objects.update(title="Gubernur")
    assert load({"code": "A", "title": ""}) == Outcome(unchanged=1)
    assert Position.objects.get().title == "Gubernur"


def test_dry_run_counts_and_writes_nothing():
    assert load(*TREE, dry_run=True) == Outcome(created=3)
    assert (Unit.objects.count(), Event.objects.count()) == (0, 0)


def test_every_fault_of_the_tree_is_named():
    assert faults(
        {"code": "NEW", "parent": "X"},
        {"code": "B", "parent": "B"},
        {"code": "C", "parent": "D"},
        {"code": "D", "parent": "C"},
        {"code": "E", "name": ""},
        {"code": "F", "head": "123"},
        {"code": "F", "head": ""},
        {"code": ""},
    ) == [
        (2, "UNOR ATASAN ID"),
        (3, "UNOR ATASAN ID"),
        (4, "UNOR ATASAN ID"),
        (5, "UNOR ATASAN ID"),
        (6, "UNOR NAMA"),
        (7, "NIP PIMPINAN"),
        (7, "UNOR ID"),
        (8, "UNOR ID"),
        (9, "UNOR ID"),
    ]


def test_circle_names_its_units_also_through_units_on_record():
    load(*TREE)
    with pytest.raises(FileRefused) as refusal:
        load({"code": "A", "parent": "C", "name": "Setda"})
    assert str(refusal.value) == (
        "baris 2, kolom UNOR ATASAN ID: "
        "Unit ini menjadi atasan dirinya sendiri: Setda → Unit C → Unit B → Setda. "
        "Perbaiki atasan salah satunya."
    )


def test_file_without_rows_is_refused():
    with pytest.raises(FileRefused, match="tidak memuat satu unit pun"):
        load()


def test_several_roots_are_legal_with_a_warning():
    outcome = load({"code": "A"}, {"code": "B"})
    assert outcome.created == 2
    assert [(fault.row, fault.column) for fault in outcome.warnings] == [(3, "UNOR ATASAN ID")]


def test_import_is_on_record():
    load(*TREE)
    assert sorted(Event.objects.values_list("verb", flat=True)) == [
        "organization.units_imported",
        "unit.created",
        "unit.created",
        "unit.created",
    ]
