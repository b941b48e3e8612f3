"""What the home page and the navigation read: how a person relates to the portal, and what waits."""

import datetime
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, DecimalField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.enums import Role
from accounts.models import User
from assessments.enums import HANDED_IN, STAGES, ReportStatus, ScoreKind, Stage, Status
from assessments.models import Assessment, Cycle, CycleUnit, Reopening, Score
from assessments.models.assessment import AssessmentQuerySet
from assessments.queries import reviewable_by
from assessments.queries.reopening import waiting_for
from assessments.queries.reports import reports_in
from assessments.queries.standing import OwnAssessment, lines_of, own_assessments, with_answered
from organization.enums import CorrectionStatus
from organization.models import WARN_BEFORE, Posting, Unit
from organization.queries import (
    corrections_in,
    corrections_without_office,
    hr_units,
    posting_of,
    supervisor_of,
    units_led_by,
)
from pillars.models import Instrument

RESULTS_SHOWN = 5

# One statement, since every page pays for it. Links only: each view asks for itself.
_RELATIONS = """
    SELECT
        EXISTS (
            SELECT 1 FROM organization_posting
            WHERE user_id = %(user)s AND is_head AND valid @> %(on)s::date
        ),
        EXISTS (SELECT 1 FROM assessments_assessment WHERE named_reviewer_id = %(user)s),
        EXISTS (
            SELECT 1 FROM organization_hrmandate
            WHERE user_id = %(user)s AND valid @> %(on)s::date
        ),
        EXISTS (
            SELECT 1 FROM accounts_rolegrant
            WHERE user_id = %(user)s AND role = %(curator)s AND valid @> %(on)s::date
        ),
        EXISTS (
            SELECT 1 FROM accounts_rolegrant
            WHERE user_id = %(user)s AND role = %(auditor)s AND valid @> %(on)s::date
        )
"""


@dataclass(frozen=True, slots=True)
class Relations:
    """What a person is in the portal on a date; it decides which links are shown, never what is allowed."""

    leads: bool = False
    is_named_reviewer: bool = False
    mends_personnel_data: bool = False
    curates: bool = False
    audits: bool = False

    @property
    def reviews(self) -> bool:
        """Whether there may be assessments to review."""
        return self.leads or self.is_named_reviewer


@dataclass(frozen=True, slots=True)
class Waiting:
    """Assessments that the person reviews, in cycles that are not established yet."""

    submitted: int = 0
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class Reports:
    """Open reports about supervisors that the person can settle."""

    count: int = 0
    oldest: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """Requests to correct data that the person's office has to answer."""

    count: int = 0
    due: datetime.datetime | None = None
    """The nearest deadline."""
    overdue: int = 0
    """How many wait longer than they may."""
    soon: int = 0
    """How many of the others may wait less than a day more."""


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that the home page shows."""

    relations: Relations
    current: list[OwnAssessment]
    past: list[OwnAssessment]
    waiting: Waiting = Waiting()
    units: list[CycleUnit] = field(default_factory=list)
    reports: Reports = Reports()
    corrections: Corrections = Corrections()
    drafts: list[Instrument] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    nobodys: int = 0
    """Requests to correct data of units without a personnel office, for operators."""
    is_empty: bool = False
    """Nobody's unit is recorded yet: operators are told how to begin."""
    reopenings: list[Reopening] = field(default_factory=list)
    """Proposals that wait for the person as the second cycle manager."""

    @property
    def invited(self) -> bool:
        """Whether the person was ever asked to fill in."""
        return bool(self.current or self.past)

    @property
    def nothing_waits(self) -> bool:
        """Whether the person has nothing to do today."""
        duties = (self.waiting.submitted, self.reports.count, self.corrections.count, self.nobodys)
        return not (self.current or self.reopenings or any(duties))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the person stands on a date; None where nothing is recorded."""

    posting: Posting | None = None
    supervisor: User | None = None


def placement_of(user: User, on: datetime.date) -> Placement:
    """The person's own post on the date, and who supervises there."""
    posting = posting_of(user, on)
    if posting is None:
        return Placement()
    unit_id = posting.position.unit_id
    return Placement(posting, supervisor_of(user_id=user.pk, unit_id=unit_id, on=on))


