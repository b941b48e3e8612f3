"""Whose assessments a person could read as their reviewer in a past period, destroyed ones included.

What a reviewer opens is not on record each time, so that a report for a breach has to name all of them.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q, QuerySet

from accounts.clock import portal_day, portal_moment
from accounts.models import User
from assessments.models import Assessment, Cycle, Review, SupervisorReport, Tombstone
from audit.enums import RetentionKind
from audit.models import Event
from organization.enums import PostingKind
from organization.models import Posting
from organization.queries import Supervised, supervised, turning_days

_MOMENT = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment on, the second one excluded."""

    since: datetime.datetime
    until: datetime.datetime

    @property
    def first_day(self) -> datetime.date:
        """The portal's day on which it begins."""
        return portal_day(self.since)

    @property
    def last_day(self) -> datetime.date:
        """The portal's day of its last moment: that of midnight is the day before."""
        return portal_day(self.until - _MOMENT)


@dataclass(frozen=True, slots=True)
class _Naming:
    """From when to when whom the personnel office named reviewed an assessment, None for the structure."""

    assessment: int
    reviewer: int | None
    since: datetime.datetime
    until: datetime.datetime | None

    def meets(self, span: Span) -> bool:
        return self.since < span.until and (self.until is None or self.until > span.since)

    def covers(self, span: Span) -> bool:
        return self.since <= span.since and (self.until is None or self.until >= span.until)


def people_reviewed(user: User, span: Span) -> set[int]:
    """Keys of everybody of whom the person was the reviewer at some moment of the span.

    By posts and units as they are recorded now, by what the personnel office named, and by what the
    person did as a reviewer. An assessment counts from the opening of its cycle to its destruction.
    """
    namings = list(_namings(span))
    found = _named(user, span, namings) | _acted_on(user, span)
    for part in _parts(user, span):
        away = [each.assessment for each in namings if each.reviewer and each.covers(part)]
        found |= _by_structure(supervised(user, part.first_day), part, away)
    return found - {user.pk}


def _parts(user: User, span: Span) -> Iterator[Span]:
    """The span cut where it may be others whom the person supervises."""
    days = turning_days(user, span.first_day, span.last_day)
    starts = [max(span.since, portal_moment(day, datetime.time.min)) for day in days]
    for start, end in pairwise([*starts, span.until]):
        yield Span(start, end)


def _by_structure(found: Supervised, part: Span, away: list[int]) -> set[int]:
    if not found:
        return set()
    standing = (
        Assessment.objects.filter(found.matching(user="person", unit="unit__unit"))
        .filter(cycle__created_at__lt=part.until)
        .exclude(pk__in=away)
    )
    people = set(standing.order_by().values_list("person_id", flat=True))
    gone = _destroyed(part).exclude(assessment_id__in=away)
    for cycle in Cycle.objects.filter(pk__in=gone.order_by().values("cycle")):
        # The unit went with the assessment; it was that of the person's post on the census date.
        posts = (
            Posting.objects.filter(kind=PostingKind.DEFINITIVE)
            .in_force(cycle.census_date)
            .filter(found.matching(user="user", unit="position__unit"))
            .filter(user__in=gone.filter(cycle=cycle).order_by().values("person"))
        )
        people.update(posts.order_by().values_list("user_id", flat=True))
    return people


def _destroyed(span: Span) -> QuerySet[Tombstone]:
    """Assessments that stood at some moment of the span and are gone."""
    return Tombstone.objects.filter(
        kind=RetentionKind.ASSESSMENTS,
        destroyed_at__gt=span.since,
        cycle__created_at__lt=span.until,
    )


def _people_of(assessments: set[int]) -> set[int]:
    standing = Assessment.objects.filter(pk__in=assessments).order_by()
    gone = Tombstone.objects.filter(assessment_id__in=assessments).order_by()
    return {
        *standing.values_list("person_id", flat=True),
        *gone.values_list("person_id", flat=True),
    }


def _named(user: User, span: Span, namings: list[_Naming]) -> set[int]:
    keys = {each.assessment for each in namings if each.reviewer == user.pk and each.meets(span)}
    return _people_of(keys)


def _acted_on(user: User, span: Span) -> set[int]:
    """Whose assessments the person opened, returned or verified, whatever the posts say since."""
    acts = Event.objects.filter(actor_id=user.pk, at__gte=span.since, at__lt=span.until)
    kinds = Q(verb__startswith="review.") | Q(
        verb__in=("assessment.returned", "assessment.verified")
    )
    assessments, reviews = set(), set()
    for label, key in acts.filter(kinds).values_list("subject_type", "subject_id"):
        if label == Assessment._meta.label:
            assessments.add(int(key))
        elif label == Review._meta.label:
            reviews.add(int(key))
    of_reviews = Review.objects.filter(pk__in=reviews).order_by()
    assessments.update(of_reviews.values_list("submission__assessment_id", flat=True))
    return _people_of(assessments)


def _namings(span: Span) -> Iterator[_Naming]:
    """Who was named when, by the events of settled reports: the report itself goes with its assessment."""
    settled = list(
        Event.objects.filter(verb="report.resolved", at__lt=span.until)
        .order_by("pk")
        .values_list("at", "subject_id", "data")
    )
    reports = SupervisorReport.objects.filter(pk__in=[int(key) for _at, key, _data in settled])
    known = dict(reports.order_by().values_list("pk", "assessment_id"))
    steps: dict[int, list[tuple[datetime.datetime, int | None]]] = defaultdict(list)
    for at, key, data in settled:
        assessment = data.get("assessment") or known.get(int(key))
        if assessment:
            steps[assessment].append((at, data.get("reviewer")))
    for assessment, named in steps.items():
        ends = [at for at, _reviewer in named[1:]]
        for (at, reviewer), end in zip(named, [*ends, None], strict=True):
            yield _Naming(assessment, reviewer, at, end)
