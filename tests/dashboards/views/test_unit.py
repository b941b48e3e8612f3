"""The page of one unit: figures, what is held back, names, and what it costs."""

from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.models import User
from assessments.models import Assessment, Cycle
from dashboards.operations import refresh
from organization.models import Unit
from pillars.models import Instrument
from tests.dashboards import worlds
from tests.dashboards.pages import address, heatmap, page
from tests.factories import make_instrument, make_unit


def test_page_shows_pooled_means_by_pillar_and_unit(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    assert heatmap(page(client, worlds.cycle_unit(filled, units.ani))) == {
        "Seluruh unit": ["16 dari 16", "72,27", "75,00", "69,53"],
        "Langsung di unit ini": ["10 dari 10", "71,88", "75,00", "68,75"],
        "Seksi Pengaduan": ["6 dari 6", "72,92", "75,00", "70,83"],
    }


def test_small_unit_and_the_one_that_would_give_it_away_are_hidden_above(
    client: Client, all_filled: Cycle, units: SimpleNamespace, head: User
) -> None:
    client.force_login(head)
    html = page(client, worlds.cycle_unit(all_filled, units.root))
    shown = heatmap(html)
    assert shown["Bidang Perencanaan"] == ["disembunyikan"] * 4
    assert shown["Bidang Pelayanan"] == ["disembunyikan"] * 4
    assert shown["Seluruh unit"][0] == "20 dari 20"
    assert "Mengapa ada nilai yang disembunyikan?" in html


def test_page_of_a_group_of_four_has_no_figure_of_it_in_any_form(
    client: Client, all_filled: Cycle, units: SimpleNamespace, citra: User
) -> None:
    client.force_login(citra)
    html = page(client, worlds.cycle_unit(all_filled, units.citra))
    assert heatmap(html) == {"Seluruh unit": ["disembunyikan"] * 4}
    main = html[html.index("<main") : html.index("</main>")]
    for trace in (
        "dari 4",
        ">4<",
        "title=",
        "<svg height",
        "chart-segment",
        "data-n",
        "<progress",
    ):
        assert trace not in main


def test_unit_without_answers_says_so_and_never_zero(
    client: Client, fair: Cycle, units: SimpleNamespace, budi: User
) -> None:
    refresh(cycle=fair)
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(fair, units.ani))
    assert heatmap(html)["Seksi Pengaduan"] == ["0 dari 6", *["belum ada data"] * 3]
    assert "0,00" not in html


def test_page_says_of_how_many_scores_the_figures_are_and_not_how_many_wait(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    html = " ".join(page(client, worlds.cycle_unit(filled, units.ani)).split())
    assert "Angka mencakup 16 nilai per " in html
    assert "Nilai baru masuk bersama sedikitnya 5 orang" in html
    unit = worlds.cycle_unit(filled, units.citra)
    worlds.hand_in(Assessment.objects.filter(unit=unit)[0], [3, 3, 3, 3])
    refresh(cycle=filled)
    assert heatmap(page(client, worlds.cycle_unit(filled, units.ani)))["Seluruh unit"][1] == "72,27"


def test_page_before_the_first_refresh_says_that_figures_are_coming(
    client: Client, cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(cycle, units.ani))
    assert "Angka sedang dihitung" in html
    assert heatmap(html) == {"Seluruh unit": ["belum ada data"] * 4}


def test_participation_counts_each_person_once_by_how_far_they_are(
    client: Client, fair: Cycle, units: SimpleNamespace, budi: User
) -> None:
    first, second, third = Assessment.objects.filter(unit__unit=units.ani).order_by("pk")[:3]
    worlds.fill(first, [3, 3, 3, 3])
    worlds.hand_in(second, [3, 3, 3, 3])
    worlds.hand_in(third, [3, 3, 3, 3])
    worlds.verify(third, {"ALF-01": 3, "ALF-02": 3, "BET-01": 3, "BET-02": 3}, budi)
    refresh(cycle=fair)
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(fair, units.ani))
    counts = [
        html.split(f'aria-label="{label}"')[1].split('num">')[1].split("<")[0]
        for label in ("Belum mengisi", "Draf", "Diajukan", "Diverifikasi")
    ]
    assert counts == ["13", "1", "1", "1"]


def test_reader_sees_names_of_those_he_reviews_and_of_no_others(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User, head: User
) -> None:
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(filled, units.ani))
    assert "Pegawai 100" in html
    assert "Pegawai 200" in html  # the seksi has no head, so they are Budi's
    client.force_login(head)
    html = page(client, worlds.cycle_unit(filled, units.root))
    assert "Drs. Budi Santosa, M.Si." in html
    assert "Pegawai 100" not in html
    assert "Pegawai 200" not in html


