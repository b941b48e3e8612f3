"""What may happen to a row: every model is on one list, and what must not change has its triggers."""

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.source import PACKAGES

# Every change of their rows is a line of `<Model>History` (`@keep_history`, ADR 0020).
HISTORY = {
    "accounts.FormerNip",
    "accounts.RoleGrant",
    "accounts.User",
    "assessments.Answer",
    "assessments.Assessment",
    "assessments.Cycle",
    "assessments.Rating",
    "assessments.Review",
    "assessments.Score",
    "assessments.Submission",
    "assessments.SupervisorReport",
    "organization.CorrectionRequest",
    "organization.HrMandate",
    "organization.Position",
    "organization.Posting",
    "organization.Unit",
    "pillars.Band",
    "pillars.Indicator",
    "pillars.Instrument",
    "pillars.Level",
    "pillars.Pillar",
    "pillars.ScalePoint",
}

# Rows are only ever added. Every one has `immutable` (no UPDATE, no DELETE) and `no_truncate`.
APPEND_ONLY = {
    *(f"{label}History" for label in HISTORY),
    "assessments.Score",
    "assessments.Submission",
    "assessments.Tombstone",
    "audit.Destruction",
    "audit.Event",
    "audit.Seal",
}

# Rows change until something freezes them; named are the triggers that do.
FROZEN = {
    "assessments.Answer": {"only_while_editable"},
    "assessments.Assessment": {"frozen_at_census", "reopened_by_two", "status"},
    "assessments.Cycle": {"needs_published_instrument", "pins_instrument"},
    "assessments.CycleUnit": {"frozen"},
    "assessments.Evidence": {
        "content_is_fixed",
        "named_is_kept",
        "no_truncate",
        "only_while_editable",
    },
    "assessments.LegalHold": {"content_is_fixed", "kept", "lifted_is_over", "no_truncate"},
    "assessments.Rating": {"only_while_open"},
    "assessments.Reopening": {"decided_is_frozen", "not_of_oneself", "status"},
    "assessments.Review": {"completed_is_frozen", "not_of_oneself", "status"},
    "assessments.SupervisorReport": {"status"},
    "organization.CorrectionRequest": {
        "asked_is_fixed",
        "kept",
        "no_truncate",
        "settled_is_fixed",
        "status",
    },
    "organization.Position": {"head_is_fixed"},
    "pillars.Band": {"frozen", "no_truncate"},
    "pillars.Indicator": {"frozen", "no_truncate", "pillar_of_same_instrument"},
    "pillars.Instrument": {"no_truncate", "published_is_frozen", "status"},
    "pillars.Level": {"frozen", "no_truncate"},
    "pillars.Pillar": {"frozen", "no_truncate"},
    "pillars.ScalePoint": {"frozen", "no_truncate"},
}

# Rows may change; what they say now is all that is asked of them. Acts on them are audited.
MUTABLE = {
    "accounts.FormerNip",
    "accounts.Letter",  # a queue
    "accounts.PasswordLink",  # used once
    "accounts.RoleGrant",
    "accounts.Throttle",  # counters
    "accounts.User",
    "assessments.ReminderPlan",  # a choice, and the position of a sweep
    "assessments.ReminderRound",  # counters
    "assessments.ScoringJob",  # a queue
    "assessments.StaleUnit",  # an outbox
    "audit.DestroyedLine",  # an outbox of destruction
    "audit.RetentionRule",  # the schedule; written from the settings, by the owner alone
    "audit.Unsealed",  # an outbox
    "dashboards.UnitRelease",  # a memory that only the refresh writes; `verify_dashboards` proves it
    "dashboards.UnitSnapshot",  # can be computed anew at any time
    "organization.HrMandate",
    "organization.Posting",
    "organization.Unit",
    "pillars.Upload",  # a queue
}

TEST_DATABASE_LACKS = {"no_truncate"}  # tests/conftest.py: clean-up between tests is TRUNCATE


def ours():
    return {
        model._meta.label: model
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES and not model._meta.auto_created
    }


def test_every_model_is_on_exactly_one_list():
    """Remedy: decide what may happen to its rows, and put it on that list above."""
    listed = [*APPEND_ONLY, *FROZEN, *MUTABLE]
    assert sorted(listed) == sorted(ours())


def declared(label):
    return {trigger.name for trigger in getattr(ours()[label]._meta, "triggers", ())}


@pytest.mark.parametrize("label", sorted(APPEND_ONLY))
def test_append_only_models_declare_it(label):
    """Remedy: `triggers = (IMMUTABLE, NO_TRUNCATE)` from audit.triggers in the model's Meta."""
    assert declared(label) >= {"immutable", "no_truncate"}


@pytest.mark.parametrize("label", sorted(FROZEN))
def test_frozen_models_declare_what_freezes_them(label):
    """Remedy: declare the trigger in the model's Meta, or correct the list above."""
    assert FROZEN[label] - declared(label) == set()


@pytest.mark.django_db
def test_every_declared_trigger_is_in_the_database():
    """Remedy: `python manage.py makemigrations`; a trigger that no migration installs guards nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        installed = set(cursor.fetchall())
    missing = [
        (label, trigger.name)
        for label, model in ours().items()
        for trigger in getattr(model._meta, "triggers", ())
        if trigger.name not in TEST_DATABASE_LACKS
        and (model._meta.db_table, trigger.get_pgid(model)) not in installed
    ]
    assert missing == []
