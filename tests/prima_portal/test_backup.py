"""A backup restores to the same rows, and a damaged one is refused."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.models import Submission
from assessments.operations import submit

COUNTED = ("assessments_submission", "accounts_user", "audit_event", "pillars_level")


@pytest.fixture
def evidence(settings, tmp_path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    settings.EVIDENCE_DIR.mkdir()
    (settings.EVIDENCE_DIR / "a1").write_bytes(b"isi bukti")
    return settings.EVIDENCE_DIR


@pytest.fixture
def empty_database(transactional_db):
    """Another database on the same server; its address, and a connection to look into it."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    where = connection.settings_dict
    yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(**where, name=name)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def contents(url: str) -> dict[str, str]:
    """A digest of each counted table."""
    other = psycopg2.connect(url)
    try:
        with other.cursor() as cursor:
            return {table: digest(cursor, table) for table in COUNTED}
    finally:
        other.close()


def digest(cursor, table: str) -> str:
    cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t")  # noqa: S608
    return cursor.fetchone()[0]


def restore(folder: Path, url: str, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", "--from", str(folder)],
        env={**os.environ, "DATABASE_URL": url, "EVIDENCE_DIR": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_is_restored_equals_what_was_backed_up(
    assessment, ani, evidence, empty_database, tmp_path
):
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    call_command("backup", to=tmp_path / "cadangan")

    result = restore(tmp_path / "cadangan", empty_database, tmp_path / "bukti-baru")

    assert result.returncode == 0, result.stderr
    with connection.cursor() as cursor:
        assert contents(empty_database) == {table: digest(cursor, table) for table in COUNTED}
    assert (tmp_path / "bukti-baru" / "a1").read_bytes() == b"isi bukti"

    again = restore(tmp_path / "cadangan", empty_database, tmp_path / "bukti-lain")
    assert again.returncode == 1
    assert "Basis data tujuan tidak kosong" in again.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["database.dump", "evidence/a1"])
def test_a_damaged_backup_is_refused(cycle, evidence, tmp_path, name):
    folder = tmp_path / "cadangan"
    call_command("backup", to=folder)
    (folder / name).write_bytes(b"rusak")

    with pytest.raises(CommandError, match=f"{name} hilang atau berubah"):
        call_command("restore", folder=folder)
    assert Submission.objects.count() == 0


def test_a_folder_with_something_in_it_is_no_place_for_a_backup(db, tmp_path):
    (tmp_path / "lama").write_text("x")
    with pytest.raises(CommandError, match="tidak kosong"):
        call_command("backup", to=tmp_path)


def test_a_folder_without_manifest_is_no_backup(db, tmp_path):
    with pytest.raises(CommandError, match="bukan cadangan yang utuh"):
        call_command("restore", folder=tmp_path)
