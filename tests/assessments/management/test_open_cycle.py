"""`open_cycle` as an operator types it."""

import datetime
import json
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment, Cycle

JAKARTA = ZoneInfo("Asia/Jakarta")
ARGUMENTS = [
    "2026-S2",
    "--instrument=TOY",
    "--version=1",
    "--opens=2026-11-02T08:00",
    "--closes=2026-11-30",
    "--census-date=2026-11-01",
]


def test_a_cycle_is_opened_in_local_time_and_a_bare_closing_date_lasts_all_day(
    instrument, ani, budi, capsys
):
    call_command("open_cycle", *ARGUMENTS)

    cycle = Cycle.objects.get(code="2026-S2")
    assert cycle.instrument == instrument
    assert cycle.opens_at == datetime.datetime(2026, 11, 2, 8, tzinfo=JAKARTA)
    assert cycle.closes_at == datetime.datetime(2026, 11, 30, 23, 59, 59, tzinfo=JAKARTA)
    assert capsys.readouterr().out == "2026-S2: 2 pegawai diundang\n"


def test_the_figures_as_json(instrument, ani, capsys):
    call_command("open_cycle", *ARGUMENTS, "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "cycle": "2026-S2",
        "invited": 1,
        "dry_run": False,
    }


def test_a_dry_run_writes_nothing(instrument, ani, capsys):
    call_command("open_cycle", *ARGUMENTS, "--dry-run")

    assert not Cycle.objects.exists()
    assert capsys.readouterr().out == (
        "2026-S2: 1 pegawai diundang (uji coba: tidak ada yang ditulis)\n"
    )


def test_the_population_is_named_by_unit_codes(instrument, units, ani, citra):
    call_command("open_cycle", *ARGUMENTS, "--population", units.citra.code)
    assert Assessment.objects.get().person == citra


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--closes=2026-11-01", "closes_at: Waktu tutup harus sesudah waktu buka."),
        ("--version=9", "TOY versi 9 tidak ada"),
        ("--population=TIDAK-ADA", "unit tidak dikenal: TIDAK-ADA"),
        ("--census-date=31-12-2026", "bukan tanggal"),
        ("--census-date=2026-02-31", "bukan tanggal"),
        ("--opens=besok", "bukan waktu"),
        ("--name=" + "n" * 151, "name: Pastikan nilai ini mengandung paling banyak 150 karakter"),
        ("--opens=2026-13-40T10:00", "bukan waktu"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(instrument, ani, argument, message):
    with pytest.raises(CommandError, match=message):
        call_command("open_cycle", *ARGUMENTS, argument)


def test_a_code_that_no_address_could_hold_is_refused(instrument, ani):
    with pytest.raises(CommandError, match="code: Kode hanya boleh berisi huruf, angka"):
        call_command("open_cycle", "2026 S2", *ARGUMENTS[1:])
    with pytest.raises(CommandError, match=r"code: .* paling banyak 40 karakter"):
        call_command("open_cycle", "S" * 41, *ARGUMENTS[1:])
    assert not Cycle.objects.exists()
