"""What commands print for programs is what docs/api.md describes, key by key; long ones: see their own tests."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.operations import note_reading
from assessments.operations import destroy_expired
from audit.operations import record
from tests import shapes
from tests.aging import let_pass
from tests.organization import rosters
from tests.pillars.conftest import SHIPPED
from tests.prima_portal.test_application_role import ROLE
from tests.prima_portal.test_commands import FIGURES

# Described by the contract itself and checked by its own tests.
ELSEWHERE = {"score_file"}


def printed(command, *arguments, **options):
    output = io.StringIO()
    call_command(command, *map(str, arguments), "--format", "json", stdout=output, **options)
    return shapes.require(command, output.getvalue())


def test_every_command_with_figures_is_described():
    assert shapes.documented().keys() == FIGURES - ELSEWHERE


def test_a_shape_tells_what_is_missing_unknown_and_of_another_type():
    shape = {"a": "number", "b?": "text", "c": [{"d": "flag"}]}
    assert shapes.differences({"a": 1, "c": [{"d": True}]}, shape) == []
    assert shapes.differences({"a": True, "b": 2, "c": [{"d": 1}, 3], "e": 0}, shape) == [
        ".e: unknown",
        ".a: True is no number",
        ".b: 2 is no text",
        ".c[0].d: 1 is no flag",
        ".c[1]: no object",
    ]
    assert shapes.differences({"a": 1}, shape) == [".c: missing"]
    assert shapes.differences([], shape) == [": no object"]


def test_instruments(db, tmp_path):
    for tried in (True, False):
        loaded = printed("load_instrument", SHIPPED / "skm-2017.toml", dry_run=tried)
        assert (loaded["indicators"], loaded["dry_run"]) == (9, tried)
    exported = printed("export_instrument", "SKM", "2017", to=tmp_path / "skm.xlsx")
    assert exported["bytes"] == (tmp_path / "skm.xlsx").stat().st_size


def test_the_organisation(db, tmp_path):
    units, roster, acting = (tmp_path / f"{name}.csv" for name in ("units", "roster", "acting"))
    units.write_bytes(rosters.text(rosters.UNITS, [["A", "Dinas", "", "", "", ""]]))
    roster.write_bytes(rosters.roster_bytes(rosters.person(1, "A", EMAIL_GOV="bukan surel")))
    acting.write_bytes(
        rosters.text(rosters.ACTING, [[rosters.nip(1), "A", "PLT", "01-11-2026", "30-11-2026"]])
    )
    for command, file in (
        ("import_units", units),
        ("import_roster", roster),
        ("import_acting", acting),
    ):
        for tried in (True, False):
            told = printed(command, file, dry_run=tried)
            assert (told["created"], told["dry_run"]) == (1, tried)
    (warning,) = printed("import_roster", roster)["warnings"]
    assert (warning["row"], warning["column"]) == (2, "EMAIL GOV")


def test_a_cycle(instrument, ani, budi, tmp_path):
    opening = ("--instrument=TOY", "--version=1", "--opens=2026-01-01", "--closes=2036-01-01")
    for tried in (True, False):
        told = printed("open_cycle", "2026-X", *opening, "--census-date=2026-11-01", dry_run=tried)
        assert told == {"cycle": "2026-X", "invited": 2, "dry_run": tried}
    answers = tmp_path / "jawaban.csv"
    answers.write_text(f"respondent,ALF-01\n{ani.nip},3\n")
    for tried in (True, False):
        told = printed("import_answers", "2026-X", answers, dry_run=tried)
        assert (told["submitted"], told["dry_run"]) == (1, tried)
    for tried in (True, False):
        assert printed("dispatch_pending", dry_run=tried)["dry_run"] is tried
        assert printed("rebuild_dashboards", "2026-X", dry_run=tried)["dry_run"] is tried
    assert printed("verify_dashboards", "2026-X")["differing"] == []
    assert printed("reliability", "2026-X")["n"] == 1
    assert printed("sweep_evidence", dry_run=True) == {"swept": [], "dry_run": True}


def test_a_faulty_file_is_told_in_one_form_by_every_command(instrument, cycle, tmp_path):
    file = tmp_path / "salah.csv"
    file.write_text("x,y\n1,2\n")
    for command, *before in (
        ("import_units",),
        ("import_roster",),
        ("import_acting",),
        ("import_answers", cycle.code),
        ("load_instrument",),
    ):
        output = io.StringIO()
        with pytest.raises(CommandError):
            call_command(command, *before, str(file), "--format", "json", stdout=output)
        found = json.loads(output.getvalue())
        assert list(found) == ["faults"]
        for fault in found["faults"]:
            assert set(fault) in ({"row", "column", "reason"}, {"place", "reason"}), command
            assert fault["reason"].endswith("."), command


def test_what_is_kept_and_what_is_destroyed(verified):
    placed = printed("legal_hold", "place", "--cycle", "2026-S2", "--reason", "Perkara 12")
    assert (placed["act"], placed["dry_run"]) == ("place", False)
    (hold,) = printed("legal_hold", "list")["holds"]
    assert hold["reason"] == "Perkara 12"
    let_pass(6)
    assert printed("destroy_expired", dry_run=True)["held"]
    assert printed("legal_hold", "lift", "--cycle", "2026-S2", "--dry-run")["dry_run"]
    printed("legal_hold", "lift", "--cycle", "2026-S2")
    assert printed("destroy_expired", dry_run=True)["due"]
    assert printed("destroy_expired")["destroyed"]
    for command in ("rebuild_dashboards", "verify_dashboards"):
        assert printed(command, "2026-S2")["destroyed_at"]


def test_the_record_of_acts(ani, budi, tmp_path):
    record("test.something", by=ani, subject=ani)
    for tried in (True, False):
        anchored = printed("audit_anchor", to=tmp_path / "jangkar", dry_run=tried)
        assert (anchored["sealed"] > 0, anchored["dry_run"]) == (True, tried)
    assert printed("audit_verify", anchor=tmp_path / "jangkar")["anchors"] == 1
    note_reading(by=budi, people=[ani.pk], where="uji:satu")
    today = datetime.datetime.now(datetime.UTC).date()
    until = today + datetime.timedelta(days=2)
    since = today - datetime.timedelta(days=2)
    report = printed("breach_report", f"--actor={budi.nip}", f"--from={since}", f"--to={until}")
    assert [each["places"] for each in report["people"] if each["times"]] == [["uji:satu"]]


def test_rights_of_a_role_are_told_before_they_are_given(db):
    told = printed("grant_application_role", ROLE, dry_run=True)
    assert told["dry_run"]
    assert told["statements"][0].endswith(f'FROM PUBLIC, "{ROLE}"')


def test_nothing_is_destroyed_where_nothing_is_due(db):
    assert destroy_expired(by=None).destructions == []
    assert printed("destroy_expired") == {"destroyed": []}
