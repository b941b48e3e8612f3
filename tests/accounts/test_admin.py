"""Operators find people among everybody by indexes, and choose nobody whom they are not shown."""

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import UNREACHABLE, User
from accounts.queries import active_accounts_of, legal_statuses
from audit.admin import LargeListAdmin
from tests.factories import make_user
from tests.pages import text_of

LIST = reverse("admin:accounts_user_changelist")
SMALL = {"pillars"}
"""Apps whose tables do not grow with people."""


@pytest.fixture
def operator(client, db):
    user = make_user("Operator", serial=900, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def found(client, words):
    return [person.name for person in client.get(LIST, {"q": words}).context["cl"].result_list]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("lestari", ["Ani Lestari", "Dian Lestari"]),
        ("LEST ani", ["Ani Lestari"]),
        ('"ani lestari"', ["Ani Lestari"]),
        ('"lestari ani"', []),
        ("100%", []),
        ("'", []),
        ("1986", ["Ani Lestari", "Budi", "Dian Lestari"]),
        ("A1B2", ["Budi"]),
        ("196501011990011", ["Budi"]),
    ],
)
def test_all_of_the_words_are_in_one_column(client, operator, words, names):
    User.objects.filter(pk=operator.pk).update(nip=None, username="operator")
    make_user("Ani Lestari", serial=1)
    make_user("Dian Lestari", serial=2)
    budi = make_user("Budi", serial=3, siasn_id="A1B2C3")
    budi.former_nips.create(nip="196501011990011001")
    assert found(client, words) == names


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"q": "lestari"}, "user_part_of_name"),
        ({"q": "19860926"}, "accounts_user_nip_"),
        ({"q": "A1B2"}, "accounts_user_siasn_id_"),
        ({"q": "opera"}, "accounts_user_username_"),
    ],
)
def test_nothing_is_looked_for_in_all_of_them(client, operator, query, index):
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, query)
    statements = [each["sql"] for each in captured if '"accounts_user"."id" IN' in each["sql"]]
    assert len(statements) == 2  # the number, and the page
    for sql in statements:
        plan = plan_of(sql)
        assert index in plan
        assert "Seq Scan on accounts_user" not in plan


def plan_of(sql, *, avoided=("seqscan",)):
    """How PostgreSQL goes about it where a table is too long to be read, or to be sorted."""
    with connection.cursor() as cursor:
        for way in avoided:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN " + sql)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        for way in avoided:
            cursor.execute(f"RESET enable_{way}")
    return plan


def test_legal_statuses_are_those_that_somebody_has_the_empty_one_by_a_name(client, operator):
    User.objects.filter(pk=operator.pk).update(legal_status="")
    make_user("Ani", serial=1, legal_status="Aktif")
    make_user("Budi", serial=2, legal_status="CLTN")
    make_user("Citra", serial=3, legal_status="Aktif")
    assert legal_statuses() == ["", "Aktif", "CLTN"]
    page = client.get(LIST, {"legal_status": "Aktif"})
    assert "(kosong)" in text_of(page)
    assert [each.name for each in page.context["cl"].result_list] == ["Ani", "Citra"]
    empty = client.get(LIST, {"legal_status": ""}).context["cl"].result_list
    assert list(empty) == [operator]


def test_of_more_than_are_counted_nobody_is_chosen_unseen(client, operator, monkeypatch):
    monkeypatch.setattr("accounts.admin.UserAdmin.list_per_page", 2)
    for serial in range(1, 5):
        make_user(f"Pegawai {serial}", serial=serial)
    assert 'class="question' in client.get(LIST).text
    monkeypatch.setattr("audit.admin.COUNTED", 4)
    page = client.get(LIST)
    assert 'class="question' not in page.text
    assert 'class="action-counter"' in page.text


def test_every_list_that_grows_with_people_is_bounded():
    """Remedy: have it inherit from `LargeListAdmin`."""
    assert [
        model._meta.label
        for model, page in admin.site._registry.items()
        if model._meta.app_label not in SMALL and not isinstance(page, LargeListAdmin)
    ] == []


def test_whoever_cannot_be_invited_is_found_by_an_index(db):
    sql, parameters = (
        User.objects.filter(UNREACHABLE).order_by("name", "pk").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, parameters).decode()
    ways = ("seqscan", "sort", "incremental_sort")
    assert "user_unreachable" in plan_of(text, avoided=ways)


def test_whoever_asks_for_a_link_by_address_is_found_by_indexes(db):
    meant = active_accounts_of("ani@contoh.invalid").order_by()
    sql, parameters = meant.query.sql_with_params()
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, parameters).decode()
    assert "user_address" in plan_of(text)


def test_what_a_person_changes_while_an_operator_saves_is_kept(client, operator):
    ani = make_user("Ani Lestari", serial=1, email="lama@contoh.invalid")
    path = reverse("admin:accounts_user_change", args=[ani.pk])
    shown = client.get(path).context["adminform"].form
    data = {name: shown.initial.get(name) or "" for name in shown.fields}
    data |= {"email": "baru@contoh.invalid", "is_active": "on"}
    data |= {f"former_nips-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}

    def change_meanwhile(sender, instance, **_):
        User.objects.filter(pk=ani.pk).update(password="!newer", session_generation=7)

    pre_save.connect(change_meanwhile, sender=User)
    try:
        assert client.post(path, data).status_code == 302
    finally:
        pre_save.disconnect(change_meanwhile, sender=User)
    ani.refresh_from_db()
    assert (ani.email, ani.password) == ("baru@contoh.invalid", "!newer")
    assert ani.session_generation == 7
