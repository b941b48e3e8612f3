"""What lies in a database and in a folder, to compare two of them."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
from django.db import connection

MADE_OF = (
    "SELECT 'table ' || table_name || ' ' || column_name || ' ' || data_type"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    # By name: PostgreSQL writes `IN` another way after a dump than before.
    "SELECT 'index ' || indexrelid::regclass::text || indisunique || indisvalid FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace",
    "SELECT 'constraint ' || conrelid::regclass || conname || contype::text || convalidated || condeferrable"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT 'trigger ' || tgrelid::regclass || tgname || tgtype || tgenabled::text || tgfoid::regproc"
    " FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND prokind = 'f' AND probin IS NULL",
    "SELECT 'sequence ' || sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences"
    " WHERE schemaname = 'public'",
)


def here() -> str:
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table, and a digest of what surrounds them."""
    other = psycopg2.connect(url)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            found = {}
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"  # noqa: S608
                )
                found[table] = cursor.fetchone()
            for statement in MADE_OF:
                cursor.execute(f"{statement} ORDER BY 1")
                found[statement] = tuple(line for (line,) in cursor.fetchall())
            return found
    finally:
        other.close()


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def manage(*arguments, url: str, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        env={**os.environ, "DATABASE_URL": url, "EVIDENCE_DIR": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )
