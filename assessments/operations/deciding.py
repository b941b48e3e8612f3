"""What a review comes to: back to the person, or verified; and results established for a cycle."""

import datetime

from django.db import transaction
from django.db.models.functions import Now

from accounts.clock import end_of_portal_day, portal_day
from accounts.models import User
from assessments.enums import ReviewStatus, ScoreKind, Status
from assessments.errors import (
    CycleStillOpen,
    NoteMissing,
    NoteTooLong,
    NothingMarked,
    ReviewIncomplete,
)
from assessments.models import Assessment, Cycle, Review, ScoringJob, StaleUnit
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations.dispatching import announce
from assessments.operations.freezing import put_back
from assessments.operations.locking import Held, hold
from assessments.operations.notices import tell_returned
from assessments.operations.reviewing import require_open_review
from assessments.queries import ReviewSheet, database_now, review_of, sheet_of
from assessments.queries.documents import frozen_ratings
from audit.operations import record, record_many

DAYS_TO_REDO = 3


@transaction.atomic
def return_assessment(*, assessment: Assessment, note: str = "", by: User) -> Review:
    """Send it back with a note on each marked indicator, and with time to mend it.

    The person has at least until the end of the third day from now. Sending back again changes nothing.
    Raises NothingMarked, NoteMissing, and what `save_ratings` raises about the review.
    """
    held = hold(assessment.pk)
    if done := _decided(held, by, ReviewStatus.RETURNED):
        return done
    review = require_open_review(held, by)
    sheet = sheet_of(held.assessment, review)
    if not sheet.marked:
        raise NothingMarked
    if silent := [each.code for each in sheet.marked if not each.rating.note]:
        raise NoteMissing(silent)
    _complete(held, review, ReviewStatus.RETURNED, sheet, note)
    until = time_to_redo(held.arrived_at)
    extension = {"extended_until": until} if until > held.assessment.deadline else {}
    held.move(Status.RETURNED, **extension)
    put_back(held)
    record(
        "assessment.returned",
        by=by,
        subject=held.assessment,
        review=review.pk,
        indicators=[each.code for each in sheet.marked],
        deadline=held.assessment.deadline.isoformat(),
    )
    tell_returned(held.assessment)
    return review


@transaction.atomic
def verify(*, assessment: Assessment, note: str = "", by: User) -> Review:
    """Freeze the supervisor's levels and queue their score; the person's own score stays beside it.

    Verifying again gives the same review. Raises ReviewIncomplete where a level or a reason is missing
    or a mark stands, and what `save_ratings` raises about the review.
    """
    held = hold(assessment.pk)
    if done := _decided(held, by, ReviewStatus.VERIFIED):
        return done
    review = require_open_review(held, by)
    sheet = sheet_of(held.assessment, review)
    if sheet.gaps:
        raise ReviewIncomplete(sheet.gaps)
    _complete(held, review, ReviewStatus.VERIFIED, sheet, note)
    held.move(Status.VERIFIED)
    job = ScoringJob.objects.create(submission=review.submission, kind=ScoreKind.VERIFIED)
    record(
        "assessment.verified",
        by=by,
        subject=held.assessment,
        review=review.pk,
        different=[each.code for each in sheet.different],
    )
    transaction.on_commit(lambda: announce(job.pk), robust=True)
    return review


@transaction.atomic
def establish(*, cycle: Cycle, by: User) -> int:
    """Make the verified results of a closed cycle final; returns how many became so.

    What is verified later, of those with more time, waits for another call. Raises CycleStillOpen
    until the cycle's end.
    """
    held = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if database_now() <= held.closes_at:
        raise CycleStillOpen(held.closes_at)
    verified = list(
        Assessment.objects.select_for_update(of=("self",), no_key=True)
        .filter(cycle=cycle, status=Status.VERIFIED)
        .order_by("pk")
    )
    Assessment.objects.filter(pk__in=[each.pk for each in verified]).update(
        status=Status.FINAL, status_changed_at=Now()
    )
    StaleUnit.objects.bulk_create(
        StaleUnit(unit_id=unit_id) for unit_id in sorted({each.unit_id for each in verified})
    )
    record_many("assessment.established", by=by, subjects=verified)
    record("cycle.established", by=by, subject=cycle, established=len(verified))
    return len(verified)


def time_to_redo(since: datetime.datetime) -> datetime.datetime:
    """The least time to mend a return: until the end of the third day, in the portal's time zone."""
    last_day = portal_day(since) + datetime.timedelta(days=DAYS_TO_REDO)
    return end_of_portal_day(last_day)


def _decided(held: Held, by: User, status: ReviewStatus) -> Review | None:
    """The person's own review that already came to this, for a request that is sent again."""
    review = review_of(held.assessment)
    if review is not None and review.status == status and review.reviewer_id == by.pk:
        return review
    return None


def _complete(
    held: Held, review: Review, status: ReviewStatus, sheet: ReviewSheet, note: str
) -> None:
    if len(note) > NOTE_LENGTH:
        raise NoteTooLong(NOTE_LENGTH)
    review.status = status
    review.completed_at = held.arrived_at
    review.note = note
    review.ratings = frozen_ratings({each.code: each.rating for each in sheet.comparisons})
    review.save(update_fields=["status", "completed_at", "note", "ratings"])
