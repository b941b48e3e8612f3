"""What is held is classified: docs/data.md names every model, and every key of the export of oneself."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist

from prima_portal.personal_data import FORMAT, personal_data_of
from tests.architecture.test_models import ours

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
    assert sorted(models) == sorted(label for label in ours() if not label.endswith("History"))


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


@pytest.mark.django_db
def test_every_key_of_the_export_is_documented(ani):
    """Remedy: the table under "What people can take away"; a renamed key is a new FORMAT."""
    section = text().split("## What people can take away", 1)[1]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted(personal_data_of(ani))
    assert f"`{FORMAT}`" in section
