"""Nothing of what people write is shown of a group: the dashboards read no such column (MIN_GROUP_TEXT)."""

import ast

import pytest
from django.conf import settings
from django.db.models import TextField

from assessments.models import Answer, Assessment, Rating, Reopening, Review, SupervisorReport
from tests.architecture.source import modules, tree_of

WRITTEN = {
    field.name
    for model in (Answer, Assessment, Rating, Reopening, Review, SupervisorReport)
    for field in model._meta.concrete_fields
    if isinstance(field, TextField) or field.name in ("reason", "note", "evidence", "message")
}


def words(tree):
    """Attributes, keyword arguments and the parts of lookups such as `submission__review__note`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield from name.split("__")
            case ast.Constant(value=str(text)) if text.isidentifier():
                yield from text.split("__")


def test_the_columns_that_people_write_in_are_known():
    assert {"note", "reason", "evidence", "message", "resolution"} <= WRITTEN


@pytest.mark.parametrize("package", ["dashboards"])
def test_no_figure_of_a_group_is_made_of_what_people_wrote(package):
    """Remedy: show it to those who read that person's assessment; a page of groups needs an ADR and MIN_GROUP_TEXT."""
    paths = [path for path in modules() if path.parts[0] == package]
    assert paths
    offenders = [
        f"{path}: {word}" for path in paths for word in words(tree_of(path)) if word in WRITTEN
    ]
    assert offenders == []


def test_texts_would_need_a_group_no_smaller_than_figures():
    assert settings.MIN_GROUP_TEXT >= settings.MIN_GROUP
