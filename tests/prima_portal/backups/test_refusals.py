"""What is no whole backup, and what is no place for one, is refused whole."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from assessments.models import Evidence
from prima_portal import VERSION
from tests.assessments import papers
from tests.prima_portal.backups.places import files_of, here, manage


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_would_lack_all_evidence_is_refused(lived_in, key, settings, tmp_path):
    """As from a shell without the portal's own EVIDENCE_DIR."""
    settings.EVIDENCE_DIR = tmp_path / "lain"
    with pytest.raises(CommandError, match="Isi EVIDENCE_DIR"):
        call_command("backup", to=tmp_path / "cadangan")
    assert not (tmp_path / "cadangan").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_backup_is_refused(lived_in, key, tmp_path, damage):
    folder = tmp_path / "cadangan"
    call_command("backup", to=folder)
    for name in files_of(folder):
        if name == "manifest.json":
            continue
        copy = tmp_path / f"salinan-{Path(name).name}"
        shutil.copytree(folder, copy)
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(
            {"changed": whole[:-1] + b"x", "cut": whole[:-1], "gone": b""}[damage]
        )
        if damage == "gone":
            (copy / name).unlink()
        with pytest.raises(CommandError, match=f"{name} hilang atau berubah"):
            call_command("restore", folder=copy, identity=key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"portal": "9.0.0", "format": 2}, f"PRIMA 9.0.0, yang tidak dikenal oleh versi {VERSION}"),
        (
            {"portal": "9.0.0", "migrations": {"assessments": "0999_later"}},
            "PRIMA 9.0.0, yang tidak",
        ),
        ({"portal": "9.0.0", "migrations": {"payroll": "0001_initial"}}, "PRIMA 9.0.0, yang tidak"),
        ({"postgresql": 99}, "dari PostgreSQL 99; server di sini"),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(cycle, evidence, key, tmp_path, changes, message):
    folder = tmp_path / "cadangan"
    call_command("backup", to=folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))
    with pytest.raises(CommandError, match=message):
        call_command("restore", folder=folder, identity=key)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_backup_is_none(lived_in, key, tmp_path, number):
    """Somebody holds a table, so that pg_dump waits in the middle."""
    folder = tmp_path / "cadangan"
    with psycopg2.connect(here()) as holding, holding.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_event")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", "--to", folder],
            env={
                **os.environ,
                "DATABASE_URL": here(),
                "BACKUP_RECIPIENTS": settings.BACKUP_RECIPIENTS[0],
                "EVIDENCE_DIR": str(lived_in.evidence),
            },
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        give_up_at = time.monotonic() + 60
        while not (folder / "database.dump.age").exists():
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
        os.killpg(process.pid, number)
        assert process.wait(timeout=60) != 0
        holding.rollback()
    holding.close()
    with pytest.raises(CommandError, match="bukan cadangan yang utuh"):
        call_command("restore", folder=folder, identity=key)
    with pytest.raises(CommandError, match="tidak kosong"):
        call_command("backup", to=folder)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [(), ("--plain",)], ids=["encrypted", "plain"])
def test_a_place_without_room_is_named(lived_in, key, tmp_path, options):
    """As on a disk that is full: no file may become larger than the dump's beginning."""
    folder = tmp_path / "cadangan"
    limit = 10_000
    result = subprocess.run(
        [sys.executable, "manage.py", "backup", "--to", folder, *options],
        env={
            **os.environ,
            "DATABASE_URL": here(),
            "BACKUP_RECIPIENTS": settings.BACKUP_RECIPIENTS[0],
            "EVIDENCE_DIR": str(lived_in.evidence),
        },
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "tidak muat: terlalu besar untuk tempat itu. Pilih tempat lain." in result.stderr
    assert str(folder) in result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "manifest.json").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_restore_that_fails_leaves_both_places_empty(lived_in, key, empty_database, tmp_path):
    """The dump is whole and opens, yet PostgreSQL refuses it half way."""
    folder = tmp_path / "cadangan"
    call_command("backup", to=folder)
    with psycopg2.connect(empty_database) as other, other.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION public.audit_event_note() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        )
        cursor.execute("CREATE VIEW public.pillars_level AS SELECT 1 AS one")
    other.close()
    where = {"url": empty_database, "target": tmp_path / "bukti-baru"}
    result = manage("restore", "--from", folder, "--identity", key, **where)
    assert result.returncode == 1
    assert "pillars_level" in result.stderr
    assert list((tmp_path / "bukti-baru").iterdir()) == []
    with psycopg2.connect(empty_database) as other, other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)
    other.close()


@pytest.mark.django_db(transaction=True)
def test_evidence_is_restored_into_an_empty_folder_only(lived_in, key, tmp_path):
    call_command("backup", to=tmp_path / "cadangan")
    with pytest.raises(CommandError, match="tujuan tidak kosong"):
        call_command("restore", folder=tmp_path / "cadangan", identity=key)
    assert list(files_of(lived_in.evidence).values()) == [papers.pdf()]
    assert Evidence.objects.count() == 1
    assert Session.objects.count() == 1


def test_without_a_key_a_backup_must_be_asked_for_in_the_clear(db, settings, evidence, tmp_path):
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS"):
        call_command("backup", to=tmp_path / "cadangan")
    assert not (tmp_path / "cadangan").exists()
    call_command("backup", to=tmp_path / "cadangan", plain=True)
    assert sorted(files_of(tmp_path / "cadangan")) == ["database.dump", "manifest.json"]


def test_what_is_no_public_key_is_named(db, settings, tmp_path):
    settings.BACKUP_RECIPIENTS = ["age1bukan"]
    with pytest.raises(CommandError, match="age1bukan bukan kunci publik age"):
        call_command("backup", to=tmp_path / "cadangan")
    assert not (tmp_path / "cadangan").exists()


def test_a_folder_with_something_in_it_is_no_place_for_a_backup(db, key, tmp_path):
    with pytest.raises(CommandError, match="tidak kosong"):
        call_command("backup", to=tmp_path)


def test_a_folder_without_manifest_is_no_backup(db, tmp_path):
    with pytest.raises(CommandError, match="bukan cadangan yang utuh"):
        call_command("restore", folder=tmp_path)
