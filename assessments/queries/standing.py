"""What a person can do with an assessment right now, by its state and the database's clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Now

from accounts.models import User
from assessments.enums import DECIDED, EDITABLE, Status
from assessments.models import Assessment, Review
from assessments.models.assessment import AssessmentQuerySet
from assessments.queries.clock import Phase
from assessments.queries.sheet import questionnaire_of

DRAFT_COLUMNS = (
    "status",
    "submission",
    "extended_until",
    "cycle__name",
    "cycle__instrument",
    "cycle__opens_at",
    "cycle__closes_at",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One assessment at one moment."""

    phase: Phase
    status: str
    review_started: bool

    @property
    def may_fill(self) -> bool:
        """Whether answers are taken."""
        return self.phase is Phase.OPEN and self.status in EDITABLE

    @property
    def may_withdraw(self) -> bool:
        """Whether it can be taken back, which needs time to hand it in again."""
        in_time = self.phase is Phase.OPEN
        return in_time and self.status == Status.SUBMITTED and not self.review_started

    @property
    def missed(self) -> bool:
        """Whether the deadline passed before it was handed in."""
        return self.phase is Phase.CLOSED and self.status in EDITABLE

    @property
    def is_decided(self) -> bool:
        """Whether the supervisor is done with it, so that nothing about it is open any more."""
        return self.status in DECIDED

    @property
    def is_current(self) -> bool:
        """Whether it still waits for the person."""
        return self.phase is not Phase.CLOSED and self.status in EDITABLE


@dataclass(frozen=True, slots=True)
class OwnAssessment:
    """One line of the person's list; `total` is the number of statements."""

    assessment: Assessment
    standing: Standing
    total: int


def own_assessments(user: User) -> AssessmentQuerySet:
    """The person's assessments, with all that `standing` asks, read in one query."""
    review = Review.objects.filter(submission=OuterRef("submission"))
    return (
        Assessment.objects.of(user)
        .select_related("cycle", "unit", "submission")
        .annotate(now=Now(), review_started=Exists(review))
        .order_by("-cycle__opens_at", "-pk")
    )


def own_drafts(user: User) -> AssessmentQuerySet:
    """The same for filling in alone, which asks neither for the unit nor for a review."""
    return (
        Assessment.objects.of(user)
        .select_related("cycle")
        .only(*DRAFT_COLUMNS)
        .annotate(now=Now(), review_started=Value(value=False))
    )


def with_answered(assessments: AssessmentQuerySet) -> AssessmentQuerySet:
    """The same with `answered`: at how many statements a choice stands that can still be changed."""
    chosen = Q(answers__value__isnull=False) | Q(answers__not_applicable=True)
    return assessments.annotate(answered=Count("answers", filter=chosen))


def lines_of(assessments: Iterable[Assessment]) -> list[OwnAssessment]:
    """A line for each assessment, read by `own_assessments`."""
    return [
        OwnAssessment(each, standing(each), len(questionnaire_of(each).indicators))
        for each in assessments
    ]


def standing(assessment: Assessment) -> Standing:
    """What can be done with an assessment of `own_assessments`."""
    return Standing(
        phase=Phase.at(
            assessment.now,  # type: ignore[attr-defined]  # annotated by the query
            opens_at=assessment.cycle.opens_at,
            closes_at=assessment.deadline,
        ),
        status=assessment.status,
        review_started=assessment.review_started,  # type: ignore[attr-defined]
    )
