"""What the planner knows of tables that one transaction has filled."""

from django.db import connection, models


def renew_statistics(*tables: type[models.Model]) -> None:
    """Have the planner count the rows again.

    Autovacuum would see them a minute later; until then the workers keep the plans they made for empty
    tables, and scoring was measured at twenty times its time. Where the role does not own the tables,
    PostgreSQL warns and does nothing.
    """
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
