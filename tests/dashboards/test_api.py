"""Figures for other programs: exactly those of page and files, for every reader, whatever is hidden."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Assessment, Cycle, CycleUnit
from assessments.queries.cycles import assessments_below
from dashboards.operations import refresh
from tests.dashboards import worlds
from tests.dashboards.pages import address, csv_lines, heatmap, page, xlsx_lines
from tests.dashboards.test_suppression_attacks import Row, rank

SOURCES = ("SELF", "VERIFIED")
BANDED, HIDDEN, EMPTY = "predikat {}", "disembunyikan", "belum ada data"


@pytest.fixture
def cast(budi: User, citra: User, eko: User) -> list[User]:
    """Everybody else who reads figures."""
    return [budi, citra, eko]


def figures(client: Client, unit: CycleUnit, source: str = "SELF") -> dict:
    response = client.get(reverse("api:unit", args=(unit.pk,)), {"source": source})
    assert response.status_code == 200
    return response.json()


def as_page(figure: dict) -> str:
    words = {"HIDDEN": HIDDEN, "EMPTY": EMPTY, "BAND": BANDED.format(figure["band"])}
    return words.get(figure["state"]) or figure["mean"].replace(".", ",")


def numbers_in(said: object) -> set[str]:
    """Every mean anywhere in an answer."""
    if isinstance(said, dict):
        here = {said["mean"]} if said.get("mean") else set()
        return here.union(*map(numbers_in, said.values()))
    return set().union(*map(numbers_in, said)) if isinstance(said, list) else set()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("unit", ["root", "ani", "seksi", "citra"])
def test_interface_page_and_files_agree_figure_by_figure(
    client: Client,
    all_filled: Cycle,
    units: SimpleNamespace,
    head: User,
    unit: str,
    source: str,
) -> None:
    client.force_login(head)
    target = worlds.cycle_unit(all_filled, getattr(units, unit))
    said = figures(client, target, source)
    mine = [[as_page(each) for each in line["figures"]] for line in said["lines"]]
    shown = heatmap(page(client, target, nilai=source))
    lines = csv_lines(client.get(address(target, "csv"), {"nilai": source}))[1:]
    book = xlsx_lines(client.get(address(target, "xlsx"), {"nilai": source}))[1:]
    assert mine == [line[1:] for line in shown.values()]
    assert mine == [line[7:] for line in lines]
    assert len(book) == len(mine)
    people = [line["people"] and str(line["people"]["submitted"]) for line in said["lines"]]
    assert people == [line[5] or None for line in lines]


def test_everything_said_is_on_the_page(
    client: Client, all_filled: Cycle, units: SimpleNamespace, head: User, budi: User
) -> None:
    """Distribution, comparison and trend, too."""
    assessment = Assessment.objects.filter(cycle=all_filled, unit__unit=units.seksi).first()
    worlds.verify(assessment, {"ALF-01": 3, "ALF-02": 3, "BET-01": 3, "BET-02": 3}, budi)
    refresh(cycle=all_filled)
    client.force_login(head)
    for unit in CycleUnit.objects.filter(cycle=all_filled):
        for source in SOURCES:
            said = figures(client, unit, source)
            html = page(client, unit, nilai=source)
            for mean in numbers_in(said):
                assert mean.replace(".", ",") in html
            for row in said["distribution"]:
                cells = "".join(f'<td class="num">{each["people"]}</td>' for each in row["bands"])
                assert cells in html


def test_a_small_group_has_no_figure_and_no_count(
    client: Client, all_filled: Cycle, units: SimpleNamespace, citra: User
) -> None:
    client.force_login(citra)
    said = figures(client, worlds.cycle_unit(all_filled, units.citra))
    (line,) = said["lines"]
    assert line["people"] is None
    assert {each["state"] for each in line["figures"]} == {"HIDDEN"}
    assert numbers_in(said) == set()
    assert (said["distribution"], said["covers"]) == ([], None)


def test_no_few_people_follow_from_all_that_everybody_is_told(
    client: Client, all_filled: Cycle, units: SimpleNamespace, head: User, cast: list[User]
) -> None:
    """The solver of test_suppression, over what the interface tells all its readers together."""
    own = {
        unit.pk: set(unit.assessments.values_list("pk", flat=True))
        for unit in CycleUnit.objects.filter(cycle=all_filled)
    }
    below = {
        unit.pk: set(assessments_below(unit).values_list("pk", flat=True))
        for unit in CycleUnit.objects.filter(cycle=all_filled)
    }
    told: dict[str, set[frozenset[int]]] = defaultdict(set)
    for reader in (head, *cast):
        client.force_login(reader)
        for pk in own:
            response = client.get(reverse("api:unit", args=(pk,)))
            for line in response.json().get("lines", ()):
                concerned = (own if line["is_own"] else below)[line["id"]]
                for figure in line["figures"]:
                    if figure["state"] in ("SHOWN", "BAND"):
                        told[figure["slot"]].add(frozenset(concerned))
    assert told.keys() == {"", "ALFA", "BETA"}
    for groups in told.values():
        rows: list[Row] = [{(each, ""): Fraction(1) for each in group} for group in groups]
        # People of one unit stand alike in every sum, so it matters only how many of each are taken.
        for counts in product(range(settings.MIN_GROUP), repeat=len(own)):
            if sum(counts) == settings.MIN_GROUP - 1:
                few = {
                    person
                    for unit, count in zip(own.values(), counts, strict=True)
                    for person in sorted(unit)[:count]
                }
                others = [{key: n for key, n in row.items() if key[0] not in few} for row in rows]
                assert rank(others) == rank(rows), f"{few} can be computed"


def test_readers_start_where_the_page_starts(
    client: Client, all_filled: Cycle, units: SimpleNamespace, budi: User, eko: User, ani: User
) -> None:
    for reader, names in ((budi, ["Bidang Pelayanan"]), (eko, ["Provinsi"])):
        client.force_login(reader)
        listed = client.get(reverse("api:unit_list")).json()
        assert [each["name"] for each in listed["items"]] == names
    client.force_login(ani)
    assert client.get(reverse("api:unit_list")).status_code == 404


def test_an_unknown_source_is_refused(
    client: Client, all_filled: Cycle, units: SimpleNamespace, budi: User
) -> None:
    client.force_login(budi)
    unit = worlds.cycle_unit(all_filled, units.ani)
    response = client.get(reverse("api:unit", args=(unit.pk,)), {"source": "answers"})
    assert response.status_code == 422


@pytest.mark.parametrize("more", [0, 2])
def test_cost_is_the_same_whatever_lies_below(
    client: Client,
    fair: Cycle,
    units: SimpleNamespace,
    head: User,
    more: int,
    django_assert_num_queries,
) -> None:
    refresh(cycle=fair)
    target = worlds.cycle_unit(fair, units.root if more else units.seksi)
    client.force_login(head)
    figures(client, target)
    with django_assert_num_queries(7):
        figures(client, target)
