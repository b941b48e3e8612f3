"""Importing people: matching, posts that change, heads, and what the database must never hold."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import FormerNip, User
from audit.models import Event
from exchange.files import FileRefused
from organization.enums import PostingKind
from organization.models import Position, Posting, Unit
from organization.operations import (
    Outcome,
    appoint,
    head_post,
    import_roster,
    import_units,
    transfer,
)
from tests.organization.rosters import head, nip, person, roster_file, units_file

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 3, 1)
TODAY = datetime.date(2026, 11, 24)
TMT = datetime.date(2022, 3, 1)


@pytest.fixture(autouse=True)
def tree():
    import_units(
        file=units_file({"code": "A"}, {"code": "B", "parent": "A"}, {"code": "C", "parent": "A"}),
        by=None,
    )


def name_head(code, number):
    Unit.objects.filter(code=code).update(head_nip=number)


def load(*rows, on=TODAY, **options):
    return import_roster(file=roster_file(*rows), effective_date=on, by=None, **options)


def faults(*rows, on=TODAY):
    with pytest.raises(FileRefused) as refusal:
        load(*rows, on=on)
    return [(fault.row, fault.column) for fault in refusal.value.faults]


def own(serial):
    """The own posts of a person: (unit, title, first day, day after)."""
    return [
        (one.position.unit.code, one.position.title, one.valid.lower, one.valid.upper)
        for one in Posting.objects.filter(user__nip=nip(serial), kind=PostingKind.DEFINITIVE)
        .select_related("position__unit")
        .order_by("valid")
    ]


def holders(code):
    """Who holds the head's post on TODAY: {(serial, kind)}."""
    held = Posting.objects.leading().in_force(TODAY).filter(position__unit__code=code)
    return {(int(one.user.nip[-3:]), one.kind) for one in held.select_related("user")}


# --- The person


def test_person_is_registered_as_the_roster_has_it():
    cells = {
        "GELAR DEPAN": "Dr.",
        "GELAR BELAKANG": "S.Sos., M.Si.",
        "EMAIL GOV": "orang@contoh.invalid",
        "JENIS PEGAWAI NAMA": "PPPK",
        "KEDUDUKAN HUKUM NAMA": "PPPK Aktif",
        "GOL AKHIR NAMA": "IX",
    }
    assert load(person(1, "B", **cells)) == Outcome(created=1)
    user = User.objects.get()
    assert (user.username, user.nip, user.siasn_id) == (nip(1), nip(1), "ID-1")
    assert user.full_name == "Dr. Orang 1, S.Sos., M.Si."
    assert (user.email, user.employment_type, user.rank) == ("orang@contoh.invalid", "PPPK", "IX")
    assert (user.legal_status, user.is_active, user.has_usable_password()) == (
        "PPPK Aktif",
        True,
        False,
    )
    assert own(1) == [("B", "Pengelola", TMT, None)]


def test_data_that_changed_is_written_and_counted():
    load(person(1, "B"), person(2, "B"))
    assert load(person(1, "B", GOL_AKHIR_NAMA="III/b"), person(2, "B")) == Outcome(
        changed=1, unchanged=1
    )
    assert User.objects.get(nip=nip(1)).rank == "III/b"
    assert Event.objects.filter(verb="user.changed").count() == 1


def test_people_who_are_not_in_the_file_are_left_alone():
    load(person(1, "B"), person(2, "B"))
    assert load(person(2, "B")) == Outcome(unchanged=1)
    assert own(1) == [("B", "Pengelola", TMT, None)]


def test_new_nip_of_a_known_pns_id_is_the_same_person():
    load(person(1, "B"))
    assert load(person(1, "B", NIP_BARU=nip(9))) == Outcome(changed=1)
    user = User.objects.get()
    assert (user.nip, user.username) == (nip(9), nip(9))
    assert list(FormerNip.objects.values_list("user", "nip")) == [(user.pk, nip(1))]
    assert load(person(1, "B", NIP_BARU=nip(9))) == Outcome(unchanged=1)


def test_two_people_may_exchange_their_nips():
    load(person(1, "B"), person(2, "B"))
    assert load(person(1, "B", NIP_BARU=nip(2)), person(2, "B", NIP_BARU=nip(1))) == Outcome(
        changed=2
    )
    assert dict(User.objects.values_list("siasn_id", "nip")) == {"ID-1": nip(2), "ID-2": nip(1)}


def test_person_without_pns_id_is_found_by_nip_and_keeps_what_is_known():
    load(person(1, "B"))
    assert load(person(1, "B", PNS_ID="")) == Outcome(unchanged=1)
    assert User.objects.get().siasn_id == "ID-1"
    assert load(person(1, "B", PNS_ID="ID-NEW")) == Outcome(changed=1)
    assert User.objects.get().siasn_id == "ID-NEW"


def test_nip_of_somebody_else_is_refused():
    load(person(1, "B"), person(2, "B"))
    assert faults(person(1, "B", NIP_BARU=nip(2))) == [(2, "NIP BARU")]


