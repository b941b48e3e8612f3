"""Established results that were opened again, and those that wait for a second person."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from assessments.enums import ReopeningStatus, Status
from assessments.models import Assessment, Cycle, Reopening
from assessments.queries.cycles import cycles


def cycles_with_results() -> QuerySet[Cycle]:
    """Cycles in which something is established, or was once."""
    here = Assessment.objects.filter(cycle=OuterRef("pk"))
    given_way = Exists(here.filter(reopenings__isnull=False))
    return cycles().filter(Exists(here.filter(status=Status.FINAL)) | given_way)


def waiting_in(cycle: Cycle) -> QuerySet[Reopening]:
    """Proposals of a cycle that nobody has decided, the oldest first."""
    return reopenings().filter(assessment__cycle=cycle, status=ReopeningStatus.PROPOSED)


def waiting_for(user: User) -> QuerySet[Reopening]:
    """Proposals that this cycle manager may decide: another's, and not about themselves."""
    others = reopenings().filter(status=ReopeningStatus.PROPOSED).exclude(proposed_by=user)
    return others.exclude(assessment__person=user)


def reopenings() -> QuerySet[Reopening]:
    """Proposals with whom they are about and who acted, for whoever keeps cycles."""
    return Reopening.objects.select_related(
        "assessment__person", "assessment__cycle", "submission", "proposed_by", "decided_by"
    ).order_by("pk")


def reopened_of(assessment: Assessment) -> list[Reopening]:
    """What was established once and gave way, the latest first."""
    approved = Reopening.objects.filter(assessment=assessment, status=ReopeningStatus.APPROVED)
    return list(approved.select_related("submission").order_by("-pk"))


def earlier_of(assessment: Assessment) -> list[Reopening]:
    """What gave way to the submission that counts; the first one asks nobody."""
    counts = assessment.submission
    return reopened_of(assessment) if counts and counts.sequence > 1 else []


def reopened_now(assessment: Assessment) -> Reopening | None:
    """Why the submission that counts is open again; None where it is not."""
    if assessment.status != Status.RETURNED:
        return None
    latest = reopened_of(assessment)[:1]
    return next((each for each in latest if each.submission_id == assessment.submission_id), None)


def as_established(assessment: Assessment, sequence: int) -> Assessment | None:
    """The assessment as it stood when that submission was established; None if it never was.

    For reading alone: it differs from what is stored.
    """
    past = next(
        (each for each in reopened_of(assessment) if each.submission.sequence == sequence), None
    )
    if past is None:
        return None
    assessment.submission = past.submission
    assessment.status = Status.FINAL
    return assessment
