"""Placing one person: each legal and illegal state."""

import datetime
import threading
import time
from contextlib import closing

import pytest
from django.db import connection, transaction

from accounts.enums import EmploymentType
from accounts.models import User
from audit.models import Event
from organization.enums import PostingKind
from organization.errors import (
    LaterPostingExists,
    NotAHeadPost,
    NotInService,
    PeriodReversed,
    PostHeld,
    SignInNameTaken,
)
from organization.models import Position, Posting
from organization.operations import appoint, end_posting, ensure_head_post, register_rater, transfer
from organization.queries import census, supervisor_of
from tests.factories import LONG_AGO, make_user, post

TODAY = datetime.date(2026, 11, 24)
SOON = datetime.date(2026, 12, 1)


def periods(user):
    return [
        (one.position.unit, one.valid.lower, one.valid.upper)
        for one in user.postings.select_related("position__unit").order_by("valid")
    ]


def plain_post(unit):
    return Position.objects.create(unit=unit, title="Pranata", kind="FUNCTIONAL")


def test_transfer_ends_the_post_before_on_the_day_before(units, ani, budi):
    posting = transfer(user=ani, position=plain_post(units.citra), on=TODAY, by=budi)
    assert periods(ani) == [(units.ani, LONG_AGO, TODAY), (units.citra, TODAY, None)]
    event = Event.objects.get(verb="posting.transferred")
    assert (event.actor_id, event.subject_id) == (budi.pk, str(posting.pk))


def test_transfer_to_the_post_one_holds_changes_nothing(units, ani):
    held = ani.postings.get()
    assert transfer(user=ani, position=held.position, on=TODAY, by=None) == held
    assert Event.objects.count() == 0


def test_transfer_on_the_day_the_post_began_replaces_it(units, ani):
    transfer(user=ani, position=plain_post(units.citra), on=LONG_AGO, by=None)
    assert periods(ani) == [(units.citra, LONG_AGO, None)]


def test_first_post_of_a_newcomer(units):
    user = make_user("Baru", serial=50)
    transfer(user=user, position=ensure_head_post(units.seksi), on=TODAY, by=None)
    assert periods(user) == [(units.seksi, TODAY, None)]


def test_transfer_before_a_later_post_is_refused(units, ani):
    transfer(user=ani, position=plain_post(units.citra), on=SOON, by=None)
    with pytest.raises(LaterPostingExists, match="1 Desember 2026"):
        transfer(user=ani, position=plain_post(units.root), on=TODAY, by=None)


def test_transfer_to_a_head_post_that_is_held_is_refused(units, ani, budi, citra):
    with pytest.raises(PostHeld, match="Citra"):
        transfer(user=ani, position=ensure_head_post(units.citra), on=TODAY, by=None)
    assert periods(ani) == [(units.ani, LONG_AGO, None)]


def test_inactive_person_takes_no_post(units, ani):
    User.objects.update(is_active=False)
    with pytest.raises(NotInService):
        transfer(user=ani, position=plain_post(units.citra), on=TODAY, by=None)
    with pytest.raises(NotInService):
        appoint(
            user=ani,
            position=ensure_head_post(units.seksi),
            kind=PostingKind.PLT,
            since=TODAY,
            last_day=None,
            by=None,
        )


def give(user, unit, kind, since=TODAY, last_day=SOON):
    return appoint(
        user=user,
        position=ensure_head_post(unit),
        kind=kind,
        since=since,
        last_day=last_day,
        by=None,
    )


def test_acting_head_beside_the_holder(units, ani, budi):
    posting = give(ani, units.ani, PostingKind.PLH)
    assert (posting.valid.lower, posting.valid.upper) == (TODAY, datetime.date(2026, 12, 2))
    assert Event.objects.get().data == {"person": ani.pk, "kind": "PLH"}


def test_second_acting_head_is_refused(units, ani, citra):
    give(ani, units.seksi, PostingKind.PLT)
    with pytest.raises(PostHeld):
        give(citra, units.seksi, PostingKind.PLH, since=SOON)
    give(citra, units.seksi, PostingKind.PLH, since=datetime.date(2026, 12, 2), last_day=None)


