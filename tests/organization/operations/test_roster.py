"""Importing people: matching, service, and the import as a whole."""

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
    ensure_head_post,
)
from tests.organization.rosters import (
    FIRST,
    TMT,
    TODAY,
    faults,
    head,
    load,
    nip,
    own,
    person,
)

pytestmark = pytest.mark.usefixtures("tree")


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
        position=ensure_head_post(Unit.objects.get(code="C")),
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
