"""Model instances from statements written by hand, for the few that run most often.

There the ORM takes longer to build the query than PostgreSQL to run it (docs/performance.md). The columns are
listed from the model, and what comes back are ordinary instances.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


class Columns(Generic[Row]):
    """All columns of one model, as a statement lists them and as an instance takes them."""

    def __init__(self, model: type[Row], alias: str) -> None:
        fields = model._meta.concrete_fields
        if strange := [field.name for field in fields if field.get_db_converters(connection)]:
            raise TypeError(f"{strange} need the ORM's conversion")
        self.model = model
        self.names = [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)

    def __len__(self) -> int:
        return len(self.names)

    def instance(self, values: Sequence[Any]) -> Row:
        """The instance of one row."""
        return self.model.from_db(connection.alias, self.names, values)


@cache
def columns(model: type[Row], alias: str) -> Columns[Row]:
    """The columns of a model, listed once."""
    return Columns(model, alias)
