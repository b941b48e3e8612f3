"""What a person can do with an assessment right now, by its state and the database's clock."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import User
from assessments.enums import DECIDED, EDITABLE, Status
from assessments.models import Assessment, Cycle, Review
from assessments.models.assessment import AssessmentQuerySet
from assessments.queries.clock import Phase
from assessments.queries.rows import columns
from assessments.queries.sheet import questionnaire_of


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


def own_assessment(user: User, assessment_id: int) -> Assessment:
    """One of them with its cycle and all that `standing` asks, for the pages of one assessment.

    Unit and submission are read when they are asked for. Raises Assessment.DoesNotExist.
    """
    assessment, now = read_with_cycle(assessment_id, of=user)
    assessment.now = now  # type: ignore[attr-defined]  # both as the query above annotates them
    assessment.review_started = (  # type: ignore[attr-defined]
        assessment.submission_id is not None
        and not assessment.is_editable
        and Review.objects.filter(submission=assessment.submission_id).exists()
    )
    return assessment


def read_with_cycle(
    assessment_id: int, *, of: User | None = None, lock: bool = False
) -> tuple[Assessment, datetime.datetime]:
    """An assessment with its cycle, and the database's time when it was asked, in one statement written by hand.

    `of`: only that person's own. `lock`: the row is locked for this transaction; the time is from before the
    wait for whoever holds the lock. Raises Assessment.DoesNotExist.
    """
    found, within = columns(Assessment, "assessment"), columns(Cycle, "cycle")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT statement_timestamp(), {found.sql}, {within.sql}
            FROM assessments_assessment assessment
            JOIN assessments_cycle cycle ON cycle.id = assessment.cycle_id
            WHERE assessment.id = %s AND {"assessment.person_id = %s" if of else "true"}
            {"FOR NO KEY UPDATE OF assessment" if lock else ""}
            """,  # noqa: S608  # nosec B608  # columns of ours
            [assessment_id, of.pk] if of else [assessment_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Assessment.DoesNotExist
    asked_at, *values = row
    assessment = found.instance(values[: len(found)])
    assessment.cycle = within.instance(values[len(found) :])
    return assessment, asked_at


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
    """What can be done with an assessment of `own_assessments` or `own_assessment`."""
    return Standing(
        phase=Phase.at(
            assessment.now,  # type: ignore[attr-defined]  # annotated by the query
            opens_at=assessment.cycle.opens_at,
            closes_at=assessment.deadline,
        ),
        status=assessment.status,
        review_started=assessment.review_started,  # type: ignore[attr-defined]
    )
