"""Importing people: posts that change, heads, and what the database must never hold."""

import datetime

import pytest

from accounts.models import User
from organization.enums import PostingKind
from organization.models import Posting, Unit
from organization.operations import (
    Outcome,
    import_units,
    transfer,
)
from tests.organization.rosters import (
    FIRST,
    TMT,
    TODAY,
    faults,
    head,
    holders,
    load,
    name_head,
    nip,
    own,
    person,
    units_file,
)

pytestmark = pytest.mark.usefixtures("tree")


# --- The own post


def test_move_ends_one_post_and_begins_the_other():
    load(person(1, "B"), on=FIRST)
    assert load(person(1, "C", TMT_JABATAN="01-11-2026")) == Outcome(changed=1, ended=1)
    assert own(1) == [("B", "Pengelola", TMT, TODAY), ("C", "Pengelola", TODAY, None)]
    assert load(person(1, "C", TMT_JABATAN="01-11-2026")) == Outcome(unchanged=1)


def test_post_that_began_on_the_same_day_is_taken_back():
    load(person(1, "B", TMT_JABATAN=""))
    assert load(person(1, "C", TMT_JABATAN="")) == Outcome(changed=1, ended=1)
    assert own(1) == [("C", "Pengelola", TODAY, None)]


def test_first_day_that_lies_ahead_is_the_effective_date():
    load(person(1, "B", TMT_JABATAN="01-01-2027"))
    assert own(1) == [("B", "Pengelola", TODAY, None)]


def test_effective_date_before_the_post_began_is_refused():
    load(person(1, "B", TMT_JABATAN=""))
    assert faults(person(1, "C"), on=FIRST) == [(2, "UNOR ID")]
    assert load(person(1, "B"), on=FIRST) == Outcome(unchanged=1)
    assert faults(person(1, "B", KEDUDUKAN_HUKUM_NAMA="Pensiun"), on=FIRST) == [(2, "UNOR ID")]


def test_planned_move_is_kept_until_the_file_says_something_else():
    load(person(1, "B"))
    coming = datetime.date(2027, 1, 1)
    post = Posting.objects.get().position
    other = post.unit.positions.create(title="Lain", kind="OTHER")
    transfer(user=User.objects.get(), position=other, on=coming, by=None)
    assert load(person(1, "B")) == Outcome(unchanged=1)
    assert faults(person(1, "C")) == [(2, "UNOR ID")]
    assert own(1) == [("B", "Pengelola", TMT, coming), ("B", "Lain", coming, None)]


# --- Heads


def test_structural_person_heads_the_unit():
    load(head(1, "B"), person(2, "B"))
    assert holders("B") == {(1, "DEFINITIVE")}
    assert own(1) == [("B", "Kepala B", TMT, None)]


def test_head_post_without_a_title_takes_the_one_of_the_roster():
    import_units(file=units_file({"code": "D", "title": ""}), by=None)
    load(head(1, "D", JABATAN_NAMA="Kepala Dinas"))
    assert own(1) == [("D", "Kepala Dinas", TMT, None)]
    assert load(head(1, "D", JABATAN_NAMA="Kepala Dinas Baru")) == Outcome(unchanged=1)


def test_unit_without_a_head_post_gets_one():
    Unit.objects.create(code="E", name="E")
    load(head(1, "E", JABATAN_NAMA="Kepala E"))
    assert own(1) == [("E", "Kepala E", TMT, None)]


def test_two_structural_people_in_one_unit_are_refused_at_both_rows():
    assert faults(head(1, "B"), head(2, "B"), head(3, "C")) == [(2, "UNOR ID"), (3, "UNOR ID")]


def test_two_heads_exchange_their_units_in_one_file():
    load(head(1, "B"), head(2, "C"), on=FIRST)
    assert load(head(1, "C"), head(2, "B")) == Outcome(changed=2, ended=2)
    assert (holders("B"), holders("C")) == ({(2, "DEFINITIVE")}, {(1, "DEFINITIVE")})
    assert load(head(1, "B"), head(2, "C")) == Outcome(changed=2, ended=2)
    assert (holders("B"), holders("C")) == ({(1, "DEFINITIVE")}, {(2, "DEFINITIVE")})