def relations_of(user: User, on: datetime.date) -> Relations:
    """How the person relates to the portal on a date, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RELATIONS,
            {"user": user.pk, "on": on, "curator": Role.CURATOR, "auditor": Role.AUDITOR},
        )
        return Relations(*cursor.fetchone())


def home_of(user: User, relations: Relations, on: datetime.date) -> Home:
    """What waits for the person; asks only for what the relations make possible."""
    own = lines_of(_own_with_results(user))
    office = hr_units(user, on) if relations.mends_personnel_data else set()
    return Home(
        relations=relations,
        current=[each for each in own if each.standing.is_current],
        past=[each for each in own if not each.standing.is_current][:RESULTS_SHOWN],
        waiting=_waiting(user, on) if relations.reviews else Waiting(),
        units=list(_led_units(user, on)) if relations.leads else [],
        reports=_reports(office, user) if office else Reports(),
        corrections=_corrections(office, user) if office else Corrections(),
        drafts=list(Instrument.objects.drafts()) if relations.curates else [],
        cycles=list(_unfinished_cycles()) if relations.curates else [],
        nobodys=corrections_without_office(on).count() if user.is_staff else 0,
        is_empty=user.is_staff and not Unit.objects.exists(),
        reopenings=list(waiting_for(user)) if relations.curates else [],
    )


def _own_with_results(user: User) -> AssessmentQuerySet:
    verified = Score.objects.filter(submission=OuterRef("submission"), kind=ScoreKind.VERIFIED)
    return (
        with_answered(own_assessments(user))
        .select_related("cycle__instrument")
        .annotate(
            verified_total=Subquery(verified.values("total"), output_field=DecimalField()),
            verified_band=Subquery(verified.values("band")),
        )
    )


def _waiting(user: User, on: datetime.date) -> Waiting:
    counts = reviewable_by(user, on).aggregate(
        submitted=Count("pk", filter=Q(status=Status.SUBMITTED)),
        unfinished=Count(
            "pk",
            filter=Q(
                status__in=STAGES[Stage.BEHIND],
                cycle__opens_at__lte=Now(),
                cycle__closes_at__gte=Now(),
            ),
        ),
    )
    return Waiting(**counts)


def _led_units(user: User, on: datetime.date) -> QuerySet[CycleUnit]:
    """The units that the person leads, each as it stands in the latest cycle that has it."""
    return (
        CycleUnit.objects.filter(unit__in=units_led_by(user, on), cycle__opens_at__lte=Now())
        .select_related("cycle")
        .order_by("unit_id", "-cycle__opens_at", "-cycle_id")
        .distinct("unit_id")
    )


def _reports(office: set[int], user: User) -> Reports:
    waiting = reports_in(office, user).filter(status=ReportStatus.OPEN)
    return Reports(**waiting.aggregate(count=Count("pk"), oldest=Min("reported_at")))


def _corrections(office: set[int], user: User) -> Corrections:
    waiting = corrections_in(office, user).filter(status=CorrectionStatus.RECEIVED)
    late = Count("pk", filter=Q(due_at__lt=Now()))
    soon = Count("pk", filter=Q(due_at__range=(Now(), Now() + WARN_BEFORE)))
    return Corrections(
        **waiting.aggregate(count=Count("pk"), due=Min("due_at"), overdue=late, soon=soon)
    )


def _unfinished_cycles() -> QuerySet[Cycle]:
    """Cycles that are not over, with `now` and how many were invited and have handed in."""
    people = Assessment.objects.filter(cycle=OuterRef("pk")).order_by()
    return (
        Cycle.objects.filter(closes_at__gte=Now())
        .annotate(
            now=Now(),
            invited=_number_of(people),
            handed_in=_number_of(people.filter(status__in=HANDED_IN)),
        )
        .order_by("closes_at", "pk")
    )


def _number_of(people: QuerySet[Assessment]) -> Coalesce:
    """Counted in an index of its own, where a join would read every assessment there is."""
    counted = people.values("cycle").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0)
