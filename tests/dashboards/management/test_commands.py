"""rebuild_dashboards and verify_dashboards."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Cycle
from dashboards.models import UnitSnapshot
from dashboards.operations import refresh
from pillars.models import Instrument
from tests.dashboards import worlds


@pytest.fixture
def cycle(units: SimpleNamespace, instrument: Instrument) -> Cycle:
    worlds.staff(units.seksi, 5, first=100)
    return worlds.make_cycle(instrument)


def run(command: str, *arguments: str) -> str:
    output = io.StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue()


def test_rebuild_makes_what_is_missing_and_says_how_much(cycle: Cycle) -> None:
    assert run("rebuild_dashboards", "2026-1") == "2026-1: 4 rekap unit berubah\n"
    assert run("rebuild_dashboards", "2026-1", "--format", "json") == (
        '{"cycle": "2026-1", "changed": 0, "dry_run": false}\n'
    )


def test_dry_run_of_rebuild_writes_nothing(cycle: Cycle) -> None:
    assert run("rebuild_dashboards", "2026-1", "--dry-run") == (
        "2026-1: 4 rekap unit akan berubah; tidak ada yang disimpan\n"
    )
    assert UnitSnapshot.objects.count() == 0


def test_verify_says_that_all_is_well(cycle: Cycle) -> None:
    refresh(cycle=cycle)
    assert run("verify_dashboards", "2026-1") == "2026-1: 4 rekap unit sama dengan hitungan ulang\n"
    assert json.loads(run("verify_dashboards", "2026-1", "--format", "json")) == {
        "cycle": "2026-1",
        "units": 4,
        "differing": [],
    }


def test_verify_names_what_differs_on_stderr_and_fails(
    cycle: Cycle, units: SimpleNamespace
) -> None:
    refresh(cycle=cycle)
    UnitSnapshot.objects.filter(unit__name="Seksi Pengaduan").update(own={})
    errors = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_dashboards", "2026-1", stderr=errors)
    assert stop.value.code == 1
    assert errors.getvalue().splitlines()[0] == f"Seksi Pengaduan ({units.seksi.code})"
    assert "2026-1: 1 rekap unit berbeda dari hitungan ulang." in errors.getvalue()


@pytest.mark.parametrize("command", ["rebuild_dashboards", "verify_dashboards"])
def test_unknown_cycle_is_refused(db: None, command: str) -> None:
    with pytest.raises(CommandError, match=r"Tidak ada periode berkode 2099\."):
        run(command, "2099")