def test_nip_that_a_row_sets_free_is_not_given_to_a_stranger():
    load(person(1, "B"))
    renumbered = person(1, "B", NIP_BARU=nip(2))
    stranger = person(3, "B", NIP_BARU=nip(1))
    assert faults(renumbered, stranger) == [(3, "NIP BARU")]


def test_former_nip_without_pns_id_is_refused():
    load(person(1, "B"))
    load(person(1, "B", NIP_BARU=nip(9)))
    assert faults(person(1, "B", PNS_ID="")) == [(2, "NIP BARU")]


def test_invalid_address_is_left_out_with_a_warning():
    outcome = load(person(1, "B", EMAIL_GOV="bukan surel"))
    assert [(one.row, one.column) for one in outcome.warnings] == [(2, "EMAIL GOV")]
    assert User.objects.get().email == ""


# --- Service


def test_retired_person_is_known_but_holds_no_post():
    assert load(person(1, "B", KEDUDUKAN_HUKUM_NAMA="Pensiun")) == Outcome(created=1)
    assert User.objects.get().is_active is False
    assert own(1) == []


def test_retiring_ends_every_post_and_switches_the_account_off():
    load(head(1, "B"))
    appoint(
        user=User.objects.get(),
        position=head_post(Unit.objects.get(code="C")),
        kind=PostingKind.PLT,
        since=FIRST,
        last_day=None,
        by=None,
    )
    gone = head(1, "B", KEDUDUKAN_HUKUM_NAMA="Pensiun")
    assert load(gone) == Outcome(changed=1, ended=2)
    assert {one.valid.upper for one in Posting.objects.all()} == {TODAY}
    assert User.objects.get().is_active is False
    assert load(gone) == Outcome(unchanged=1)


def test_return_to_service_opens_a_post_again():
    load(person(1, "B"), on=FIRST)
    load(
        person(1, "B", KEDUDUKAN_HUKUM_NAMA="Cuti di luar tanggungan negara"),
        on=FIRST.replace(month=6),
    )
    assert load(person(1, "B")) == Outcome(changed=1)
    assert own(1) == [
        ("B", "Pengelola", TMT, FIRST.replace(month=6)),
        ("B", "Pengelola", TODAY, None),
    ]
    assert User.objects.get().is_active is True


def test_import_does_not_undo_an_operators_lock():
    load(person(1, "B"))
    User.objects.update(is_active=False)
    assert load(person(1, "B")) == Outcome(unchanged=1)
    assert User.objects.get().is_active is False


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


# --- As a whole


def test_faults_of_file_people_and_posts_are_named_together():
    load(person(1, "B"), person(2, "B"))
    assert faults(
        person(1, "B", NIP_BARU=nip(2)),
        person(3, "X", NAMA=""),
        person(4, "B", TMT_JABATAN="31-02-2024"),
        head(5, "C"),
        head(6, "C"),
        person(5, "C"),
    ) == [
        (2, "NIP BARU"),
        (3, "NAMA"),
        (3, "UNOR ID"),
        (4, "TMT JABATAN"),
        (5, "NIP BARU"),
        (5, "PNS ID"),
        (5, "UNOR ID"),
        (6, "UNOR ID"),
        (7, "NIP BARU"),
        (7, "PNS ID"),
    ]
    assert User.objects.count() == 2


def test_roster_before_any_unit_says_what_to_do_first():
    Position.objects.all().delete()
    Unit.objects.all().delete()
    with pytest.raises(FileRefused, match="Impor berkas unit dahulu"):
        load(person(1, "", KEDUDUKAN_HUKUM_NAMA="Pensiun"))


def test_dry_run_counts_and_writes_nothing():
    events = Event.objects.count()
    assert load(person(1, "B"), dry_run=True) == Outcome(created=1)
    assert (User.objects.count(), Event.objects.count()) == (0, events)


def test_import_is_on_record():
    load(person(1, "B"), on=FIRST)
    before = Event.objects.latest("id").pk
    load(person(1, "C", GOL_AKHIR_NAMA="III/b"), person(2, "C"))
    events = Event.objects.filter(pk__gt=before).order_by("id")
    assert [(event.verb, event.data) for event in events] == [
        ("user.changed", {}),
        ("user.registered", {}),
        ("posting.ended", {}),
        ("posting.opened", {}),
        (
            "organization.roster_imported",
            {"effective_date": "2026-11-24", "created": 1, "changed": 1, "ended": 1},
        ),
    ]


def test_queries_do_not_grow_with_the_number_of_people():
    def count(serials, on, shift=0):
        rows = [person(serial, "ABC"[(serial + shift) % 3]) for serial in serials]
        with CaptureQueriesContext(connection) as captured:
            load(*rows, on=on)
        return len(captured)

    few, many = range(1, 4), range(10, 900)
    count(range(900, 903), FIRST)  # makes the posts
    assert count(few, FIRST) == count(many, FIRST)
    assert count(few, TODAY, shift=1) == count(many, TODAY, shift=1)
    assert count(few, TODAY, shift=1) == count(many, TODAY, shift=1)
