"""Who reads which dashboard: relation by relation, for page and files alike."""

import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clock import portal_today
from accounts.models import User
from assessments.models import Cycle
from dashboards.operations import refresh
from dashboards.permissions import reads_dashboards
from dashboards.queries import visible_units
from organization.enums import PostingKind
from tests.dashboards import worlds
from tests.dashboards.pages import address
from tests.factories import make_user, post
from tests.pages import text_of


@pytest.fixture
def read(client: Client, cycle: Cycle, units: SimpleNamespace):
    """Names of the units whose page a person gets; files must answer like the page."""
    refresh(cycle=cycle)

    def names(user: User) -> set[str]:
        client.force_login(user)
        found = set()
        for unit in vars(units).values():
            target = worlds.cycle_unit(cycle, unit)
            codes = {
                client.get(address(target, extension)).status_code
                for extension in ("", "csv", "xlsx")
            }
            assert codes in ({200}, {404})
            assert visible_units(user).filter(pk=target.pk).exists() == (codes == {200})
            if codes == {200}:
                found.add(unit.name)
        return found

    return names


def test_head_reads_the_unit_and_all_below(read, budi: User) -> None:
    assert read(budi) == {"Bidang Pelayanan", "Seksi Pengaduan"}


def test_head_of_another_unit_reads_only_that(read, citra: User) -> None:
    assert read(citra) == {"Bidang Perencanaan"}


def test_employee_and_curator_read_none(read, ani: User, dewi: User) -> None:
    assert read(ani) == read(dewi) == set()


def test_auditor_reads_all_without_names(
    read, client: Client, eko: User, cycle: Cycle, units: SimpleNamespace
) -> None:
    assert read(eko) == {unit.name for unit in vars(units).values()}
    html = client.get(address(worlds.cycle_unit(cycle, units.ani))).content.decode()
    assert "Pegawai 100" not in html


def test_acting_head_reads_on_the_days_of_acting_only(read, units: SimpleNamespace) -> None:
    today = portal_today()
    day = datetime.timedelta(days=1)
    acting, former, coming = (make_user(f"Plt {n}", serial=800 + n) for n in range(3))
    post(acting, units.citra, head=True, kind=PostingKind.PLT, since=today, until=today + day)
    post(former, units.citra, head=True, kind=PostingKind.PLT, since=today - day, until=today)
    post(coming, units.citra, head=True, kind=PostingKind.PLT, since=today + day)
    assert read(acting) == {"Bidang Perencanaan"}
    assert read(former) == read(coming) == set()


def test_anonymous_is_sent_to_sign_in(client: Client, cycle: Cycle, units: SimpleNamespace) -> None:
    for path in (
        reverse("dashboards:index"),
        address(worlds.cycle_unit(cycle, units.ani)),
        address(worlds.cycle_unit(cycle, units.ani), "csv"),
    ):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, f"/akun/masuk/?next={path}")


def test_unit_under_another_cycle_or_as_another_file_does_not_exist(
    client: Client, cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    unit = worlds.cycle_unit(cycle, units.ani)
    for path in (f"/unit/2099/{unit.pk}/", "/unit/2026-1/999999/", address(unit, "pdf")):
        assert client.get(path).status_code == 404


def test_index_is_not_there_for_who_leads_nothing(client: Client, cycle: Cycle, ani: User) -> None:
    client.force_login(ani)
    assert client.get(reverse("dashboards:index")).status_code == 404
    assert not reads_dashboards(ani)


def test_before_the_first_cycle_the_index_says_when_there_will_be_figures(
    client: Client, budi: User, eko: User
) -> None:
    for reader in (budi, eko):
        client.force_login(reader)
        assert "Belum ada rekap" in text_of(client.get(reverse("dashboards:index")))


def test_index_goes_straight_to_the_only_unit(
    client: Client, cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    response = client.get(reverse("dashboards:index"))
    assert (response.status_code, response.url) == (
        302,
        address(worlds.cycle_unit(cycle, units.ani)),
    )
    assert reads_dashboards(budi)


@pytest.mark.parametrize("cycles", [2, 4])
def test_index_lists_units_by_cycle_latest_first(
    client: Client,
    fair: Cycle,
    units: SimpleNamespace,
    budi: User,
    cycles: int,
    django_assert_num_queries,
) -> None:
    refresh(cycle=fair)
    for number in range(1, cycles):
        worlds.make_cycle(fair.instrument, code=f"later-{number}", days_ago=9 - number)
    client.force_login(budi)
    with django_assert_num_queries(7):
        html = client.get(reverse("dashboards:index")).content.decode()
    codes = [f"later-{number}" for number in reversed(range(1, cycles))] + ["2026-1"]
    places = [html.index(f"Periode {code}") for code in codes]
    assert places == sorted(places)
    assert "0 dari 16 pegawai sudah mengajukan" in html


def test_index_tells_no_counts_of_a_unit_that_would_give_a_small_one_away(
    client: Client, cycle: Cycle, units: SimpleNamespace, budi: User
) -> None:
    refresh(cycle=cycle)
    worlds.make_cycle(cycle.instrument, code="later", days_ago=9)
    client.force_login(budi)
    html = client.get(reverse("dashboards:index")).content.decode()
    assert "Bidang Pelayanan" in html
    assert "sudah mengajukan" not in html


def test_auditor_starts_at_the_top_of_each_cycle(
    client: Client, cycle: Cycle, units: SimpleNamespace, eko: User
) -> None:
    client.force_login(eko)
    response = client.get(reverse("dashboards:index"))
    assert (response.status_code, response.url) == (
        302,
        address(worlds.cycle_unit(cycle, units.root)),
    )


def test_post_is_refused(client: Client, cycle: Cycle, units: SimpleNamespace, budi: User) -> None:
    client.force_login(budi)
    assert client.post(address(worlds.cycle_unit(cycle, units.ani))).status_code == 405
