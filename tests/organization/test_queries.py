"""Who stands where: each rule by hand, then the two directions of supervision against each other."""

import contextlib
import datetime
import itertools
import random

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from organization import queries
from organization.enums import ACTING, PostingKind
from organization.models import HrMandate, Posting, Unit
from tests.factories import LONG_AGO, make_unit, make_user, post

TODAY = datetime.date(2026, 11, 24)
SOON = datetime.date(2026, 12, 1)


def supervisor(user, unit, on=TODAY):
    return queries.supervisor_of(user_id=user.pk, unit_id=unit.pk, on=on)


def test_head_of_the_unit_supervises(units, ani, budi):
    assert supervisor(ani, units.ani) == budi


def test_head_is_supervised_from_the_parent(units, ani, budi):
    governor = make_user("Gubernur", serial=90)
    post(governor, units.root, head=True)
    assert supervisor(budi, units.ani) == governor
    assert supervisor(governor, units.root) is None


def test_vacant_post_asks_the_parent(units, budi):
    gita = make_user("Gita", serial=91)
    post(gita, units.seksi)
    assert supervisor(gita, units.seksi) == budi
    assert supervisor(budi, units.ani) is None


def test_acting_head_comes_before_the_holder_for_the_days_of_the_duty(units, ani, budi, citra):
    post(citra, units.ani, head=True, kind=PostingKind.PLH, since=TODAY, until=SOON)
    assert supervisor(ani, units.ani) == citra
    assert supervisor(ani, units.ani, SOON) == budi
    assert supervisor(ani, units.ani, TODAY - datetime.timedelta(days=1)) == budi


def test_head_who_is_away_is_not_supervised_by_the_acting_head(units, ani, budi, citra):
    governor = make_user("Gubernur", serial=90)
    post(governor, units.root, head=True)
    post(ani, units.ani, head=True, kind=PostingKind.PLH)
    assert supervisor(budi, units.ani) == governor
    assert supervisor(ani, units.ani) == governor
    by_ani = queries.supervised(ani, TODAY)
    assert by_ani.members == {units.ani.pk, units.seksi.pk}
    assert by_ani.excepted == {(units.ani.pk, budi.pk), (units.seksi.pk, budi.pk)}
    assert queries.supervised(budi, TODAY) == queries.Supervised(budi.pk)


def test_person_who_leads_parent_and_child_is_supervised_above_both(units, budi):
    governor = make_user("Gubernur", serial=90)
    post(governor, units.root, head=True)
    post(budi, units.seksi, head=True, kind=PostingKind.PLT)
    assert supervisor(budi, units.ani) == governor
    assert supervisor(budi, units.seksi) == governor
    assert queries.supervised(governor, TODAY).only == {
        (units.ani.pk, budi.pk),
        (units.seksi.pk, budi.pk),
    }


def test_supervised_names_members_and_the_heads_below(units, ani, budi, citra):
    governor = make_user("Gubernur", serial=90)
    post(governor, units.root, head=True)
    scope = queries.supervised(governor, TODAY)
    assert scope.members == {units.root.pk}
    assert scope.only == {
        (units.ani.pk, budi.pk),
        (units.seksi.pk, budi.pk),
        (units.citra.pk, citra.pk),
    }
    assert queries.supervised(ani, TODAY) == queries.Supervised(ani.pk)
    assert not queries.supervised(ani, TODAY)
    assert scope


def test_supervision_costs_a_fixed_number_of_queries(units, budi, django_assert_num_queries):
    stranger = make_user("Orang lain", serial=99)
    for children in (1, 10):
        for number in range(children):
            unit = make_unit(f"Tim {children}-{number}", parent=units.seksi)
            post(make_user(f"Orang {number}", serial=100 + children * 10 + number), unit, head=True)
        with django_assert_num_queries(2):
            assert len(queries.supervised(budi, TODAY).only) > 0
        with django_assert_num_queries(2):
            assert supervisor(stranger, units.seksi) == budi


def test_units_led_by_counts_holders_and_acting_heads(units, ani, budi):
    post(ani, units.ani, head=True, kind=PostingKind.PLH, since=TODAY, until=SOON)
    post(budi, units.seksi, head=True, kind=PostingKind.PLT)
    assert set(queries.units_led_by(budi, TODAY)) == {units.ani, units.seksi}
    assert set(queries.units_led_by(ani, TODAY)) == {units.ani}
    assert set(queries.units_led_by(ani, SOON)) == set()


