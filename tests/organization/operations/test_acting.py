"""Importing acting heads."""

import datetime

import pytest

from audit.models import Event
from exchange.files import FileRefused
from organization.enums import PostingKind
from organization.files import ActingFile, ActingRow
from organization.models import Position, Posting
from organization.operations import Outcome, import_acting
from tests.factories import make_user, post
from tests.organization.rosters import acting_file

pytestmark = pytest.mark.django_db


def load(*rows, **options):
    return import_acting(file=acting_file(*rows), by=None, **options)


def row(user, unit, kind="PLT", since="01-10-2026", until="31-12-2026"):
    return (user.nip, unit.code, kind, since, until)


def faults(*rows):
    with pytest.raises(FileRefused) as refusal:
        load(*rows)
    return [(fault.row, fault.column) for fault in refusal.value.faults]


def test_both_days_are_included_and_a_second_run_changes_nothing(units, ani):
    assert load(row(ani, units.seksi, "Plh.")) == Outcome(created=1)
    posting = Posting.objects.leading().get()
    assert (posting.user, posting.kind) == (ani, PostingKind.PLH)
    assert posting.valid.lower == datetime.date(2026, 10, 1)
    assert posting.valid.upper == datetime.date(2027, 1, 1)
    events = Event.objects.count()
    assert load(row(ani, units.seksi, "PLH")) == Outcome(unchanged=1)
    assert Event.objects.count() == events


def test_last_day_may_be_moved(units, ani):
    load(row(ani, units.seksi))
    assert load(row(ani, units.seksi, until="31-01-2027")) == Outcome(changed=1)
    assert Posting.objects.leading().get().valid.upper == datetime.date(2027, 2, 1)


def test_person_is_found_by_a_former_nip(units, ani):
    ani.former_nips.create(nip="198609262015051777")
    assert load(
        ("198609262015051777", units.seksi.code, "PLT", "01-10-2026", "02-10-2026")
    ) == Outcome(created=1)
    assert Posting.objects.leading().get().user == ani


def test_every_fault_is_named(units, ani):
    retired = make_user("Pensiunan", serial=95, is_active=False)
    unknown = ("198609262015051778", "X", "PLT", "01-10-2026", "31-12-2026")
    assert faults(
        unknown,
        row(retired, units.seksi),
        row(ani, units.citra, "PJ"),
        row(ani, units.ani, since="31-12-2026", until="01-10-2026"),
        row(ani, units.root, until=""),
        row(ani, units.seksi, since="15-11-2026"),
    ) == [
        (2, "NIP"),
        (2, "UNOR ID"),
        (3, "NIP"),
        (4, "JENIS"),
        (5, "SELESAI"),
        (6, "SELESAI"),
        (7, "MULAI"),
    ]


def test_overlap_with_an_acting_post_on_record_is_refused(units, ani, citra):
    load(row(ani, units.seksi))
    assert faults(row(citra, units.seksi, since="31-12-2026", until="05-01-2027")) == [(2, "MULAI")]
    assert load(row(citra, units.seksi, since="01-01-2027", until="05-01-2027")) == Outcome(
        created=1
    )
    assert faults(row(ani, units.seksi, until="02-01-2027")) == [(2, "MULAI")]


def test_plt_beside_a_definitive_head_is_a_warning(units, ani, budi):
    outcome = load(row(ani, units.ani), row(ani, units.seksi))
    assert outcome.created == 2
    assert [(one.row, one.column) for one in outcome.warnings] == [(2, "UNOR ID")]


def test_plh_beside_a_definitive_head_is_what_it_is_for(units, ani, budi):
    assert load(row(ani, units.ani, "PLH")) == Outcome(created=1)


def test_unit_without_a_head_post_gets_one(units, ani):
    Position.objects.filter(unit=units.seksi).delete()
    assert load(row(ani, units.seksi)) == Outcome(created=1)
    assert units.seksi.positions.get().title == "Pimpinan Seksi Pengaduan"


def test_dry_run_writes_nothing(units, ani):
    assert load(row(ani, units.seksi), dry_run=True) == Outcome(created=1)
    assert not Posting.objects.leading().exists()


def test_file_without_rows_is_refused():
    with pytest.raises(FileRefused, match="tidak memuat satu baris pun"):
        load()


def test_open_ended_post_on_record_overlaps_all_that_follows(units, ani, citra):
    post(citra, units.seksi, head=True, kind=PostingKind.PLT, since=datetime.date(2026, 1, 1))
    assert faults(row(ani, units.seksi)) == [(2, "MULAI")]


def test_row_without_a_period_never_gets_as_far_as_the_database(units, ani):
    broken = ActingRow(2, ani.nip, units.seksi.code, "PLT", None, None)
    with pytest.raises(ValueError, match="ActingRow"):
        import_acting(file=ActingFile((broken,)), by=None)
    assert not Posting.objects.leading().exists()
