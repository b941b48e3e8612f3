"""Letting years pass for rows that nobody may change: the tests own the tables and set triggers aside."""

import datetime

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

YEAR = datetime.timedelta(days=366)
APPS = ("assessments", "organization")


def let_pass(years: int, *, but: type[models.Model] | None = None) -> None:
    """Every moment in the rows of assessments lies so many years further back; `but` leaves one model as it is."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        for model in apps.get_models():
            moments = [
                field.column
                for field in model._meta.local_concrete_fields
                if isinstance(field, models.DateTimeField)
            ]
            if model._meta.app_label in APPS and moments and model is not but:
                earlier = ", ".join(f'"{each}" = "{each}" - %s' for each in moments)
                statement = f'UPDATE "{model._meta.db_table}" SET {earlier}'  # noqa: S608
                cursor.execute(statement, [years * YEAR] * len(moments))


def move_back(row: models.Model, *, hours: int) -> None:
    """The moments of one row lie so many hours further back."""
    earlier = {
        field.name: models.F(field.name) - datetime.timedelta(hours=hours)
        for field in row._meta.local_concrete_fields
        if isinstance(field, models.DateTimeField)
    }
    with pgtrigger.ignore():
        type(row)._default_manager.filter(pk=row.pk).update(**earlier)
    row.refresh_from_db()