def test_new_head_follows_one_who_steps_down():
    load(head(1, "B"), person(2, "B"), on=FIRST)
    assert load(person(1, "B"), head(2, "B")) == Outcome(changed=2, ended=2)
    assert holders("B") == {(2, "DEFINITIVE")}
    assert own(2) == [("B", "Pengelola", TMT, TODAY), ("B", "Kepala B", TODAY, None)]


def test_newcomer_heads_from_the_day_the_post_is_free():
    load(head(1, "B"), on=FIRST)
    june = FIRST.replace(month=6)
    load(person(1, "C"), on=june)
    load(head(2, "B", TMT_JABATAN="01-07-2026"))
    load(head(3, "C", TMT_JABATAN="01-01-2020"))
    assert own(2) == [("B", "Kepala B", FIRST.replace(month=7), None)]
    load(person(2, "A"), on=datetime.date(2026, 12, 1))
    load(head(4, "B", TMT_JABATAN="01-01-2020"), on=datetime.date(2026, 12, 2))
    assert own(4) == [("B", "Kepala B", datetime.date(2026, 12, 2), None)]


def test_holder_whom_the_file_does_not_name_gives_way_with_a_warning():
    load(head(1, "B"), on=FIRST)
    outcome = load(head(2, "B"))
    assert (outcome.created, outcome.ended) == (1, 1)
    assert [(one.row, one.column) for one in outcome.warnings] == [(2, "UNOR ID")]
    assert holders("B") == {(2, "DEFINITIVE")}


def test_named_head_of_the_own_unit_holds_it_definitively():
    name_head("B", nip(2))
    load(head(1, "B", JABATAN_NAMA="Kepala Subbagian"), person(2, "B", JABATAN_NAMA="Ketua Tim"))
    assert holders("B") == {(2, "DEFINITIVE")}
    assert own(1) == [("B", "Kepala Subbagian", TMT, None)]


def test_named_head_from_elsewhere_has_an_additional_duty():
    name_head("B", nip(1))
    name_head("A", nip(1))
    rows = (head(1, "C"), person(2, "B"))
    assert load(*rows) == Outcome(created=2)
    assert own(1) == [("C", "Kepala C", TMT, None)]
    assert holders("B") == holders("A") == {(1, "ADDITIONAL")}
    assert load(*rows) == Outcome(unchanged=2)


def test_additional_duty_becomes_the_own_post_when_the_head_moves_in_and_back():
    name_head("B", nip(1))
    load(person(1, "C"), on=FIRST)
    assert load(person(1, "B")) == Outcome(changed=1, ended=2)
    assert holders("B") == {(1, "DEFINITIVE")}
    december = datetime.date(2026, 12, 1)
    assert load(person(1, "C"), on=december) == Outcome(changed=1, ended=1)
    assert Posting.objects.leading().in_force(december).get().kind == PostingKind.ADDITIONAL


def test_named_head_replaces_the_one_before():
    load(head(1, "B"), person(2, "C"), on=FIRST)
    name_head("B", nip(2))
    assert load(head(1, "B"), person(2, "C")) == Outcome(changed=2, ended=1)
    assert holders("B") == {(2, "ADDITIONAL")}
    assert own(1)[-1] == ("B", "Kepala", TODAY, None)


def test_named_head_on_record_need_not_be_in_the_file():
    load(person(1, "C"))
    name_head("B", nip(1))
    load(person(2, "B"))
    assert holders("B") == {(1, "ADDITIONAL")}
    assert load(person(2, "B")) == Outcome(unchanged=1)


def test_named_head_who_is_unknown_or_retired_leaves_the_post_vacant_with_a_warning():
    name_head("B", nip(1))
    name_head("C", nip(8))
    outcome = load(person(1, "B", KEDUDUKAN_HUKUM_NAMA="Pensiun"), head(2, "B"))
    assert len(outcome.warnings) == 2
    assert holders("B") == set()
