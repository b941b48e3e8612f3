"""`grant_application_role ROLE`."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from assessments.models import Tombstone
from audit.models import Destruction, RetentionRule
from audit.triggers import IMMUTABLE

# A table of the role's own would be found before ours: what a trigger writes would land there.
_NO_TABLES = "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"
_MAKES_TABLES = """
    SELECT has_database_privilege(%(role)s, current_database(), 'TEMPORARY, CREATE')
        OR has_schema_privilege(%(role)s, 'public', 'CREATE')
"""
_EVERYWHERE = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)
_HISTORY = "REVOKE UPDATE, DELETE ON {table} FROM {role}"
# Written by the owner's functions alone: how long things are kept, and what was destroyed.
_OF_THE_OWNER = (RetentionRule, Destruction, Tombstone)
_CLOSED = "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}"
_CALL = "GRANT EXECUTE ON FUNCTION {function} TO {role}"
_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1
"""
_RIGHTS = """
    SELECT role.rolsuper, EXISTS (
        SELECT 1 FROM pg_class
        WHERE pg_has_role(role.oid, relowner, 'MEMBER') AND relnamespace = 'public'::regnamespace
    )
    FROM pg_roles role WHERE role.rolname = %s
"""


class Command(BaseCommand):
    """Gives the application's role what it needs and no more; run by the owner, after each migrate."""

    help = "Grants a role the rows of the portal: no table of its own, no change of history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("role", help="the role that web, worker and beat connect as")
        parser.add_argument("--dry-run", action="store_true", help="print the statements only")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant, or say why not."""
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RIGHTS, [role])
            _require_plain(role, cursor.fetchone())
            cursor.execute(_FUNCTIONS)
            functions = [function for (function,) in cursor.fetchall()]
            statements = [
                statement.as_string(cursor.connection) for statement in _statements(role, functions)
            ]
            if not options["dry_run"]:
                for statement in statements:
                    cursor.execute(statement)
                cursor.execute(_MAKES_TABLES, {"role": role})
                _require_no_tables(role, cursor.fetchone())
        if options["format"] == "json":
            figures = {"role": role, "statements": statements, "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(figures))
        elif options["dry_run"]:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
        else:
            self.stdout.write(_("%(role)s: hak atas baris diberikan") % {"role": role})


def _require_plain(role: str, rights: tuple[bool, bool] | None) -> None:
    if rights is None:
        message = _("Peran %(role)s belum ada. Buat dahulu: CREATE ROLE %(role)s LOGIN PASSWORD …")
        raise CommandError(message % {"role": role})
    if any(rights):
        message = _(
            "Peran %(role)s memiliki tabel atau superuser, jadi tidak dapat dibatasi. Pakai peran lain."
        )
        raise CommandError(message % {"role": role})


def _require_no_tables(role: str, makes: tuple[bool]) -> None:
    if any(makes):
        message = _(
            "Peran %(role)s masih dapat membuat tabel, jadi riwayat dapat dialihkan. Jalankan perintah ini "
            "sebagai pemilik basis data, dan cabut hak CREATE dan TEMPORARY peran itu."
        )
        raise CommandError(message % {"role": role})


def _statements(role: str, functions: list[str]) -> Iterator[sql.Composed]:
    name = sql.Identifier(role)
    database = sql.Identifier(connection.settings_dict["NAME"])
    yield sql.SQL(_NO_TABLES).format(role=name, database=database)
    for template in _EVERYWHERE:
        yield sql.SQL(template).format(role=name)
    for table in append_only_tables():
        yield sql.SQL(_HISTORY).format(table=sql.Identifier(table), role=name)
    for model in _OF_THE_OWNER:
        yield sql.SQL(_CLOSED).format(table=sql.Identifier(model._meta.db_table), role=name)
    for function in functions:
        yield sql.SQL(_CALL).format(function=sql.SQL(function), role=name)


def append_only_tables() -> list[str]:
    """Tables whose rows the database lets nobody change or delete."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if IMMUTABLE in getattr(model._meta, "triggers", ())
    )
