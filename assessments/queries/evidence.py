"""Evidence files for pages: whose, of which indicator, who may open them."""

from collections import defaultdict

from django.db.models import Q, QuerySet

from accounts.models import User
from assessments.enums import STAGES, Stage
from assessments.models import Assessment, Evidence
from assessments.queries.visibility import reviewable_by
from pillars.queries import questionnaire


def files_of(assessment: Assessment) -> dict[str, list[Evidence]]:
    """The files of the draft, by indicator code, oldest first."""
    codes = questionnaire(assessment.cycle.instrument_id).codes_by_id
    found: dict[str, list[Evidence]] = defaultdict(list)
    for file in Evidence.objects.current().filter(assessment=assessment).order_by("pk"):
        found[codes[file.indicator_id]].append(file)
    return dict(found)


def evidence_readable_by(user: User) -> QuerySet[Evidence]:
    """Files that the person may open: their own; and those that a submission under their review names."""
    reviewed = reviewable_by(user).exclude(status__in=STAGES[Stage.BEHIND])
    # Which are the reviewer's is asked of the few that a submission names, not of every row.
    named = Evidence.objects.named().filter(assessment__in=reviewed.values("pk"))
    return Evidence.objects.filter(Q(assessment__person=user) | Q(pk__in=named.values("pk")))
