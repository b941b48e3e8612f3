"""Opening a cycle: who is invited, which tree is kept, and what is refused."""

import contextlib
import datetime
import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from assessments.errors import CycleRefused
from assessments.models import Assessment, Cycle, CycleUnit, StaleUnit
from assessments.operations import extend, open_cycle, plan_cycle, reschedule
from audit.models import Event
from organization.models import Unit
from pillars.models import Instrument
from tests.factories import make_instrument, make_unit, make_user, post

NOW = timezone.now()
PERIOD = {
    "code": "C1",
    "name": "Periode 1",
    "opens_at": NOW,
    "closes_at": NOW + datetime.timedelta(days=30),
    "census_date": datetime.date(2026, 9, 15),
    "by": None,
}


def test_everybody_posted_on_the_census_date_is_invited_in_that_post(
    instrument, units, ani, budi, fajar
):
    retired = make_user("Gita Purnama", serial=7, is_active=False)
    post(retired, units.ani)

    cycle = open_cycle(instrument=instrument, **PERIOD)

    invited = Assessment.objects.filter(cycle=cycle).order_by("person__name")
    assert [(a.person, a.unit.unit, a.position_title) for a in invited] == [
        (ani, units.ani, "Analis Kebijakan"),
        (budi, units.ani, "Kepala Bidang Pelayanan"),
        (fajar, units.citra, "Analis Kebijakan"),
    ]
    assert Event.objects.get(verb="cycle.opened").data["invited"] == 3


def test_the_tree_is_copied_in_preorder_with_ranges(instrument, units, ani):
    cycle = open_cycle(instrument=instrument, **PERIOD)

    rows = CycleUnit.objects.filter(cycle=cycle).values_list("name", "depth", "first", "last")
    assert list(rows) == [
        ("Provinsi", 0, 1, 4),
        ("Bidang Pelayanan", 1, 2, 3),
        ("Seksi Pengaduan", 2, 3, 3),
        ("Bidang Perencanaan", 1, 4, 4),
    ]
    assert StaleUnit.objects.count() == 4


def test_a_renamed_unit_leaves_the_cycle_as_it_was(instrument, units, ani):
    cycle = open_cycle(instrument=instrument, **PERIOD)
    Unit.objects.filter(pk=units.ani.pk).update(name="Bidang Layanan Publik")

    assert CycleUnit.objects.filter(cycle=cycle, name="Bidang Pelayanan").exists()
    with pytest.raises(InternalError), transaction.atomic():
        CycleUnit.objects.filter(cycle=cycle).update(name="Lain")


def test_only_the_population_is_invited(instrument, units, ani, budi, citra):
    cycle = open_cycle(instrument=instrument, population=[units.citra], **PERIOD)
    assert [a.person for a in Assessment.objects.filter(cycle=cycle)] == [citra]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes_at": NOW}, "closes_at"),
        ({"closes_at": NOW - datetime.timedelta(days=1)}, "closes_at"),
        ({"census_date": datetime.date(2030, 1, 1)}, "census_date"),
        ({"census_date": datetime.date(2001, 1, 1)}, "population"),
    ],
)
def test_an_impossible_period_names_the_field_to_mend(instrument, units, ani, change, field):
    with pytest.raises(CycleRefused) as refused:
        open_cycle(instrument=instrument, **PERIOD | change)
    assert refused.value.field == field
    assert not Cycle.objects.exists()


def test_a_draft_cannot_be_asked(units, ani):
    draft = make_instrument(publish=False)
    with pytest.raises(CycleRefused) as refused:
        open_cycle(instrument=draft, **PERIOD)
    assert refused.value.field == "instrument"
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.create(
            instrument=draft, **{name: PERIOD[name] for name in PERIOD if name != "by"}
        )


def test_a_code_is_used_once(instrument, units, ani):
    open_cycle(instrument=instrument, **PERIOD)
    with pytest.raises(CycleRefused) as refused:
        open_cycle(instrument=instrument, **PERIOD)
    assert refused.value.field == "code"


def test_a_cycle_keeps_its_instrument(cycle):
    other = make_instrument(version="2")
    with pytest.raises(InternalError), transaction.atomic():
        Cycle.objects.update(instrument=other)


def test_new_versions_leave_open_drafts_alone(cycle, assessment):
    make_instrument(version="2")
    assert assessment.cycle.instrument == Instrument.objects.get(version="1")


def test_rescheduling_is_audited_and_must_follow_the_opening(cycle, dewi):
    later = cycle.closes_at + datetime.timedelta(days=3)
    reschedule(cycle=cycle, closes_at=later, by=dewi)

    cycle.refresh_from_db()
    assert cycle.closes_at == later
    assert Event.objects.get(verb="cycle.rescheduled").actor_id == dewi.pk
    with pytest.raises(CycleRefused):
        reschedule(cycle=cycle, closes_at=cycle.opens_at, by=dewi)


def test_an_extension_for_one_unit_reaches_only_that_unit(cycle, assessment, units, dewi):
    until = cycle.closes_at + datetime.timedelta(days=2)
    others = make_unit("Bidang Lain", parent=units.root)
    count = extend(
        assessments=Assessment.objects.filter(cycle=cycle, unit__unit=units.ani),
        until=until,
        reason="Gangguan jaringan",
        by=dewi,
    )

    assert (
        count == Assessment.objects.filter(unit__unit=units.ani, extended_until=until).count() == 2
    )
    assert not Assessment.objects.filter(unit__unit=others).exists()
    assert Event.objects.filter(verb="assessment.extended", actor_id=dewi.pk).count() == 2
    assessment.refresh_from_db()
    assert assessment.deadline == until


def test_how_many_would_be_invited_without_inviting_them(instrument, units, ani, budi, citra):
    facts = {name: value for name, value in PERIOD.items() if name not in ("name", "by")}
    assert plan_cycle(instrument=instrument, **facts) == 3
    assert plan_cycle(instrument=instrument, population=[units.citra], **facts) == 1
    with pytest.raises(CycleRefused) as refused:
        plan_cycle(instrument=instrument, population=[units.seksi], **facts)
    assert refused.value.field == "population"
    assert not Cycle.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_same_code_at_once_one_is_told(instrument, units, ani):
    created = threading.Event()

    def open_first():
        with contextlib.closing(connection), transaction.atomic():
            open_cycle(instrument=instrument, **PERIOD)
            created.set()
            time.sleep(0.5)  # the other is waiting for this to be committed

    first = threading.Thread(target=open_first)
    first.start()
    created.wait(10)
    with pytest.raises(CycleRefused) as refused:
        open_cycle(instrument=instrument, **PERIOD)
    first.join()
    assert refused.value.field == "code"
    assert Cycle.objects.count() == 1
