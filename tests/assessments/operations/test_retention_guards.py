"""What the database itself refuses about destruction, whoever asks and whatever the code says."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from audit.models import RetentionRule
from tests.aging import let_pass
from tests.assessments.destroying import HISTORIES, what_is_left


def refused(statement, match, *parameters):
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


@pytest.mark.parametrize(
    "table",
    [
        "submission",
        "score",
        "review",
        "assessment",
        "supervisorreport",
        *(f"{name.lower()}history" for name in HISTORIES),
    ],
)
def test_the_database_refuses_younger_rows_even_to_whoever_sets_its_triggers_aside(verified, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'"
        )
        (everything,) = cursor.fetchone()
    refused(
        f"SET LOCAL pgtrigger.ignore = '{everything}'; DELETE FROM assessments_{table}",  # noqa: S608
        "younger than the schedule",
    )


def test_a_destruction_that_names_younger_rows_is_refused_and_nothing_goes(verified):
    before = what_is_left()
    refused(
        "SELECT audit_destroy('ASSESSMENTS', 'x', 1, ARRAY[['assessments_score', 'id', 'true']], '{}', NULL, '')",
        "younger than the schedule",
    )
    assert what_is_left() == before


def test_old_rows_are_still_refused_outside_a_destruction(verified):
    let_pass(6)
    refused("DELETE FROM assessments_submission", "Cannot update or delete")


def test_without_a_schedule_nothing_is_destroyed(verified):
    let_pass(6)
    with transaction.atomic():
        RetentionRule.objects.all().delete()
        refused(
            "SELECT * FROM assessments_due('ASSESSMENTS', %s, 1)", "no schedule", verified.cycle_id
        )
        transaction.set_rollback(True)
