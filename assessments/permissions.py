"""Who may see or act on an assessment. Lists come from `queries.visibility`; these answer for one."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from assessments.enums import ReviewStatus, Status
from assessments.models import Assessment, Review
from assessments.queries import reviewer_of
from pillars.permissions import curates


def owns(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Whether it is the person's own."""
    return user.is_authenticated and assessment.person_id == user.pk


def reviews(
    user: User | AnonymousUser, assessment: Assessment, on: datetime.date | None = None
) -> bool:
    """Whether the person reviews it on the date (default: today); nobody reviews themselves."""
    if not user.is_authenticated or owns(user, assessment):
        return False
    return reviewer_of(assessment, on) == user


def rates(user: User, assessment: Assessment, review: Review | None) -> bool:
    """Whether the person's own review of what is handed in is open."""
    return (
        review is not None
        and review.status == ReviewStatus.OPEN
        and review.reviewer_id == user.pk
        and assessment.status == Status.SUBMITTED
    )


def manages_cycles(user: User | AnonymousUser) -> bool:
    """Whether the person opens and keeps cycles: the duty of curators."""
    return curates(user)
