"""Which assessments a person may see. Every page lists through these; nothing else does."""

import datetime
from dataclasses import replace

from django.db.models import Q, QuerySet

from accounts.clock import portal_today
from accounts.models import User
from assessments.models import Assessment
from organization.queries import supervised, supervisor_of


def reviewable_by(user: User, on: datetime.date | None = None) -> QuerySet[Assessment]:
    """Assessments whose reviewer is this person on the date (default: today), in every state.

    The reviewer is the head of the assessment's frozen unit as posted on that date, acting heads
    included, or whom the personnel office named instead. Nobody reviews themselves.
    """
    found = supervised(user, on or portal_today())
    by_structure = [
        Q(named_reviewer__isnull=True) & part.matching(user="person", unit="unit__unit")
        for part in (replace(found, only=frozenset()), replace(found, members=frozenset()))
    ]
    # Each way finds its few by an index; all in one condition would read every assessment there is.
    named, *others = (
        Assessment.objects.filter(way).order_by().values("pk")
        for way in (Q(named_reviewer=user), *by_structure)
    )
    return Assessment.objects.filter(pk__in=named.union(*others)).exclude(person=user)


def readable_by(user: User) -> QuerySet[Assessment]:
    """Assessments whose result the person may read: their own, and those they review today."""
    return Assessment.objects.filter(Q(person=user) | Q(pk__in=reviewable_by(user).values("pk")))


def reviewer_of(assessment: Assessment, on: datetime.date | None = None) -> User | None:
    """Who reviews this assessment on the date (default: today); None where nobody is above."""
    if assessment.named_reviewer_id:
        return assessment.named_reviewer
    return supervisor_of(
        user_id=assessment.person_id, unit_id=assessment.unit.unit_id, on=on or portal_today()
    )
