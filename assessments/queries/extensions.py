"""People who may go on longer than the others of their cycle."""

import datetime

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Greatest, Now

from assessments.enums import Status
from assessments.models import Assessment, Cycle


def extended_in(cycle: Cycle) -> QuerySet[Assessment]:
    """Those with more time that still runs. Time to mend a return is not among it: that cannot be taken away."""
    given = Assessment.objects.filter(cycle=cycle, status__in=(Status.INVITED, Status.DRAFT))
    return given.filter(extended_until__gt=Greatest(F("cycle__closes_at"), Now()))


def extensions_in(cycle: Cycle) -> list[tuple[datetime.datetime, int]]:
    """Until when, and for how many people; the earliest first."""
    groups = extended_in(cycle).order_by("extended_until").values_list("extended_until")
    return list(groups.annotate(number=Count("pk")))
