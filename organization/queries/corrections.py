"""Requests to correct personal data: whose they are, and who answers them."""

import datetime
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import User
from organization.enums import CorrectionStatus, PostingKind
from organization.models import CorrectionRequest, HrMandate, Unit
from organization.queries.personnel import hr_units
from organization.queries.subtrees import units_below


def own_corrections(user: User) -> QuerySet[CorrectionRequest]:
    """The person's requests to correct data, the latest first; with `now`, the database's time."""
    return CorrectionRequest.objects.of(user).annotate(now=Now()).order_by("-received_at", "-pk")


def corrections_for(user: User, on: datetime.date) -> QuerySet[CorrectionRequest]:
    """Requests that the person answers as the personnel office; never one's own, none that was taken back.

    What waits comes first, the nearest deadline at the top, then what was answered last.
    """
    return corrections_in(hr_units(user, on), user)


def corrections_in(units: Iterable[int], user: User) -> QuerySet[CorrectionRequest]:
    """The same for units that are known already."""
    return (
        CorrectionRequest.objects.filter(unit__in=units)
        .exclude(person=user)
        .exclude(status=CorrectionStatus.WITHDRAWN)
        .select_related("person", "unit", "decided_by")
        .annotate(now=Now(), waits=Q(status=CorrectionStatus.RECEIVED))
        .order_by("-waits", F("decided_at").desc(nulls_first=True), "due_at", "pk")
    )


def corrections_without_office(on: datetime.date) -> QuerySet[CorrectionRequest]:
    """Waiting requests that no office answers on the date: an operator has to give somebody a mandate.

    Either nobody has one over the unit, or only the person who asks, who may not answer it.
    """
    waiting = CorrectionRequest.objects.waiting()
    mandates = HrMandate.objects.filter(valid__contains=on, user__is_active=True).order_by()
    roots = mandates.values_list("unit", flat=True) if waiting.exists() else ()
    by_officers = waiting.filter(person__in=mandates.values("user")).select_related("unit")
    alone = [each.pk for each in by_officers if not _others_mandated(each, on).exists()]
    return waiting.filter(~Q(unit__in=units_below(set(roots))) | Q(pk__in=alone))


def office_of(user: User) -> int | None:
    """The unit whose personnel office answers for the person: of the own post or the last there was, else the root."""
    own = user.postings.filter(kind=PostingKind.DEFINITIVE).order_by("-valid", "-pk")
    roots = Unit.objects.filter(parent__isnull=True).order_by("pk")
    last: int | None = own.values_list("position__unit", flat=True).first()
    return last or roots.values_list("pk", flat=True).first()


def officers_for(correction: CorrectionRequest, on: datetime.date) -> list[User]:
    """Who answers the request on the date: mandates of its unit or above; operators where there is nobody."""
    found = list(_others_mandated(correction, on).order_by("pk"))
    return found or list(User.objects.filter(is_active=True, is_staff=True).order_by("pk"))


def _others_mandated(correction: CorrectionRequest, on: datetime.date) -> QuerySet[User]:
    above = [unit.pk for unit in correction.unit.ancestors(include_self=True)]
    mandated = User.objects.filter(
        is_active=True, hr_mandates__valid__contains=on, hr_mandates__unit__in=above
    )
    return mandated.exclude(pk=correction.person_id).distinct()