def test_people_can_be_narrowed_to_a_status(
    client: Client, cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    worlds.fill(Assessment.objects.filter(person__name="Pegawai 101").get(), [3, 3, 3, 3])
    refresh(cycle=cycle)
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(cycle, units.ani), status="DRAFT")
    assert "Pegawai 101" in html
    assert "Pegawai 102" not in html
    assert "Tidak ada pegawai dengan status ini." in page(
        client, worlds.cycle_unit(cycle, units.ani), status="FINAL"
    )


def test_unknown_choice_in_the_address_reads_like_none(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(filled, units.ani), nilai="RAHASIA", status="x")
    assert heatmap(html)["Seluruh unit"][1] == "72,27"


def test_heatmap_shows_verified_levels_when_asked_and_bands_where_all_are_equal_in_a_pillar(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    for number, assessment in enumerate(Assessment.objects.filter(unit__unit=units.seksi)):
        levels = {"ALF-01": 2, "ALF-02": 3, "BET-01": 3, "BET-02": 2 + number % 2}
        worlds.verify(assessment, levels, budi)
    refresh(cycle=filled)
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(filled, units.seksi), nilai="VERIFIED")
    assert heatmap(html)["Seluruh unit"] == [
        "6 dari 6",
        *["predikat C", "predikat D", "predikat C"],  # a total less one pillar is the other
    ]


def test_self_and_verified_are_compared_by_pillar(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    for number, assessment in enumerate(Assessment.objects.filter(unit__unit=units.seksi)):
        levels = {"ALF-01": 2, "ALF-02": 2 + number % 2, "BET-01": 3, "BET-02": 2 + number % 2}
        worlds.verify(assessment, levels, budi)
    refresh(cycle=filled)
    client.force_login(budi)
    html = page(client, worlds.cycle_unit(filled, units.seksi))
    section = html[html.index('id="mandiri-verifikasi"') :]
    caption = section.split("figcaption")[1]
    assert (
        "Selisih terbesar di pilar Alfa: penilaian mandiri 18,75 di atas hasil verifikasi"
        in caption
    )
    assert "Mandiri 75,00; verifikasi 56,25" in section
    assert "+18,75" in section


def test_trend_breaks_where_the_instrument_changed(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User, instrument: Instrument
) -> None:
    client.force_login(budi)
    unit = worlds.cycle_unit(filled, units.ani)
    assert 'id="tren"' not in page(client, unit)
    for code, version in (("2026-2", instrument), ("2026-3", make_instrument(version="2"))):
        following = worlds.make_cycle(version, code=code, days_ago=5 if code == "2026-2" else 2)
        worlds.hand_in_all(following, units.ani, seed=9)
        refresh(cycle=following)
    html = page(client, unit)
    section = html[html.index('id="tren"') : html.index("</section>", html.index('id="tren"'))]
    assert section.count("chart-break") == 1
    assert section.count("chart-line") == 1
    assert section.count("<circle") == 3
    assert "Periode 2026-3" in html


def test_breadcrumb_begins_where_the_reader_may_read(
    client: Client, filled: Cycle, units: SimpleNamespace, budi: User, head: User
) -> None:
    seksi = worlds.cycle_unit(filled, units.seksi)
    above, root = worlds.cycle_unit(filled, units.ani), worlds.cycle_unit(filled, units.root)
    client.force_login(budi)
    html = page(client, seksi)
    crumbs = html[
        html.index('class="breadcrumbs"') : html.index("</nav>", html.index('class="breadcrumbs"'))
    ]
    assert address(above) in crumbs
    assert address(root) not in crumbs
    client.force_login(head)
    html = page(client, seksi)
    assert address(root) in html


@pytest.fixture
def wide(units: SimpleNamespace, instrument: Instrument, budi: User) -> Unit:
    """Budi's unit with sixty more below it."""
    for number in range(60):
        worlds.staff(make_unit(f"Sekolah {number}", parent=units.ani), 1, first=number + 20)
    return units.ani


def test_cost_does_not_grow_with_units(
    client: Client, wide: Unit, instrument: Instrument, budi: User, django_assert_num_queries
) -> None:
    cycle = worlds.make_cycle(instrument)
    refresh(cycle=cycle)
    unit = worlds.cycle_unit(cycle, wide)
    client.force_login(budi)
    page(client, unit)
    with django_assert_num_queries(11):
        html = page(client, unit)
    assert html.count('<th scope="row" role="rowheader">\n    <a') == 60


@pytest.mark.parametrize("children", [1, 3])
def test_cost_is_the_same_with_one_and_three_units_below(
    client: Client,
    units: SimpleNamespace,
    instrument: Instrument,
    budi: User,
    children: int,
    django_assert_num_queries,
) -> None:
    for number in range(children):
        worlds.staff(make_unit(f"Sekolah {number}", parent=units.ani), 5, first=100 + 10 * number)
    cycle = worlds.make_cycle(instrument)
    refresh(cycle=cycle)
    unit = worlds.cycle_unit(cycle, units.ani)
    client.force_login(budi)
    page(client, unit)
    with django_assert_num_queries(11):
        page(client, unit)
