"""What is due for destruction by schedule, what is held, and what was destroyed."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Q, QuerySet

from accounts.models import User
from assessments.models import Cycle, LegalHold, Tombstone
from audit.enums import RetentionKind
from audit.models import Destruction

OF_CYCLES = (RetentionKind.DRAFTS, RetentionKind.ASSESSMENTS)
"""In the order in which they fall due."""

OF_NO_CYCLE = {
    RetentionKind.CORRECTIONS: "SELECT organization_due_corrections()",
    RetentionKind.TRACES: "SELECT accounts_due_traces()",
}


@dataclass(frozen=True, slots=True)
class Due:
    """How many assessments of a cycle, or rows of no cycle, a destruction would take now."""

    kind: RetentionKind
    cycle: str
    number: int


def due_now() -> list[Due]:
    """Everything that the schedule lets go today, without what is held; asks the database's own functions."""
    found = [
        Due(kind, cycle.code, count)
        for kind in OF_CYCLES
        for cycle in closed_cycles(kind)
        if (count := _count("SELECT count(*) FROM assessments_due(%s, %s, NULL)", kind, cycle.pk))
    ]
    return found + [
        Due(kind, "", count)
        for kind, statement in OF_NO_CYCLE.items()
        if (count := _count(statement))
    ]


def closed_cycles(kind: RetentionKind) -> Iterator[Cycle]:
    """Cycles that closed before the kind's time, and of which something is left; oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_kept_since(%s)", [kind])
        since = cursor.fetchone()[0]
    cycles = Cycle.objects.filter(closes_at__lt=since, assessments__isnull=False)
    yield from cycles.distinct().order_by("closes_at", "pk")


def cycles_with_history_left() -> list[Cycle]:
    """Cycles of which rows went since the history of their answers was last looked through."""
    kinds = (
        Destruction.objects.exclude(cycle="")
        .order_by()
        .values("cycle")
        .annotate(
            # A pass is over when it says so, with no row of its own.
            passed=Max("pk", filter=Q(kind=RetentionKind.HISTORY, rows=0)),
            latest=Max("pk", filter=Q(kind__in=OF_CYCLES)),
        )
    )
    codes = [each["cycle"] for each in kinds if (each["latest"] or 0) > (each["passed"] or 0)]
    return list(Cycle.objects.filter(code__in=codes).order_by("pk"))


def destroyed_at(cycle: Cycle) -> datetime.datetime | None:
    """When the first assessments of the cycle were destroyed by schedule; None while all stand."""
    gone = Destruction.objects.filter(cycle=cycle.code, kind=RetentionKind.ASSESSMENTS)
    return gone.order_by("pk").values_list("at", flat=True).first()


def tombstones_of(user: User) -> QuerySet[Tombstone]:
    """The person's destroyed assessments, the latest cycle first."""
    return (
        Tombstone.objects.of(user)
        .filter(kind=RetentionKind.ASSESSMENTS)
        .select_related("cycle")
        .order_by("-cycle__opens_at", "-pk")
    )


def holds_in_force() -> QuerySet[LegalHold]:
    """What is held now, oldest first."""
    return LegalHold.objects.filter(lifted_at__isnull=True).select_related("cycle", "person")


def _count(statement: str, *parameters: str | int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
