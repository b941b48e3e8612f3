"""What PostgreSQL itself keeps, each rule with a legal and an illegal state, by the ORM and by raw SQL."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.utils import InternalError, ProgrammingError

from organization.enums import PostingKind
from organization.models import HrMandate, Position, Posting, Unit
from tests.factories import LONG_AGO, post

MID = datetime.date(2026, 6, 1)
pytestmark = pytest.mark.django_db


def refused(act, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_one_own_post_at_a_time(units, ani):
    refused(lambda: post(ani, units.citra, since=MID), "posting_one_own_post")
    ani.postings.update(valid=DateRange(LONG_AGO, MID))
    post(ani, units.citra, since=MID)
    post(ani, units.seksi, head=True, kind=PostingKind.ADDITIONAL, since=MID)


def test_one_holder_of_a_head_post_at_a_time(units, ani, budi, citra):
    refused(
        lambda: post(citra, units.ani, head=True, kind=PostingKind.ADDITIONAL, since=MID),
        "posting_one_head",
    )
    budi.postings.update(valid=DateRange(LONG_AGO, MID))
    post(citra, units.ani, head=True, kind=PostingKind.ADDITIONAL, since=MID)


def test_other_posts_have_many_holders(units, ani, fajar):
    assert ani.postings.get().position == fajar.postings.last().position


def test_one_acting_head_at_a_time_beside_the_holder(units, ani, budi, citra):
    post(ani, units.ani, head=True, kind=PostingKind.PLH, until=MID)
    refused(
        lambda: post(citra, units.ani, head=True, kind=PostingKind.PLT), "posting_one_acting_head"
    )
    post(citra, units.ani, head=True, kind=PostingKind.PLT, since=MID)


def test_posting_has_days(units, ani):
    refused(lambda: post(ani, units.seksi, kind="PLT", since=MID, until=MID), "posting_has_days")
    refused(lambda: ani.postings.update(valid=DateRange(None, MID)), "posting_has_days")


def test_is_head_is_copied_whatever_is_written(units, ani, budi):
    posting = ani.postings.get()
    Posting.objects.filter(pk=posting.pk).update(is_head=True)
    posting.refresh_from_db()
    assert posting.is_head is False
    assert budi.postings.get().is_head is True


def test_overlap_is_refused_by_raw_sql_too(units, ani):
    posting = ani.postings.get()
    with connection.cursor() as cursor:
        refused(
            lambda: cursor.execute(
                "INSERT INTO organization_posting (user_id, position_id, kind, valid, is_head)"
                " VALUES (%s, %s, 'DEFINITIVE', '[2026-01-01,)', false)",
                (ani.pk, posting.position_id),
            ),
            "posting_one_own_post",
        )


def test_unit_cannot_lie_below_itself(units):
    refused(lambda: Unit.objects.filter(pk=units.ani.pk).update(parent=units.ani), "own")
    with connection.cursor() as cursor:
        refused(
            lambda: cursor.execute(
                "UPDATE organization_unit SET parent_id = %s WHERE id = %s",
                (units.seksi.pk, units.root.pk),
            ),
            "own ancestor",
        )
    Unit.objects.filter(pk=units.seksi.pk).update(parent=units.citra)


def test_form_refuses_a_circle_in_words(units):
    units.root.parent = units.seksi
    with pytest.raises(ValidationError, match="di bawahnya"):
        units.root.clean()
    units.seksi.parent = units.citra
    units.seksi.clean()
    Unit(code="X", name="X", parent=units.root).clean()


def test_one_head_post_for_a_unit_and_one_post_of_a_name(units):
    refused(
        lambda: Position.objects.create(unit=units.ani, title="x", kind="OTHER", is_head=True),
        "position_one_head_per_unit",
    )
    Position.objects.create(unit=units.ani, title="x", kind="OTHER")
    refused(
        lambda: Position.objects.create(unit=units.ani, title="x", kind="OTHER"),
        "position_unique_in_unit",
    )


def test_post_stays_in_its_unit(units):
    position = units.ani.positions.get()
    position.unit = units.citra
    with (
        pytest.raises((InternalError, ProgrammingError), match="Cannot update"),
        transaction.atomic(),
    ):
        position.save()
    position.refresh_from_db()
    position.title = "Kepala Bidang"
    position.save()


def test_mandates_of_one_unit_do_not_overlap(units, eko):
    HrMandate.objects.create(user=eko, unit=units.ani, valid=DateRange(None, MID))
    HrMandate.objects.create(user=eko, unit=units.citra, valid=DateRange(None, None))
    refused(
        lambda: HrMandate.objects.create(user=eko, unit=units.ani, valid=DateRange(None, None)),
        "hr_mandate_no_overlap",
    )
    HrMandate.objects.create(user=eko, unit=units.ani, valid=DateRange(MID, None))


def test_form_without_a_post_is_left_to_its_own_faults():
    posting = Posting()
    posting.clean()
    assert posting.is_head is False


def test_names_of_rows(units, ani, eko):
    posting = ani.postings.get()
    mandate = HrMandate.objects.create(user=eko, unit=units.ani, valid=DateRange(None, None))
    assert [str(one) for one in (units.ani, posting.position, posting, mandate)] == [
        "Bidang Pelayanan",
        "Analis Kebijakan",
        "Ani Lestari: Analis Kebijakan",
        "Eko Prasetyo: Bidang Pelayanan",
    ]
