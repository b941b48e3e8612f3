"""Everything that anybody is ever told of units, as one linear system, and solvers that try to undo it.

Unknowns are each person's pillar scores, by whose levels and in which cycle, who is in which band, and how far
each person is. What is told comes from the interface, page and files, as their readers get them; who is behind a
figure is taken from the portal's memory and proved by the figure itself. So the solver knows more than any
reader: all who are in each figure, each sum exactly, and everybody's band.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import unescape
from itertools import product
from math import lcm
from typing import Any

import numpy as np
from django.test import Client
from django.urls import reverse
from scipy.optimize import linprog

from accounts.models import User
from assessments.enums import ScoreKind
from assessments.models import Assessment, CycleUnit, Score
from assessments.queries import scheme_of
from assessments.queries.cycles import assessments_below
from assessments.scoring import round_half_up
from dashboards.models import UnitRelease
from dashboards.rollup import TOTAL
from dashboards.suppression import WIDTH, ranges_of
from tests.dashboards.pages import address, csv_lines, heatmap, page, xlsx_lines

Unknown = tuple[int, str, str]
"""A score, a slot, and what of it: its points, or whether it is in a band. Or an assessment, and how far it is."""
Row = dict[Unknown, Fraction]
Boards = dict[tuple[int, str], dict[str, Any]]
"""What the interface tells, by unit of a cycle and source."""

_PRIME = 2_147_483_647
_DECIMAL = re.compile(r"(?<![\d.,])\d{1,3},\d{2}(?![\d,])")


def boards_told(client: Client, reader: User, units: Iterable[CycleUnit]) -> Boards:
    """All that the interface tells a reader of the units."""
    client.force_login(reader)
    boards = {}
    for unit, source in product(units, ScoreKind.values):
        response = client.get(reverse("api:unit", args=(unit.pk,)), {"source": source})
        if response.status_code == 200:
            boards[unit.pk, source] = response.json()
    return boards


def assert_pages_and_files_tell_nothing_more(
    client: Client, reader: User, boards: Boards, units: Iterable[CycleUnit]
) -> None:
    """Every mean, count and difference of page, CSV and XLSX is one that the interface tells."""
    client.force_login(reader)
    for unit, source in product(units, ScoreKind.values):
        board = boards[unit.pk, source]
        html = page(client, unit, nilai=source)
        text = unescape(re.sub(r"<[^>]*>", " ", html))
        assert set(_DECIMAL.findall(text)) <= set(_decimals_of(board))
        figures = [[_as_page(each) for each in line["figures"]] for line in board["lines"]]
        assert figures == [line[1:] for line in heatmap(html).values()]
        counts = [
            [str(n) for n in line["people"].values()]
            if line["people"]
            else ["disembunyikan", "", "", ""]
            for line in board["lines"]
        ]
        for name, read in (("csv", csv_lines), ("xlsx", xlsx_lines)):
            lines = read(client.get(address(unit, name), {"nilai": source}))[1:]
            assert [[_as_text(cell) for cell in line[3:7]] for line in lines] == counts
            assert [[_as_text(cell, places=2) for cell in line[7:]] for line in lines] == figures


def _decimals_of(board: dict[str, Any]) -> Iterator[str]:
    lines = [figure for line in board["lines"] for figure in line["figures"]]
    compared = [each[side] for each in board["comparisons"] for side in ("own", "verified")]
    for figure in [*lines, *compared, *(cycle["total"] for cycle in board["cycles"])]:
        if figure["mean"]:
            yield figure["mean"].replace(".", ",")
    for each in board["comparisons"]:
        if each["gap"]:
            yield each["gap"].lstrip("-").replace(".", ",")
    for band in board["bands"]:
        yield band["lower"].replace(".", ",")


def _as_page(figure: dict[str, Any]) -> str:
    words = {
        "HIDDEN": "disembunyikan",
        "EMPTY": "belum ada data",
        "BAND": f"predikat {figure['band']}",
    }
    return words.get(figure["state"]) or figure["mean"].replace(".", ",")


def _as_text(cell: object, *, places: int = 0) -> str:
    return f"{cell:.{places}f}".replace(".", ",") if isinstance(cell, float) else str(cell)


@dataclass(frozen=True)
class Known:
    """A score of somebody, by slot."""

    person: int
    values: dict[str, Fraction]
    bands: dict[str, str]

    @classmethod
    def of(cls, score: Score) -> "Known":
        """Read a stored score."""
        scheme = scheme_of(score.instrument_id)
        slots = (TOTAL, *(pillar.code for pillar in scheme.pillars))
        parts = zip(slots, score.numerators, score.denominators, strict=True)
        values = {
            slot: Fraction(int(above), int(below))
            for slot, above, below in parts
            if above is not None
        }
        bands = {
            slot: scheme.band_of(round_half_up(value, scheme.decimals)) or ""
            for slot, value in values.items()
        }
        return cls(score.submission.assessment.person_id, values, bands)

    def row(self, pk: int, slot: str) -> Row:
        """The score in a slot, made of pillars."""
        pillars = [slot] if slot else [each for each in self.values if each]
        return {(pk, pillar, "points"): Fraction(1, len(pillars)) for pillar in pillars}


@dataclass
class System:
    """Equations of everything told so far."""

    rows: dict[tuple[tuple[Unknown, Fraction], ...], Row] = field(default_factory=dict)
    sums: dict[tuple[str, str], set[frozenset[int]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    scores: dict[int, Known] = field(default_factory=dict)
    invited: dict[int, int] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def learn(self, boards: Boards) -> None:
        """Take in every figure of every board; raises AssertionError where it is not of whom it should be."""
        scores = Score.objects.select_related("submission__assessment")
        self.scores |= {each.pk: Known.of(each) for each in scores if each.pk not in self.scores}
        kinds = dict(scores.values_list("pk", "kind"))
        ledgers = {row.pk: row for row in UnitRelease.objects.select_related("unit")}
        for (pk, source), board in boards.items():
            self._assert_consistent(pk, source, boards)
            for line in board["lines"]:
                if line["people"]:
                    self._learn_participation(line)
                entered, apart = _members(ledgers, line["id"], own=line["is_own"])
                behind = {"SHOWN": entered, "BAND": apart}
                for figure in line["figures"]:
                    slot = figure["slot"]
                    members = frozenset(
                        each
                        for each in behind.get(figure["state"], ())
                        if kinds[each] == source and slot in self.scores[each].values
                    )
                    self._learn_figure(source, figure, members)
                    if line is board["lines"][0]:
                        self._learn_distribution(board, slot, members)

    def _learn_participation(self, line: dict[str, Any]) -> None:
        """How far the people of a line are, and those of the whole cycle, as its managers are told."""
        self.told["people"] += 1
        unit = CycleUnit.objects.get(pk=line["id"])
        inside = unit.assessments.all() if line["is_own"] else assessments_below(unit)
        assert line["people"]["invited"] == inside.count()
        for group in (inside, Assessment.objects.filter(cycle=unit.cycle_id)):
            people = dict(group.values_list("pk", "person"))
            self.invited |= people
            self._add({(each, "", "progress"): Fraction(1) for each in people})

    def _learn_figure(self, source: str, figure: dict[str, Any], members: frozenset[int]) -> None:
        slot, state = figure["slot"], figure["state"]
        self.told[state] += 1
        if state == "SHOWN":
            mean = Fraction(sum(self.scores[each].values[slot] for each in members)) / len(members)
            assert figure["mean"] == str(round_half_up(mean, 2))
            self.sums[source, slot].add(members)
            row: Row = defaultdict(Fraction)
            for each in members:
                for unknown, factor in self.scores[each].row(each, slot).items():
                    row[unknown] += factor
            self._add(row)
        if state in ("SHOWN", "BAND"):
            self._add({(each, slot, "band"): Fraction(1) for each in members})

    def _learn_distribution(
        self, board: dict[str, Any], slot: str, members: frozenset[int]
    ) -> None:
        """Counts of bands are of those behind the figure: the equation is the same for each band."""
        bands = Counter(self.scores[each].bands[slot] for each in members)
        for spread in board["distribution"]:
            if spread["slot"] == slot:
                self.told["distribution"] += 1
                assert spread["people"] == len(members)
                assert all(each["people"] == bands[each["band"]] for each in spread["bands"])

    def _add(self, row: Row) -> None:
        self.rows[tuple(sorted(row.items()))] = dict(row)

    def _assert_consistent(self, pk: int, source: str, boards: Boards) -> None:
        """Comparison and trend are made of figures that are told elsewhere, so they add no equation."""
        whole = {kind: boards[pk, kind]["lines"][0]["figures"] for kind in ScoreKind.values}
        board = boards[pk, source]
        for place, each in enumerate(board["comparisons"]):
            own, verified = whole[ScoreKind.SELF][place], whole[ScoreKind.VERIFIED][place]
            assert (each["own"], each["verified"]) == (own, verified)
            if each["gap"]:
                self.told["gap"] += 1
                assert Fraction(each["gap"]) == Fraction(own["mean"]) - Fraction(verified["mean"])
        for cycle in board["cycles"]:
            self.told["trend"] += cycle["id"] != pk and bool(cycle["total"]["mean"])
            total = boards[cycle["id"], source]["lines"][0]["figures"][0]
            assert [cycle["total"][each] for each in ("state", "mean")] == [
                total[each] for each in ("state", "mean")
            ]

    def few_that_can_be_computed(self, k: int) -> set[int]:
        """Fewer than `k` people whom some combination of everything told concerns alone; empty if there are none.

        Such a combination exists if and only if the rank falls without their unknowns.
        """
        rows = list(self.rows.values())
        unknowns = sorted({unknown for row in rows for unknown in row})
        if not unknowns:
            return set()
        basis = _basis(_integers(rows, unknowns))
        columns: dict[int, list[int]] = defaultdict(list)
        for place, unknown in enumerate(unknowns):
            columns[self._person(unknown)].append(place)
        # People alike in every equation can take each other's place: it matters how many of each are taken.
        alike: dict[bytes, list[int]] = defaultdict(list)
        for person, places in columns.items():
            alike[_looks(basis[:, places])].append(person)
        groups = list(alike.values())
        for taken in _numbers([len(group) for group in groups], min(k - 1, len(columns))):
            few = {p for group, n in zip(groups, taken, strict=True) for p in group[:n]}
            left = [place for person, own in columns.items() if person not in few for place in own]
            if len(_basis(basis[:, left])) < len(basis):
                return few
        return set()

    def _person(self, unknown: Unknown) -> int:
        pk, _, of = unknown
        return self.invited[pk] if of == "progress" else self.scores[pk].person

    def narrow_scores(self) -> list[int]:
        """Scores that are less open than WIDTH, or their band, to who knows all sums of a slot and all bands."""
        return [each for groups in self.sums.items() for each in self._narrow(*groups)]

    def _narrow(self, of: tuple[str, str], groups: set[frozenset[int]]) -> Iterator[int]:
        slot = of[1]
        members = sorted(set().union(*groups))
        instrument = Score.objects.values_list("instrument", flat=True).first() or 0
        ranges = ranges_of(scheme_of(instrument))[slot]
        bounds = [tuple(map(float, ranges[self.scores[each].bands[slot]])) for each in members]
        values = np.array([float(self.scores[each].values[slot]) for each in members])
        matrix = np.array([[each in group for each in members] for group in groups], float)
        sums = matrix @ values
        limits = np.concatenate([sums, -sums]) + 1e-6  # floating point
        for place, (low, high) in enumerate(bounds):
            goal = np.eye(len(members))[place]
            least, most = (
                sign
                * linprog(
                    sign * goal, A_ub=np.vstack([matrix, -matrix]), b_ub=limits, bounds=bounds
                ).fun
                for sign in (1, -1)
            )
            if most - least < min(WIDTH, high - low) - 1e-4:
                yield members[place]


def _members(ledgers: dict[int, UnitRelease], pk: int, *, own: bool) -> tuple[set[int], set[int]]:
    """Scores behind the mean of a group, and those behind its bands while it has no mean."""
    if pk not in ledgers:  # before the first release
        return set(), set()
    top = ledgers[pk].unit
    inside = {
        each.pk: each
        for each in ledgers.values()
        if each.pk == pk
        or (
            not own
            and each.unit.cycle_id == top.cycle_id
            and top.first <= each.unit.first <= top.last
        )
    }
    entered, apart = set(), set()
    for each in inside.values():
        entered |= set(each.entered)
        apart |= {*each.held, *each.pooled_above}
        if not own and each.above in inside:
            entered |= set(each.pooled_above)
    return entered, apart


def _integers(rows: Sequence[Row], unknowns: Sequence[Unknown]) -> np.ndarray:
    """The same equations in integers modulo a prime."""
    matrix = np.zeros((len(rows), len(unknowns)), np.int64)
    places = {unknown: place for place, unknown in enumerate(unknowns)}
    for number, row in enumerate(rows):
        common = lcm(*(factor.denominator for factor in row.values()))
        for unknown, factor in row.items():
            matrix[number, places[unknown]] = int(factor * common) % _PRIME
    return matrix


def _basis(matrix: np.ndarray) -> np.ndarray:
    """Reduced rows that span the same; as many as the rank."""
    matrix = matrix.copy()
    rank = 0
    for column in range(matrix.shape[1]):
        if rank == len(matrix):
            break
        found = np.flatnonzero(matrix[rank:, column])
        if not len(found):
            continue
        pivot = rank + int(found[0])
        matrix[[rank, pivot]] = matrix[[pivot, rank]]
        inverse = pow(int(matrix[rank, column]), -1, _PRIME)
        matrix[rank] = matrix[rank] * inverse % _PRIME
        factors = matrix[:, column].copy()
        factors[rank] = 0
        touched = np.flatnonzero(factors)
        matrix[touched] = (matrix[touched] - factors[touched, None] * matrix[rank]) % _PRIME
        rank += 1
    return matrix[:rank]


def _looks(columns: np.ndarray) -> bytes:
    """The same for people whose unknowns stand alike, in whatever order."""
    return b"|".join(sorted(column.tobytes() for column in columns.T))


def _numbers(sizes: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    """All ways of taking so many out of groups of these sizes."""
    if not sizes:
        if total == 0:
            yield ()
        return
    for first in range(min(sizes[0], total) + 1):
        for rest in _numbers(sizes[1:], total - first):
            yield (first, *rest)
