"""Row history: every change of a row, by whatever means, is one line that nobody can change."""

import pytest
import structlog
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import InternalError
from django.urls import reverse
from pghistory.models import Event as HistoryEvent

from accounts.models import User
from assessments.models import Answer, Assessment
from assessments.operations import AnswerInput, save_answers, submit
from organization.models import Unit
from tests.factories import make_unit

EXPECTED = {
    "accounts": ["FormerNip", "RoleGrant", "User"],
    "assessments": [
        "Answer",
        "Assessment",
        "Cycle",
        "Rating",
        "Review",
        "Score",
        "Submission",
        "SupervisorReport",
    ],
    "organization": ["CorrectionRequest", "HrMandate", "Position", "Posting", "Unit"],
    "pillars": ["Band", "Indicator", "Instrument", "Level", "Pillar", "ScalePoint"],
}


def history_of(row):
    model = apps.get_model(f"{row._meta.label}History")
    lines = model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")
    return [(line.pgh_label, line) for line in lines]


@pytest.mark.parametrize("label", [f"{app}.{name}" for app in EXPECTED for name in EXPECTED[app]])
def test_what_matters_has_a_history(label):
    history = apps.get_model(f"{label}History")
    assert issubclass(history, HistoryEvent)
    assert not any(
        field.remote_field and field.db_constraint
        for field in history._meta.concrete_fields
        if hasattr(field, "db_constraint")
    )


def test_secrets_are_never_copied():
    copied = {field.name for field in apps.get_model("accounts.UserHistory")._meta.get_fields()}
    assert {"password", "last_login"} & copied == set()


def test_the_orm_bulk_calls_and_raw_sql_leave_one_line_each(units):
    unit = Unit.objects.create(code="BU", name="Bagian Umum", kind="BIDANG")
    unit.name = "Bagian Umum dan Keuangan"
    unit.save()
    Unit.objects.filter(pk=unit.pk).update(kind="BAGIAN")
    unit.kind = "SUBBAGIAN"
    Unit.objects.bulk_update([unit], ["kind"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organization_unit SET name = 'Bagian' WHERE id = %s", [unit.pk])
        cursor.execute("DELETE FROM organization_unit WHERE id = %s", [unit.pk])

    assert [(label, line.name, line.kind) for label, line in history_of(unit)] == [
        ("insert", "Bagian Umum", "BIDANG"),
        ("update", "Bagian Umum dan Keuangan", "BIDANG"),
        ("update", "Bagian Umum dan Keuangan", "BAGIAN"),
        ("update", "Bagian Umum dan Keuangan", "SUBBAGIAN"),
        ("update", "Bagian", "SUBBAGIAN"),
        ("delete", "Bagian", "SUBBAGIAN"),
    ]


def test_rows_made_in_bulk_have_a_line_each(units):
    made = Unit.objects.bulk_create(
        [Unit(code=f"U{number}", name=f"Unit {number}", parent=units.root) for number in range(3)]
    )
    assert [[label for label, _ in history_of(unit)] for unit in made] == [["insert"]] * 3


def test_what_changes_nothing_leaves_no_line(ani):
    before = len(history_of(ani))
    ani.save()
    User.objects.filter(pk=ani.pk).update(last_login=None, password="!")
    assert len(history_of(ani)) == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"],
)
@pytest.mark.parametrize("app", EXPECTED)
def test_a_line_is_never_changed_or_removed(ani, cycle, app, statement):
    make_unit("Ada")
    name = {"accounts": "User", "assessments": "Cycle", "organization": "Unit"}.get(app, "Pillar")
    table = apps.get_model(f"{app}.{name}History")._meta.db_table
    with (
        pytest.raises(InternalError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_line_names_who_wrote_and_in_which_request(client, cycle, ani):
    client.force_login(ani)
    assessment = Assessment.objects.get(person=ani)
    response = client.post(
        reverse("assessments:save_answer", args=(assessment.pk,)),
        {"indicator": "BET-01", "BET-01": "3"},
    )
    line = apps.get_model("assessments.AnswerHistory").objects.get()
    assert response.status_code < 400
    assert line.pgh_context == {"actor": ani.pk, "request": response["X-Request-ID"]}
    assert (line.value, line.assessment_id) == (3, assessment.pk)
    assert Answer.objects.get().pk == line.pgh_obj_id


def test_handing_in_leaves_no_line_for_rows_that_the_submission_holds(ani, cycle):
    assessment = Assessment.objects.get(person=ani)
    save_answers(assessment=assessment, answers={"BET-01": AnswerInput(value=3)}, by=ani)
    submission = submit(assessment=assessment, by=ani, require_complete=False)
    lines = apps.get_model("assessments.AnswerHistory").objects.values_list("pgh_label", flat=True)
    assert (Answer.objects.count(), list(lines)) == (0, ["insert"])
    assert [label for label, _ in history_of(submission)] == ["insert"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone() == ("{}",)


def test_a_line_of_a_task_names_the_task(units):
    with structlog.contextvars.bound_contextvars(task_id="uji-1"):
        unit = make_unit("Oleh tugas")
    assert history_of(unit)[0][1].pgh_context == {"task": "uji-1"}
    assert history_of(units.root)[0][1].pgh_context is None


def test_a_recursive_query_is_streamed_within_a_request(units):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        streamed = list(Unit.objects.with_tree_fields().order_by("pk").iterator())
    assert streamed == list(Unit.objects.order_by("pk"))


@pytest.mark.parametrize("hostile", ["x'; DROP TABLE audit_event; --", "%s", "a" * 65, "é"])
def test_a_hostile_request_id_is_left_out(units, hostile):
    with structlog.contextvars.bound_contextvars(request_id=hostile, user_id=7):
        unit = make_unit("Aman")
    assert history_of(unit)[0][1].pgh_context == {"actor": 7}


def test_the_context_ends_with_its_transaction_and_survives_a_savepoint(transactional_db):
    with structlog.contextvars.bound_contextvars(user_id=7), transaction.atomic():
        with transaction.atomic():
            make_unit("Batal")
            transaction.set_rollback(True)
        kept = make_unit("Tetap")
    bare = make_unit("Tanpa siapa-siapa")
    assert history_of(kept)[0][1].pgh_context == {"actor": 7}
    assert history_of(bare)[0][1].pgh_context is None


def test_a_save_costs_no_statement_more(ani, django_assert_num_queries):
    with structlog.contextvars.bound_contextvars(user_id=7), django_assert_num_queries(1):
        User.objects.filter(pk=ani.pk).update(rank="III/c")
