"""What is held is classified: docs/data.md names every model, and every key of the export of oneself."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist

from prima_portal.personal_data import FORMAT, personal_data_of
from tests.architecture.test_models import ours
from tests.prima_portal.held import HELD, as_document

OF_LIBRARIES = {
    *("usersessions.UserSession", "sessions.Session", "mfa.Authenticator"),
    *("axes.AccessAttempt", "admin.LogEntry"),
}
CLASSES = {"public", "internal", "personal", "sensitive"}


def text():
    return (settings.BASE_DIR / "docs" / "data.md").read_text(encoding="utf-8")


def classified():
    """Class by model label, and by field."""
    rows = re.findall(r"^\| `(\w+\.\w+(?:\.\w+)?)` \| (\w+) \| [^|]+ \|$", text(), re.MULTILINE)
    models = {name: kind for name, kind in rows if name.count(".") == 1}
    return models, {name: kind for name, kind in rows if name.count(".") == 2}


def test_every_model_has_a_class():
    """Remedy: a row in docs/data.md under "Classification": class, and who sees it."""
    models, _fields = classified()
    expected = {label for label in ours() if not label.endswith("History")} | OF_LIBRARIES
    assert sorted(models) == sorted(expected)


def test_models_of_libraries_that_hold_people_are_classified_too():
    """Remedy: a model of a library that is exported belongs to OF_LIBRARIES and to the table."""
    assert {label for label in HELD if label not in ours()} <= OF_LIBRARIES


def test_every_column_about_a_person_is_in_the_document():
    """Remedy: put the output of `tests.prima_portal.held.as_document()` into docs/data.md."""
    assert as_document() in text()


def test_classes_are_the_four_that_are_explained():
    """Remedy: one of public, internal, personal, sensitive."""
    models, fields = classified()
    assert {*models.values(), *fields.values()} <= CLASSES


def test_fields_that_are_named_exist():
    """Remedy: correct the name in docs/data.md."""
    unknown = []
    for name in classified()[1]:
        label, _, field = name.rpartition(".")
        try:
            apps.get_model(label)._meta.get_field(field)
        except FieldDoesNotExist:
            unknown.append(name)
    assert unknown == []


def keeping():
    return text().split("## Keeping", 1)[1].split("## What people", 1)[0]


def test_everything_personal_goes_by_schedule_or_stays_for_a_reason():
    """Remedy: a row under "Keeping" in docs/data.md, and the table in the function that destroys its kind."""
    personal = {name for name, kind in classified()[0].items() if kind in ("personal", "sensitive")}
    named = set(re.findall(r"`(?:\w+\.)?(\w+)`", keeping()))
    assert {name for name in personal if name.split(".")[1] not in named} == set()


def test_the_schedule_is_that_of_the_settings():
    """Remedy: the months of RETENTION_MONTHS under "Keeping" in docs/data.md."""
    rows = re.findall(r"^\| ([A-Z]+) \| (\d+) \| `(\w+)` \|", keeping(), re.MULTILINE)
    documented = {kind: int(months) for kind, months, _setting in rows}
    assert documented == settings.RETENTION_MONTHS
    assert [setting for *_row, setting in rows] == [
        f"RETENTION_MONTHS_{kind}" for kind, *_row in rows
    ]


@pytest.mark.django_db
def test_every_key_of_the_export_is_documented(ani):
    """Remedy: the table under "What people can take away"; a renamed key is a new FORMAT."""
    section = text().split("## What people can take away", 1)[1]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted(personal_data_of(ani))
    assert f"`{FORMAT}`" in section
