"""The operators' pages: they list at a fixed cost, keep history, and leave a record."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleGrant, User
from audit.models import Event
from organization.models import HrMandate, Posting
from tests.factories import LONG_AGO, make_unit, make_user, post

LISTS = (
    "admin:organization_unit_changelist",
    "admin:organization_position_changelist",
    "admin:organization_posting_changelist",
    "admin:organization_hrmandate_changelist",
    "admin:accounts_user_changelist",
    "admin:accounts_rolegrant_changelist",
)


@pytest.fixture
def operator(client, db):
    user = make_user("Operator", serial=900, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_with_one_and_with_three_rows(
    client, operator, units, ani, name, django_assert_num_queries
):
    def add(number):
        user = make_user(f"Orang {number}", serial=100 + number)
        unit = make_unit(f"Unit {number}", parent=units.ani)
        post(user, unit, head=True)
        HrMandate.objects.create(user=user, unit=unit, valid=DateRange(LONG_AGO, None))
        RoleGrant.objects.create(
            user=user, role=Role.AUDITOR, valid=DateRange(LONG_AGO, None), granted_by=operator
        )

    add(1)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(name)).status_code == 200
    add(2)
    add(3)
    with django_assert_num_queries(len(captured)):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse(name), {"q": "Unit 2"}).status_code == 200


@pytest.mark.parametrize("period", ["kini", "nanti", "lalu"])
def test_postings_are_filtered_by_their_period(client, operator, fajar, period):
    later = make_user("Nanti", serial=101)
    post(later, fajar.postings.first().position.unit, since=datetime.date(2999, 1, 1))
    page = client.get(reverse("admin:organization_posting_changelist"), {"masa": period})
    shown = {(one.user, one.valid.lower) for one in page.context["cl"].result_list}
    assert (
        shown
        == {
            "kini": {(fajar, datetime.date(2026, 10, 1))},
            "nanti": {(later, datetime.date(2999, 1, 1))},
            "lalu": {(fajar, LONG_AGO)},
        }[period]
    )


def test_people_are_found_by_former_nip(client, operator, ani):
    ani.former_nips.create(nip="198609262015051777")
    page = client.get(reverse("admin:accounts_user_changelist"), {"q": "198609262015051777"})
    assert list(page.context["cl"].result_list) == [ani]


def test_nothing_can_be_deleted(client, operator, ani):
    posting = ani.postings.get()
    url = reverse("admin:organization_posting_delete", args=(posting.pk,))
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Posting.objects.filter(pk=posting.pk).exists()


def test_ending_a_posting_leaves_a_record(client, operator, ani):
    posting = ani.postings.get()
    url = reverse("admin:organization_posting_change", args=(posting.pk,))
    assert client.get(url).status_code == 200
    answer = client.post(url, {"valid_0": "2020-01-01", "valid_1": "2026-12-01"})
    assert answer.status_code == 302
    posting.refresh_from_db()
    assert posting.valid.upper == datetime.date(2026, 12, 1)
    event = Event.objects.get(verb="posting.changed_by_operator")
    assert (event.actor_id, event.subject_id, event.data) == (
        operator.pk,
        str(posting.pk),
        {"fields": ["valid"]},
    )


def test_overlapping_posting_is_refused_with_a_message(client, operator, ani, units):
    page = client.post(
        reverse("admin:organization_posting_add"),
        {
            "user": ani.pk,
            "position": units.citra.positions.get().pk,
            "kind": "DEFINITIVE",
            "valid_0": "2026-01-01",
            "valid_1": "",
        },
    )
    assert page.status_code == 200
    assert Posting.objects.filter(user=ani).count() == 1
    assert page.context["adminform"].errors["__all__"] == [
        "Pegawai ini sudah memegang jabatan lain pada masa itu. Akhiri dahulu yang lama."
    ]


def test_second_head_and_circle_of_units_are_refused_with_a_message(
    client, operator, budi, citra, units
):
    page = client.post(
        reverse("admin:organization_posting_add"),
        {
            "user": citra.pk,
            "position": units.ani.positions.get(is_head=True).pk,
            "kind": "ADDITIONAL",
            "valid_0": "2026-01-01",
            "valid_1": "",
        },
    )
    assert page.context["adminform"].errors["__all__"] == [
        "Jabatan pimpinan ini dipegang orang lain pada masa itu. Akhiri dahulu yang lama."
    ]
    page = client.post(
        reverse("admin:organization_unit_change", args=(units.root.pk,)),
        {"code": "U", "name": "U", "kind": "", "head_nip": "", "parent": units.seksi.pk}
        | {"positions-TOTAL_FORMS": 0, "positions-INITIAL_FORMS": 0},
    )
    assert page.context["adminform"].errors["parent"] == [
        "Unit atasan tidak boleh unit ini sendiri atau unit di bawahnya."
    ]


def test_duty_remembers_who_gave_it_and_keeps_its_person(client, operator, ani, dewi):
    answer = client.post(
        reverse("admin:accounts_rolegrant_add"),
        {
            "user": ani.pk,
            "role": Role.AUDITOR,
            "valid_0": "2026-01-01",
            "valid_1": "",
            "reason": "SK",
        },
    )
    assert answer.status_code == 302
    grant = RoleGrant.objects.get(user=ani)
    assert grant.granted_by == operator
    url = reverse("admin:accounts_rolegrant_change", args=(grant.pk,))
    client.post(
        url, {"user": dewi.pk, "valid_0": "2026-01-01", "valid_1": "2026-06-01", "reason": "SK"}
    )
    grant.refresh_from_db()
    assert (grant.user, grant.valid.upper) == (ani, datetime.date(2026, 6, 1))


@pytest.mark.parametrize("model", ["organization_unit", "organization_position", "accounts_user"])
def test_change_pages_open(client, operator, ani, model):
    subject = {
        "organization_unit": ani.postings.get().position.unit,
        "organization_position": ani.postings.get().position,
        "accounts_user": ani,
    }[model]
    assert client.get(reverse(f"admin:{model}_change", args=(subject.pk,))).status_code == 200


def test_operator_who_is_no_superuser_cannot_make_operators(client, ani, rf):
    request = rf.get("/")
    request.user = ani
    assert {"is_staff", "is_superuser"} <= set(
        admin.site.get_model_admin(User).get_readonly_fields(request, ani)
    )
    assert not admin.site.get_model_admin(User).has_add_permission(request)


def test_admin_is_closed_to_others(client, ani):
    client.force_login(ani)
    assert client.get(reverse("admin:organization_unit_changelist")).status_code != 200
