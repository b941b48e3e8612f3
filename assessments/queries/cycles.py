"""Cycles as curators read them: where the clock stands, who has handed in, which units there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from assessments.enums import DECIDED, HANDED_IN, Status
from assessments.models import Assessment, Cycle, CycleUnit
from assessments.queries.clock import Phase
from organization.models import Unit

LEVELS_SHOWN = 3
INDENT = "\u00a0\u00a0\u00a0\u00a0"


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many people of a cycle stand in each state."""

    by_status: dict[str, int]

    @property
    def invited(self) -> int:
        """Everybody who was asked."""
        return sum(self.by_status.values())

    @property
    def handed_in(self) -> int:
        """Those whose answers are in, whatever became of them since."""
        return sum(self.of(status) for status in HANDED_IN)

    @property
    def verified(self) -> int:
        """Those whose supervisor has verified, established ones included."""
        return sum(self.of(status) for status in DECIDED)

    def of(self, status: Status) -> int:
        """Those in one state."""
        return self.by_status.get(status, 0)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit in a list, `depth` levels below the top."""

    pk: int
    name: str
    depth: int
    parent: str = ""

    @property
    def label(self) -> str:
        """Its name, indented by its depth."""
        return INDENT * self.depth + self.name


def cycles() -> QuerySet[Cycle]:
    """Every cycle with its instrument and `now`, the database's time; latest first."""
    return Cycle.objects.select_related("instrument").annotate(now=Now())


def phase_of(cycle: Cycle) -> Phase:
    """Where the clock stands for a cycle of `cycles`."""
    now = cycle.now  # type: ignore[attr-defined]  # annotated by `cycles`
    return Phase.at(now, opens_at=cycle.opens_at, closes_at=cycle.closes_at)


def counts_of(cycle_ids: Iterable[int]) -> dict[int, StatusCounts]:
    """How many people stand in which state, for several cycles in one query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Assessment.objects.filter(cycle__in=list(cycle_ids))
        .order_by()
        .values_list("cycle", "status")
        .annotate(number=Count("*"))  # of rows, which the index of cycle and status knows alone
    )
    for cycle_id, status, number in rows:
        found[cycle_id][status] = number
    return defaultdict(
        lambda: StatusCounts({}),
        {cycle_id: StatusCounts(by_status) for cycle_id, by_status in found.items()},
    )


def unit_choices() -> list[UnitChoice]:
    """Active units of the first three levels as they stand today, each below its parent."""
    top = Q(parent__isnull=True)
    for above in range(1, LEVELS_SHOWN):
        top |= Q(**{"parent__" * above + "parent__isnull": True})
    children: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    rows = Unit.objects.without_tree_fields().filter(top, is_active=True).order_by("name", "pk")
    for row in rows.values("pk", "name", "parent_id"):
        children[row["parent_id"]].append(row)
    choices = []
    stack = [(row, 0, "") for row in reversed(children[None])]
    while stack:
        row, depth, parent = stack.pop()
        choices.append(UnitChoice(row["pk"], row["name"], depth, parent))
        below = reversed(children[row["pk"]])
        stack.extend((child, depth + 1, row["name"]) for child in below)
    return choices


def cycle_unit_choices(cycle: Cycle) -> list[UnitChoice]:
    """Units of the first three levels as they stood on the cycle's census date."""
    rows = CycleUnit.objects.filter(cycle=cycle, depth__lt=LEVELS_SHOWN).order_by("first")
    return [
        UnitChoice(pk, name, depth) for pk, name, depth in rows.values_list("pk", "name", "depth")
    ]


def assessments_below(unit: CycleUnit) -> QuerySet[Assessment]:
    """Assessments of a unit and of all below it, as the cycle froze the tree."""
    return Assessment.objects.filter(
        cycle=unit.cycle_id, unit__first__gte=unit.first, unit__first__lte=unit.last
    )
