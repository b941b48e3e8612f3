"""Whom a supervisor reviews: the list, its counts, who is behind, and who comes next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Value, When

from accounts.models import User
from assessments.enums import STAGES, ReviewStatus, Stage, Status
from assessments.models import Assessment, Cycle, Review
from assessments.queries.visibility import reviewable_by

# What asks for the supervisor's attention first.
ORDER = (
    Status.SUBMITTED,
    Status.RETURNED,
    Status.DRAFT,
    Status.INVITED,
    Status.VERIFIED,
    Status.FINAL,
)


@dataclass(frozen=True, slots=True)
class CycleLoad:
    """One cycle as a supervisor sees it: how many people stand where."""

    cycle: Cycle
    counts: Mapping[str, int]

    @property
    def waiting(self) -> int:
        """Handed in and not decided."""
        return self.counts[Stage.WAITING]

    @property
    def returned(self) -> int:
        """Sent back and not handed in again."""
        return self.counts[Stage.RETURNED]

    @property
    def done(self) -> int:
        """Verified or final."""
        return self.counts[Stage.DONE]

    @property
    def behind(self) -> int:
        """Not handed in yet."""
        return self.counts[Stage.BEHIND]

    @property
    def total(self) -> int:
        """Everybody."""
        return sum(self.counts.values())


def caseload(user: User) -> QuerySet[Assessment]:
    """Everybody whom the person reviews today, with what a list shows; no answers are read."""
    begun = Review.objects.filter(submission=OuterRef("submission"), status=ReviewStatus.OPEN)
    places = [When(status=status, then=Value(place)) for place, status in enumerate(ORDER)]
    return (
        reviewable_by(user)
        .select_related("person", "unit", "cycle", "submission")
        .defer("submission__answers")
        .annotate(
            place=Case(*places, output_field=IntegerField()),
            review_begun=Exists(begun),
        )
    )


def loads_of(cases: QuerySet[Assessment]) -> list[CycleLoad]:
    """The cycles of a caseload, newest first, in two queries."""
    counts: dict[int, Counter[str]] = {}
    stage_of = {status: stage for stage, statuses in STAGES.items() for status in statuses}
    rows = cases.order_by().values_list("cycle_id", "status").annotate(number=Count("pk"))
    for cycle_id, status, number in rows:
        counts.setdefault(cycle_id, Counter())[stage_of[status]] += number
    cycles = Cycle.objects.filter(pk__in=counts).order_by("-opens_at", "-pk")
    return [CycleLoad(cycle, counts[cycle.pk]) for cycle in cycles]


def behind(cases: QuerySet[Assessment], cycle: Cycle) -> list[Assessment]:
    """Who has not handed in yet in a cycle, by name."""
    late = cases.filter(cycle=cycle, status__in=STAGES[Stage.BEHIND])
    return list(late.order_by("person__name", "pk"))


def next_waiting(user: User, after: Assessment) -> Assessment | None:
    """Whose assessment the person reviews next: the same cycle first, then who waits longest."""
    return (
        caseload(user)
        .filter(status=Status.SUBMITTED)
        .exclude(pk=after.pk)
        .annotate(
            elsewhere=Case(
                When(cycle=after.cycle_id, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
        .order_by("elsewhere", "submission__submitted_at", "pk")
        .first()
    )