def test_additional_duty_needs_a_vacant_post(units, ani, budi):
    with pytest.raises(PostHeld):
        give(ani, units.ani, PostingKind.ADDITIONAL)
    give(ani, units.seksi, PostingKind.ADDITIONAL)


def test_appointments_are_for_head_posts_and_never_definitive(units, ani):
    with pytest.raises(NotAHeadPost):
        give(ani, units.seksi, PostingKind.DEFINITIVE)
    with pytest.raises(NotAHeadPost):
        appoint(
            user=ani,
            position=plain_post(units.citra),
            kind=PostingKind.PLT,
            since=TODAY,
            last_day=None,
            by=None,
        )


def test_last_day_before_the_first_is_refused(units, ani):
    with pytest.raises(PeriodReversed):
        give(ani, units.seksi, PostingKind.PLT, since=SOON, last_day=TODAY)
    give(ani, units.seksi, PostingKind.PLT, last_day=TODAY)


def test_end_posting_closes_it_or_takes_it_back(units, ani):
    own = ani.postings.get()
    end_posting(posting=own, on=TODAY, by=None)
    assert periods(ani) == [(units.ani, LONG_AGO, TODAY)]
    coming = post(ani, units.citra, since=SOON)
    end_posting(posting=coming, on=SOON, by=None)
    assert periods(ani) == [(units.ani, LONG_AGO, TODAY)]
    assert Event.objects.filter(verb="posting.ended").count() == 2


@pytest.mark.parametrize("on", [datetime.date(2019, 1, 1), datetime.date(2027, 1, 1)])
def test_end_outside_the_period_is_refused(units, ani, on):
    posting = post(ani, units.seksi, head=True, kind=PostingKind.PLT, until=SOON)
    with pytest.raises(PeriodReversed):
        end_posting(posting=posting, on=on, by=None)


def test_rater_without_nip_leads_and_is_never_asked(units, ani, budi):
    governor = register_rater(
        username="gubernur",
        name="Gita",
        unit=units.root,
        since=LONG_AGO,
        by=None,
        title_before="Hj.",
    )
    assert (governor.nip, governor.employment_type, governor.full_name) == (
        None,
        EmploymentType.OTHER,
        "Hj. Gita",
    )
    assert not governor.has_usable_password()
    assert supervisor_of(user_id=budi.pk, unit_id=units.ani.pk, on=TODAY) == governor
    assert {row.user_id for row in census(TODAY, [units.root.pk])} == {ani.pk, budi.pk}


@pytest.mark.parametrize(
    "username", ["ab", "198609262015051001", "Gubernur", "nama masuk", "gubernur"]
)
def test_sign_in_name_must_be_free_and_no_nip(units, username):
    make_user("Lain", serial=70, nip=None, username="gubernur")
    with pytest.raises(SignInNameTaken):
        register_rater(username=username, name="Gita", unit=units.root, since=LONG_AGO, by=None)
    assert User.objects.count() == 1
    assert Posting.objects.count() == 0


def test_of_two_who_register_one_name_at_once_one_is_told(transactional_db, units):
    told = []

    def register(unit):
        return register_rater(username="gubernur", name="Gita", unit=unit, since=LONG_AGO, by=None)

    def meanwhile():
        with closing(connection), pytest.raises(SignInNameTaken) as refusal:
            register(units.ani)
        told.append(str(refusal.value))

    other = threading.Thread(target=meanwhile)
    with transaction.atomic():
        register(units.root)
        other.start()
        _wait_until_somebody_waits()
    other.join()
    assert told == ["Nama masuk “gubernur” tidak dapat dipakai. Pilih nama lain, tanpa spasi."]
    assert User.objects.get().postings.get().position.unit == units.root


def _wait_until_somebody_waits():
    """Until another connection has come to a row that this one holds."""
    give_up_at = time.monotonic() + 30
    waiting = (
        "SELECT count(*) FROM pg_locks"
        " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        while cursor.fetchone() == (0,):
            assert time.monotonic() < give_up_at, "nobody waited"
            time.sleep(0.02)
            cursor.execute(waiting)


def test_head_post_is_made_once(units):
    units.seksi.positions.all().delete()
    assert ensure_head_post(units.seksi) == ensure_head_post(units.seksi)
