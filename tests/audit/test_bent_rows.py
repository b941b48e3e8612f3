"""Rows that the owner of the tables changed while nothing kept their history."""

import pytest
from django.db import connection

from accounts.models import User
from audit.models import DestroyedLine, Destruction, Event
from audit.operations import digest_history, seal
from audit.queries import Break, first_break
from tests.factories import make_unit


@pytest.fixture
def whole(ani):
    """A person and a unit whose history is digested and sealed."""
    make_unit("Bidang Uji")
    digest_history()
    seal()
    assert first_break() is None
    return ani


def silently(table: str, statement: str, *parameters: object) -> None:
    """What the owner of a table does who does not want to be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_row_that_was_changed_behind_its_triggers_is_named(whole):
    silently("accounts_user", "UPDATE accounts_user SET name = 'Lain' WHERE id = %s", whole.pk)
    assert first_break() == Break(
        0, f"tabel accounts_user baris {whole.pk} berbeda dari riwayatnya"
    )


def test_a_value_that_became_nothing_is_a_change(whole):
    silently("accounts_user", "UPDATE accounts_user SET nip = NULL WHERE id = %s", whole.pk)
    assert first_break().reason.endswith("berbeda dari riwayatnya")


def test_what_is_never_copied_is_not_compared(whole):
    silently("accounts_user", "UPDATE accounts_user SET last_login = now()")
    assert first_break() is None


def test_a_change_in_the_open_is_none(whole):
    User.objects.filter(pk=whole.pk).update(name="Ani Berganti Nama")
    assert first_break() is None


@pytest.mark.parametrize(
    ("how", "back"),
    [
        ("DISABLE TRIGGER {trigger}", "ENABLE TRIGGER {trigger}"),
        ("ENABLE REPLICA TRIGGER {trigger}", "ENABLE TRIGGER {trigger}"),
    ],
)
def test_a_trigger_that_is_switched_off_is_named(whole, how, back):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'organization_unit'::regclass"
            " AND tgname LIKE 'pgtrigger_update%'"
        )
        (trigger,) = cursor.fetchone()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE organization_unit {how.format(trigger=trigger)}")
        assert first_break() == Break(0, f"pemicu {trigger} di tabel organization_unit mati")
        cursor.execute(f"ALTER TABLE organization_unit {back.format(trigger=trigger)}")
    assert first_break() is None


def test_a_trigger_that_is_gone_is_named(whole):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_seal'::regclass"
            " AND tgname LIKE '%immutable%'"
        )
        (trigger,) = cursor.fetchone()
        cursor.execute(f"DROP TRIGGER {trigger} ON audit_seal")
    assert first_break() == Break(0, f"pemicu {trigger} di tabel audit_seal mati")


def test_a_proof_of_nothing_excuses_no_lost_line(whole):
    """A note that a pass is over counts no rows; one that names lines all the same proves none of them."""
    table = "organization_unithistory"
    through = max(event.data["through"] for event in Event.objects.filter(subject_id=table))
    DestroyedLine.objects.create(history=table, line=through + 5, digest=b"")
    Destruction.objects.create(
        kind="HISTORY",
        subjects=0,
        rows=0,
        tables=[[table, 1]],
        digest="x",
        months=12,
        kept_since="2020-01-01T00:00Z",
    )
    reason = f"riwayat {table}: 1 baris hilang tanpa bukti pemusnahan"
    assert first_break() == Break(0, reason)
