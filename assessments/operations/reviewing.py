"""Giving a supervisor's own levels: beginning a review, saving ratings, agreeing with the rest.

Returning and verifying are in `deciding`. All hold the assessment's row, as taking back does, so that
of a person who takes back and a supervisor who begins one wins and the other is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from assessments.enums import ReviewStatus, Status
from assessments.errors import NothingToReview, NotReviewer, ReviewNotStarted
from assessments.models import Assessment, Rating, Review
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations.choices import check_choice, check_length
from assessments.operations.locking import Held, hold
from assessments.queries import (
    Entry,
    last_return,
    questionnaire_of,
    ratings_of,
    review_of,
    reviewer_of,
    sheet_of,
)
from assessments.queries.documents import entries_of
from audit.operations import record
from pillars.queries import Questionnaire

NO_RATING_YET = 0


@dataclass(frozen=True, slots=True)
class RatingInput:
    """What a supervisor sends for one indicator.

    Neither a value nor `not_applicable`: the stored choice stays. `revision` is that of the rating the
    form showed (0: none; None: do not compare).
    """

    value: Decimal | None = None
    not_applicable: bool = False
    note: str = ""
    to_redo: bool = False
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class RatingResult:
    """`saved`: what is now stored, by code. `conflicts`: what somebody stored meanwhile instead."""

    saved: dict[str, Rating] = field(default_factory=dict)
    conflicts: dict[str, Rating] = field(default_factory=dict)


@transaction.atomic
def open_review(*, assessment: Assessment, by: User) -> Review:
    """Begin the review of the submission that counts; from now on it cannot be taken back.

    Asking again gives the same review. Whoever supervises now takes an open review over from whoever
    did, ratings included. After a return, the supervisor's earlier levels stand again where the person
    changed nothing. Raises NotReviewer, NothingToReview.
    """
    held = hold(assessment.pk)
    require_reviewer(held, by)
    submission = held.assessment.submission
    if held.assessment.status != Status.SUBMITTED or submission is None:
        raise NothingToReview
    review = review_of(held.assessment)
    if review is None:
        review = Review.objects.create(submission=submission, reviewer=by)
        carried = _carry_over(held, review)
        record("review.opened", by=by, subject=review, carried=carried)
    elif review.reviewer_id != by.pk:
        before = review.reviewer_id
        review.reviewer = by
        review.save(update_fields=["reviewer"])
        record("review.taken_over", by=by, subject=review, before=before)
    return review


@transaction.atomic
def save_ratings(
    *, assessment: Assessment, ratings: Mapping[str, RatingInput], by: User
) -> RatingResult:
    """Store the supervisor's levels; those in conflict with a newer save are left and returned.

    A difference that needs a reason may be saved without one; only verifying asks for it.
    Raises NotReviewer, NothingToReview, ReviewNotStarted, or an AnswerRefused that names the indicator;
    then nothing of the call is stored.
    """
    held = hold(assessment.pk)
    review = require_open_review(held, by)
    return _save(held, review, ratings)


@transaction.atomic
def agree_with_rest(
    *,
    assessment: Assessment,
    by: User,
    pillar_code: str | None = None,
    ratings: Mapping[str, RatingInput] | None = None,
) -> RatingResult:
    """Give the person's own choice to every indicator that has no rating, in one pillar or in all.

    An act of its own, never a default. `ratings` are saved first, with what `save_ratings` raises.
    What the person left out stays without a rating.
    """
    held = hold(assessment.pk)
    review = require_open_review(held, by)
    result = _save(held, review, ratings or {})
    agreed = {
        each.code: RatingInput(
            value=each.own.value,
            not_applicable=each.own.not_applicable,
            note=each.rating.note,
            to_redo=each.rating.to_redo,
        )
        for each in sheet_of(held.assessment, review).comparisons
        if pillar_code in (None, each.pillar.code)
        and each.own.is_given
        and not each.rating.is_given
        and each.code not in result.conflicts
    }
    result.saved.update(_save(held, review, agreed).saved)
    record("review.agreed", by=by, subject=review, indicators=sorted(agreed))
    return result


def require_reviewer(held: Held, by: User) -> None:
    """Raise NotReviewer unless the person supervises today; never for one's own assessment."""
    if held.assessment.person_id == by.pk or reviewer_of(held.assessment) != by:
        raise NotReviewer


def require_open_review(held: Held, by: User) -> Review:
    """The person's own open review. Raises NotReviewer, NothingToReview, ReviewNotStarted."""
    require_reviewer(held, by)
    if held.assessment.status != Status.SUBMITTED:
        raise NothingToReview
    review = review_of(held.assessment)
    if review is None or review.status != ReviewStatus.OPEN or review.reviewer_id != by.pk:
        raise ReviewNotStarted
    return review


def _carry_over(held: Held, review: Review) -> int:
    """Copy the same supervisor's earlier levels where answer and mark ask for nothing new."""
    returned = last_return(held.assessment)
    if returned is None or returned.reviewer_id != review.reviewer_id:
        return 0
    questions = questionnaire_of(held.assessment)
    before, now = entries_of(returned.submission.answers), entries_of(review.submission.answers)
    unchanged = {
        code: entry
        for code, entry in entries_of(returned.ratings).items()
        if not entry.to_redo and before.get(code) == now.get(code)
    }
    Rating.objects.bulk_create(
        Rating(
            review=review,
            indicator_id=questions.indicators[code].id,
            value=entry.value,
            not_applicable=entry.not_applicable,
            note=entry.note,
        )
        for code, entry in unchanged.items()
    )
    return len(unchanged)


def _save(held: Held, review: Review, ratings: Mapping[str, RatingInput]) -> RatingResult:
    questions = questionnaire_of(held.assessment)
    for code, given in ratings.items():
        _check(questions, code, given)
    stored = ratings_of(review, questions)
    result = RatingResult()
    changed = []
    for code, given in ratings.items():
        before = stored.get(code)
        rating = _merge(held, review, questions.indicators[code].id, before, given)
        if _is_stored(before, rating):
            if before is not None:
                result.saved[code] = before
        elif given.revision is not None and given.revision != _revision(before):
            result.conflicts[code] = before or Rating(revision=NO_RATING_YET)
        else:
            result.saved[code] = rating
            changed.append(rating)
    Rating.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["review", "indicator"],
        update_fields=["value", "not_applicable", "note", "to_redo", "revision", "saved_at"],
    )
    return result


def _check(questions: Questionnaire, code: str, given: RatingInput) -> None:
    check_choice(questions, code, value=given.value, not_applicable=given.not_applicable)
    check_length(code, given.note, limit=NOTE_LENGTH)


def _revision(rating: Rating | None) -> int:
    return rating.revision if rating is not None else NO_RATING_YET


def _merge(
    held: Held, review: Review, indicator_id: int, before: Rating | None, given: RatingInput
) -> Rating:
    chosen = given.value is not None or given.not_applicable
    keep = before if not chosen else None
    return Rating(
        review=review,
        indicator_id=indicator_id,
        value=keep.value if keep else given.value,
        not_applicable=keep.not_applicable if keep else given.not_applicable,
        note=given.note,
        to_redo=given.to_redo,
        revision=_revision(before) + 1,
        saved_at=held.arrived_at,
    )


def _is_stored(before: Rating | None, after: Rating) -> bool:
    """Whether storing would change nothing: the same content again, or nothing at all."""
    return _content(after) == (_content(before) if before else Entry())


def _content(rating: Rating) -> Entry:
    return Entry(
        value=rating.value,
        not_applicable=rating.not_applicable,
        note=rating.note,
        to_redo=rating.to_redo,
    )
