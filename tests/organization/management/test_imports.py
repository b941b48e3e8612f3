"""The import commands, as an operator meets them."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from organization.files.tables import Columns, read_table
from organization.models import Posting, Unit

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data" / "roster"


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_province_by_command_twice():
    assert run("import_units", DATA / "units.csv") == (
        "units.csv: 70 baru, 0 berubah, 0 tetap, 0 diakhiri\n",
        "",
    )
    roster = ("import_roster", DATA / "roster.xlsx", "--effective-date", "2026-11-24")
    assert run(*roster)[0] == "roster.xlsx: 620 baru, 0 berubah, 0 tetap, 0 diakhiri\n"
    assert run(*roster)[0] == "roster.xlsx: 0 baru, 0 berubah, 620 tetap, 0 diakhiri\n"
    assert json.loads(run("import_acting", DATA / "acting.csv", "--format", "json")[0]) == {
        "created": 4,
        "changed": 0,
        "unchanged": 0,
        "ended": 0,
        "dry_run": False,
        "warnings": [],
    }


def test_faulty_roster_is_reported_line_by_line_and_as_a_workbook(tmp_path):
    run("import_units", DATA / "faulty" / "units.csv")
    report = tmp_path / "laporan.xlsx"
    with pytest.raises(CommandError) as refusal:
        run("import_roster", DATA / "faulty" / "roster_faulty.xlsx", "--report", report)
    lines = str(refusal.value).splitlines()
    assert lines[0].endswith("tidak ada yang ditulis; 9 kesalahan:")
    assert lines[1] == "baris 3, kolom NIP BARU: NIP ini juga ada pada baris 89. Sisakan satu."
    assert len(lines) == 10
    columns = Columns(required=("Baris", "Kolom", "Alasan", "Jenis"))
    rows = list(read_table(report.read_bytes(), name=report.name, columns=columns))
    assert [(row.cells["Baris"], row.cells["Kolom"]) for row in rows][:2] == [
        (3, "NIP BARU"),
        (9, "NIP BARU"),
    ]
    assert {row.cells["Jenis"] for row in rows} == {"kesalahan"}
    assert User.objects.count() == 0


def test_faults_as_json():
    run("import_units", DATA / "faulty" / "units.csv")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_roster",
            str(DATA / "faulty" / "roster_faulty.xlsx"),
            "--format",
            "json",
            stdout=out,
        )
    faults = json.loads(out.getvalue())["faults"]
    assert len(faults) == 9
    assert faults[0] == {
        "row": 3,
        "column": "NIP BARU",
        "reason": "NIP ini juga ada pada baris 89. Sisakan satu.",
    }


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("import_units", "units.csv"),
        ("import_roster", "roster.xlsx"),
        ("import_acting", "acting.csv"),
    ],
)
def test_dry_run_writes_nothing(command, file):
    if command != "import_units":
        run("import_units", DATA / "units.csv")
    if command == "import_acting":
        run("import_roster", DATA / "roster.xlsx")
    before = [model.objects.count() for model in (Unit, User, Posting)]
    out, _ = run(command, DATA / file, "--dry-run")
    assert out.endswith("(uji coba: tidak ada yang ditulis)\n")
    assert [model.objects.count() for model in (Unit, User, Posting)] == before


def test_warnings_go_to_stderr_and_the_rest_to_the_report(tmp_path):
    lines = [
        "UNOR ID,UNOR NAMA,UNOR ATASAN ID",
        *(f"U{number},Unit {number}," for number in range(25)),
    ]
    file = tmp_path / "units.csv"
    file.write_text("\n".join(lines))
    report = tmp_path / "laporan.xlsx"
    out, err = run("import_units", file, "--report", report)
    assert out.startswith("units.csv: 25 baru")
    assert err.count("peringatan: baris") == 20
    assert "dan 4 peringatan lagi" in err
    columns = Columns(required=("Baris", "Kolom", "Alasan", "Jenis"))
    rows = list(read_table(report.read_bytes(), name=report.name, columns=columns))
    assert [row.cells["Jenis"] for row in rows] == ["peringatan"] * 24


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("import_units", "tidak-ada.csv"), "tidak ada di sana. Periksa nama dan foldernya."),
        (("import_roster", DATA / "units.csv"), "memerlukan kolom"),
        (("import_roster", DATA / "roster.xlsx", "--effective-date", "24-11-2026"), "YYYY-MM-DD"),
        (
            ("import_units", DATA / "units.csv", "--report", "/tidak/ada/x.xlsx"),
            "--report: /tidak/ada/x.xlsx tidak ada di sana",
        ),
    ],
)
def test_wrong_calls_say_what_is_wrong(args, words):
    with pytest.raises(CommandError, match=words):
        run(*args)


@pytest.mark.parametrize("name", ["units.csv", "link.csv"])
def test_a_report_never_takes_the_place_of_the_file(tmp_path, name):
    file = tmp_path / "units.csv"
    file.write_bytes((DATA / "units.csv").read_bytes())
    if name == "link.csv":
        (tmp_path / name).symlink_to(file)
    with pytest.raises(CommandError, match="akan tertimpa"):
        run("import_units", file, "--report", tmp_path / name)
    assert file.read_bytes() == (DATA / "units.csv").read_bytes()
    assert not Unit.objects.exists()


def test_exit_code_and_streams_of_the_process():
    done = subprocess.run(
        [sys.executable, "manage.py", "import_units", str(DATA / "README.md")],
        capture_output=True,
        text=True,
        check=False,
        cwd=DATA.parents[2],
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "memerlukan kolom: UNOR ID, UNOR NAMA, UNOR ATASAN ID" in done.stderr
    assert "Traceback" not in done.stderr
