"""A backup restores to the same rows and files, for the holder of a key alone."""

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from pyrage import x25519

from prima_portal.backups.writing import WITHOUT_ROWS
from tests import shapes
from tests.assessments import papers
from tests.prima_portal.backups.places import contents, files_of, here, manage
from tests.prima_portal.test_application_role import ROLE


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
    assert list(files_of(target).values()) == [papers.pdf()]
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