def test_units_below_are_the_whole_subtree(units):
    assert queries.units_below([units.ani.pk]) == {units.ani.pk, units.seksi.pk}
    assert queries.units_below([units.root.pk]) == set(Unit.objects.values_list("pk", flat=True))
    assert queries.units_below([]) == set()


def test_census_counts_active_people_once_in_their_own_post(units, ani, budi, citra, fajar):
    post(budi, units.seksi, head=True, kind=PostingKind.PLT)
    retired = make_user("Pensiunan", serial=92, is_active=False)
    post(retired, units.ani)
    assert list(queries.census(TODAY, [units.ani.pk])) == [
        queries.CensusRow(user.pk, units.ani.pk, title)
        for user, title in sorted(
            (
                (ani, "Analis Kebijakan"),
                (budi, "Kepala Bidang Pelayanan"),
                (fajar, "Analis Kebijakan"),
            ),
            key=lambda pair: pair[0].pk,
        )
    ]
    before = datetime.date(2026, 9, 30)
    assert {row.user_id for row in queries.census(before, [units.citra.pk])} == {citra.pk, fajar.pk}
    assert list(queries.census(TODAY, [])) == []


def test_hr_units_are_the_subtrees_of_mandates_in_force(units, eko):
    assert queries.hr_units(eko, TODAY) == set()
    HrMandate.objects.create(user=eko, unit=units.ani, valid=DateRange(LONG_AGO, SOON))
    assert queries.hr_units(eko, TODAY) == {units.ani.pk, units.seksi.pk}
    assert queries.hr_units(eko, SOON) == set()


def test_posting_of_is_the_own_post_of_that_day(units, fajar, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.posting_of(fajar, TODAY).position.unit == units.ani
    assert queries.posting_of(fajar, datetime.date(2026, 9, 30)).position.unit == units.citra
    assert queries.posting_of(fajar, datetime.date(2019, 1, 1)) is None


@contextlib.contextmanager
def random_tree(seed, size, people):
    """Units below earlier ones; posts vacant, held, held by people from elsewhere, and acted in."""
    with transaction.atomic():
        yield _plant(random.Random(seed), size, people)
        transaction.set_rollback(True)


def _plant(chance, size, people):
    units = []
    for number in range(size):
        parent = chance.choice([None, *units]) if number else None
        units.append(make_unit(f"Unit {number}", parent=parent))
    users = User.objects.bulk_create(
        User(username=f"orang-{number}", name=f"Orang {number}") for number in range(people)
    )
    for user in users:
        post(user, chance.choice(units))
    for unit in units:
        holder, acting = chance.sample(users, 2)
        if chance.random() < 0.6:
            post(holder, unit, head=True, kind=PostingKind.ADDITIONAL)
        if chance.random() < 0.3:
            kind = chance.choice((PostingKind.PLT, PostingKind.PLH))
            post(acting, unit, head=True, kind=kind)
    return units, users


property_of_trees = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.django_db
@settings(property_of_trees, max_examples=40)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 9), people=st.integers(2, 5))
def test_supervised_is_the_exact_inverse_of_supervisor_of(seed, size, people):
    with random_tree(seed, size, people) as (units, users):
        asked = {(unit.pk, user.pk): supervisor(user, unit) for unit in units for user in users}
        own = Posting.objects.filter(kind=PostingKind.DEFINITIVE)
        for user in users:
            scope = queries.supervised(user, TODAY)
            covered = {pair for pair in asked if scope.covers(user_id=pair[1], unit_id=pair[0])}
            assert covered == {pair for pair, found in asked.items() if found == user}
            filtered = own.filter(scope.matching(unit="position__unit"))
            assert set(filtered.values_list("position__unit", "user")) == covered & set(
                own.values_list("position__unit", "user")
            )


@pytest.mark.django_db
@settings(property_of_trees, max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_supervisor_of_agrees_with_the_rule_spelled_out(seed):
    """Climb until a unit has a leader and is not the person's own to lead."""
    with random_tree(seed, 7, 4) as (units, users):
        leading = list(Posting.objects.leading().select_related("position"))
        for unit, user in itertools.product(units, users):
            at, expected = unit, None
            while at is not None and expected is None:
                heads = [one for one in leading if one.position.unit_id == at.pk]
                if user.pk not in [one.user_id for one in heads]:
                    acting = [one.user_id for one in heads if one.kind in ACTING]
                    expected = next(iter(acting or [one.user_id for one in heads]), None)
                at = at.parent
            found = supervisor(user, unit)
            assert (found.pk if found else None) == expected
