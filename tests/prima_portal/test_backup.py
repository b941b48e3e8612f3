"""A backup restores to the same rows and files, for the holder of a key alone; anything else is refused whole."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage import x25519

from assessments.models import Evidence, ScoringJob
from assessments.operations import AnswerInput, save_answers, score_jobs, submit
from assessments.operations.evidence import add_evidence
from audit.operations import seal
from dashboards.operations import refresh
from prima_portal import VERSION
from prima_portal.backups.writing import WITHOUT_ROWS
from tests import shapes
from tests.assessments import papers
from tests.databases import drop
from tests.prima_portal.test_application_role import ROLE

PDF = papers.pdf()
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


@pytest.fixture
def key(settings, tmp_path) -> Path:
    """The file of a secret key, as age-keygen writes it; its public half is the portal's."""
    identity = x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    path = tmp_path / "kunci.txt"
    path.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return path


@pytest.fixture
def evidence(settings, tmp_path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    settings.EVIDENCE_DIR.mkdir()
    return settings.EVIDENCE_DIR


@pytest.fixture
def lived_in(assessment, ani, evidence, client) -> SimpleNamespace:
    """Evidence, a submission, scores, released figures, row history, seals, a session."""
    client.force_login(ani)
    add_evidence(assessment=assessment, code="ALF-01", content=PDF, name="sk.pdf", by=ani)
    answers = {"ALF-01": AnswerInput(value=Decimal(3)), "BET-01": AnswerInput(value=Decimal(2))}
    save_answers(assessment=assessment, answers=answers, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    refresh(cycle=assessment.cycle)
    seal()
    return SimpleNamespace(cycle=assessment.cycle, evidence=evidence)


@pytest.fixture
def empty_database(transactional_db):
    """Another database on the same server; its address."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    where = connection.settings_dict
    yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(**where, name=name)
    with connection.cursor() as cursor:
        drop(cursor, name)


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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_is_restored_equals_what_was_backed_up(
    lived_in, key, empty_database, tmp_path, capsys
):
    folder = tmp_path / "cadangan"
    call_command("backup", to=folder, dry_run=True, format="json")
    assert shapes.require("backup", capsys.readouterr().out) == {
        "folder": str(folder),
        "dry_run": True,
    }
    assert not folder.exists()
    call_command("backup", to=folder, format="json")
    made = shapes.require("backup", capsys.readouterr().out)
    assert (made["encrypted"], made["files"], made["dry_run"]) == (True, 2, False)
    sealed = files_of(folder)
    assert [
        name for name, data in sealed.items() if not data.startswith(b"age-encryption.org/v1\n")
    ] == ["manifest.json"]

    target = tmp_path / "bukti-baru"
    where = {"url": empty_database, "target": target}
    restore = ("restore", "--from", folder, "--identity", key, "--format", "json")
    trial = manage(*restore, "--dry-run", **where)
    assert (trial.returncode, target.exists()) == (0, False), trial.stderr
    assert shapes.require("restore", trial.stdout)["dry_run"]
    result = manage(*restore, **where)

    assert result.returncode == 0, result.stderr
    told = shapes.require("restore", result.stdout)
    assert (told["made_at"], told["files"], told["dry_run"]) == (made["made_at"], 2, False)
    before, after = contents(here()), contents(empty_database)
    filled = {table for table, content in before.items() if content[0]}
    assert filled >= {
        "assessments_evidence",
        "assessments_score",
        "assessments_submission",
        "audit_seal",
        "dashboards_unitrelease",
        "organization_postinghistory",
        "django_session",
    }
    for table in WITHOUT_ROWS:
        assert after.pop(table) == (0, None)
        del before[table]
    assert after == before
    assert files_of(target) == files_of(lived_in.evidence)
    assert list(files_of(target).values()) == [PDF]
    assert {path.stat().st_mode & 0o777 for path in target.rglob("*") if path.is_file()} == {0o600}

    for command in (("audit_verify",), ("verify_dashboards", lived_in.cycle.code), ("migrate",)):
        done = manage(*command, **where)
        assert (done.returncode, done.stderr) == (0, ""), command

    again = manage(*restore, **where)
    assert (again.returncode, again.stdout) == (1, "")
    assert "Basis data tujuan tidak kosong" in again.stderr
    assert contents(empty_database) == after | dict.fromkeys(WITHOUT_ROWS, (0, None))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_application_may_back_up_and_its_rights_stay_behind(
    lived_in, key, empty_database, tmp_path, monkeypatch
):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')", [ROLE]
        )
        if not cursor.fetchone():
            pytest.skip(f"these services were made before the role {ROLE}: make reset")
    call_command("grant_application_role", ROLE, verbosity=0)
    monkeypatch.setenv("PGOPTIONS", f"-c role={ROLE}")
    call_command("backup", to=tmp_path / "cadangan")
    monkeypatch.delenv("PGOPTIONS")
    where = {"url": empty_database, "target": tmp_path / "bukti-baru"}
    assert (
        manage("restore", "--from", tmp_path / "cadangan", "--identity", key, **where).returncode
        == 0
    )
    rights = "SELECT has_table_privilege(%s, 'audit_event', 'SELECT')"
    with psycopg2.connect(empty_database) as other, other.cursor() as cursor:
        cursor.execute(rights, [ROLE])
        assert cursor.fetchone() == (False,)
    other.close()
    assert manage("grant_application_role", ROLE, **where).returncode == 0
    with psycopg2.connect(empty_database) as other, other.cursor() as cursor:
        cursor.execute(rights, [ROLE])
        assert cursor.fetchone() == (True,)
    other.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("identity", "message"),
    [
        (lambda folder: None, "terenkripsi. Sebutkan berkas kunci"),
        (lambda folder: folder / "tidak-ada", "tidak memuat kunci rahasia"),
        (lambda folder: folder / "lain", "Kunci ini tidak membuka cadangan"),
    ],
    ids=["none", "no file", "another"],
)
def test_without_the_right_key_nothing_is_written(
    lived_in, key, empty_database, tmp_path, identity, message
):
    call_command("backup", to=tmp_path / "cadangan")
    (tmp_path / "lain").write_text(f"{x25519.Identity.generate()}\n")
    named = ["--identity", identity(tmp_path)] if identity(tmp_path) else []
    where = {"url": empty_database, "target": tmp_path / "bukti-baru"}
    result = manage("restore", "--from", tmp_path / "cadangan", *named, **where)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert files_of(tmp_path / "bukti-baru") == {}
    assert [name for name, content in contents(empty_database).items() if content] == []
    right = manage("restore", "--from", tmp_path / "cadangan", "--identity", key, **where)
    assert right.returncode == 0, right.stderr


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
    assert list(files_of(lived_in.evidence).values()) == [PDF]
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
