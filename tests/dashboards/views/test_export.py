"""CSV and XLSX say what the page says, and run nothing."""

from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.models import User
from assessments.models import Assessment, Cycle
from dashboards.operations import refresh
from pillars.models import Instrument
from tests.dashboards import worlds
from tests.dashboards.pages import address, csv_lines, heatmap, page, xlsx_lines
from tests.factories import make_unit, make_user, post


def as_page(cell: object) -> str:
    return f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)


@pytest.mark.parametrize("unit", ["root", "ani", "seksi", "citra"])
def test_files_and_page_agree_cell_by_cell(
    client: Client, all_filled: Cycle, units: SimpleNamespace, head: User, unit: str
) -> None:
    client.force_login(head)
    target = worlds.cycle_unit(all_filled, getattr(units, unit))
    shown = [line[1:] for line in heatmap(page(client, target)).values()]
    lines = csv_lines(client.get(address(target, "csv")))[1:]
    book = xlsx_lines(client.get(address(target, "xlsx")))[1:]
    assert [line[7:] for line in lines] == shown
    assert [[as_page(cell) for cell in line[7:]] for line in book] == shown
    assert [line[0] for line in lines] == [line[0] for line in book]


def test_numbers_are_numbers_in_the_workbook_and_have_commas_in_csv(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    unit = worlds.cycle_unit(filled, units.ani)
    assert xlsx_lines(client.get(address(unit, "xlsx")))[1] == [
        "Bidang Pelayanan", "Provinsi", "BIDANG", 16.0, 16.0, 16.0, 0.0, 72.27, 75.0, 69.53,
    ]  # fmt: skip
    response = client.get(address(unit, "csv"))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert csv_lines(response)[1] == [
        "Bidang Pelayanan", "Provinsi", "BIDANG", "16", "16", "16", "0", "72,27", "75,00", "69,53",
    ]  # fmt: skip
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="rekap-2026-1-bidang-pelayanan-provinsi.csv"'
    )


def test_units_of_the_same_name_side_by_side_carry_their_code(
    client: Client, units: SimpleNamespace, instrument: Instrument, head: User
) -> None:
    for number, code in enumerate(("U.81", "U.82")):
        unit = make_unit("SD Negeri 1", parent=units.root)
        unit.code = code
        unit.save()
        worlds.staff(unit, 5, first=400 + 10 * number)
    cycle = worlds.make_cycle(instrument)
    refresh(cycle=cycle)
    client.force_login(head)
    target = worlds.cycle_unit(cycle, units.root)
    names = [line[0] for line in csv_lines(client.get(address(target, "csv")))]
    assert [name for name in names if name.startswith("SD")] == [
        "SD Negeri 1 (U.81)", "SD Negeri 1 (U.82)",
    ]  # fmt: skip
    assert "SD Negeri 1 (U.82)" in heatmap(page(client, target))


def test_small_group_has_no_value_in_a_file(
    client: Client, all_filled: Cycle, units: SimpleNamespace, citra: User
) -> None:
    client.force_login(citra)
    unit = worlds.cycle_unit(all_filled, units.citra)
    line = [
        "Bidang Perencanaan",
        "Provinsi",
        "BIDANG",
        "disembunyikan",
        "",
        "",
        "",
        *["disembunyikan"] * 3,
    ]
    assert csv_lines(client.get(address(unit, "csv")))[1:] == [line]
    assert xlsx_lines(client.get(address(unit, "xlsx")))[1:] == [line]


def test_one_who_lacks_a_pillar_hides_no_total_and_unanimous_groups_are_bands_everywhere(
    client: Client, fair: Cycle, units: SimpleNamespace, budi: User
) -> None:
    for number, assessment in enumerate(Assessment.objects.filter(unit__unit=units.seksi)):
        beta = [2 + number % 3, 3] if number else [None, None]
        worlds.hand_in(assessment, [3, 3, *beta])
    refresh(cycle=fair)
    client.force_login(budi)
    unit = worlds.cycle_unit(fair, units.seksi)
    cells = ["predikat C", "predikat C", "predikat B"]
    assert heatmap(page(client, unit))["Seluruh unit"][1:] == cells
    assert csv_lines(client.get(address(unit, "csv")))[1][7:] == cells
    assert [as_page(cell) for cell in xlsx_lines(client.get(address(unit, "xlsx")))[1][7:]] == cells


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_unit_name_that_looks_like_a_formula_stays_text(
    client: Client, units: SimpleNamespace, instrument: Instrument, start: str
) -> None:
    unit = make_unit(f"{start}HYPERLINK(1)", parent=units.root)
    worlds.staff(unit, 5, first=400)
    head = make_user("Kepala", serial=701)
    post(head, unit, head=True)
    cycle = worlds.make_cycle(instrument)
    refresh(cycle=cycle)
    client.force_login(head)
    target = worlds.cycle_unit(cycle, unit)
    for lines in (
        csv_lines(client.get(address(target, "csv"))),
        xlsx_lines(client.get(address(target, "xlsx"))),
    ):
        assert lines[1][0] == f"'{start}HYPERLINK(1)"
