"""The role that the application connects as: it does its work, and owns and bends nothing."""

import re
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from assessments.models import Score, ScoringJob, Submission, Tombstone
from assessments.operations import (
    AnswerInput,
    RatingInput,
    destroy_expired,
    open_review,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    verify,
)
from audit.models import Seal
from audit.operations import digest_history, seal
from audit.queries import first_break
from dashboards.operations import refresh
from prima_portal.management.commands.grant_application_role import append_only_tables
from tests.aging import let_pass

ROLE = "prima_app"
CODES = ("ALF-01", "ALF-02", "BET-01", "BET-02")


@pytest.fixture
def as_application(db):
    """From here on the connection has the application's rights alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))",
            [ROLE],
        )
        if not cursor.fetchone()[0]:
            pytest.skip(f"these services were made before the role {ROLE}: make reset")
    call_command("grant_application_role", ROLE, verbosity=0)

    def become():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")

    yield become
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_a_whole_assessment_runs_with_the_rights_of_the_application(
    as_application, assessment, ani, budi
):
    as_application()
    answers = {code: AnswerInput(value=Decimal(3), evidence=("SK 1",)) for code in CODES}
    save_answers(assessment=assessment, answers=answers, by=ani)
    submit(assessment=assessment, by=ani, urgent=False)
    assessment.refresh_from_db()
    open_review(assessment=assessment, by=budi)
    ratings = {code: RatingInput(value=Decimal(3)) for code in CODES}
    save_ratings(assessment=assessment, ratings=ratings, by=budi)
    verify(assessment=assessment, note="", by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    refresh(cycle=assessment.cycle)
    assert digest_history() > 0
    seal()
    assert first_break() is None
    assert sorted(Score.objects.values_list("kind", flat=True)) == ["SELF", "VERIFIED"]
    assert Seal.objects.exists()


def test_the_schedule_is_carried_out_with_the_rights_of_the_application(
    as_application, assessment, ani
):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    submit(assessment=assessment, by=ani, urgent=False, require_complete=False)
    let_pass(6)
    as_application()
    digest_history()
    destroy_expired(by=None)
    assert first_break() is None
    assert (Submission.objects.count(), Tombstone.objects.count()) == (0, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_name = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM assessments_submission",
        "UPDATE assessments_score SET total = 100",
        "TRUNCATE audit_event",
        "TRUNCATE assessments_assessment CASCADE",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE assessments_score ADD COLUMN x int",
        "DROP TABLE audit_event",
        "DELETE FROM django_migrations",
        "UPDATE audit_retentionrule SET months = 12",
        "INSERT INTO audit_destruction (kind) VALUES ('TRACES')",
        "DELETE FROM assessments_tombstone",
        "SELECT audit_destroy('ASSESSMENTS', '', 0, '{}', '{}', NULL, '')",
        "SET session_replication_role = replica",
        "CREATE TEMPORARY TABLE assessments_assessmenthistory (x int)",
        "CREATE TABLE x (y int)",
        "CREATE SCHEMA x",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
        " AS 'SELECT true' LANGUAGE sql",
    ],
)
def test_what_would_bend_history_is_refused(as_application, statement):
    as_application()
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


SKIP_ALL = """
    SELECT set_config('pgtrigger.ignore', (
        SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'
    ), true)
"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_assessment SET started_at = now()",
        "DELETE FROM organization_posting",
        "INSERT INTO accounts_rolegrant (user_id, role, valid, reason)"
        " SELECT id, 'AUDITOR', '[2020-01-01,)', '' FROM accounts_user LIMIT 1",
    ],
)
def test_no_session_skips_what_keeps_history(as_application, assessment, statement):
    (table,) = re.findall(r"(?:INTO|UPDATE|FROM) (\w+)", statement)[:1]
    as_application()
    with connection.cursor() as cursor:
        cursor.execute(SKIP_ALL)
        cursor.execute(f"SELECT count(*) FROM {table}history")  # noqa: S608
        (before,) = cursor.fetchone()
        cursor.execute(statement)
        changed = cursor.rowcount
        cursor.execute(f"SELECT count(*) FROM {table}history")  # noqa: S608
        assert (changed > 0, cursor.fetchone()[0] - before) == (True, changed)


def test_no_session_skips_what_guards_states(as_application, assessment):
    as_application()
    with connection.cursor() as cursor:
        cursor.execute(SKIP_ALL)
    with (
        pytest.raises(InternalError, match="Invalid transition"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE assessments_assessment SET status = 'FINAL'")


def test_the_owner_of_the_tables_cannot_be_the_application(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="memiliki tabel"):
        call_command("grant_application_role", owner)


def test_a_role_that_does_not_exist_is_named_with_what_to_do(db):
    with pytest.raises(CommandError, match="CREATE ROLE tidak_ada LOGIN"):
        call_command("grant_application_role", "tidak_ada")


def test_history_is_what_the_models_declare():
    assert {"audit_event", "audit_seal", "assessments_submission", "assessments_score"} <= set(
        append_only_tables()
    )
