"""Evidence files for pages: whose, of which indicator, who may open them."""

from collections import defaultdict

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import User
from assessments.enums import STAGES, ScanState, Stage
from assessments.models import Assessment, Evidence
from assessments.queries.rows import columns
from assessments.queries.visibility import reviewable_by
from pillars.queries import questionnaire


def files_of(assessment: Assessment) -> dict[str, list[Evidence]]:
    """The files of the draft, by indicator code, oldest first."""
    codes = questionnaire(assessment.cycle.instrument_id).codes_by_id
    found: dict[str, list[Evidence]] = defaultdict(list)
    current = columns(Evidence, "file")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {current.sql} FROM assessments_evidence file"  # noqa: S608  # nosec B608  # columns of ours
            " WHERE assessment_id = %s AND removed_at IS NULL AND scan_state <> %s ORDER BY id",
            [assessment.pk, ScanState.INFECTED],
        )
        for row in cursor.fetchall():
            file = current.instance(row)
            found[codes[file.indicator_id]].append(file)
    return dict(found)


def evidence_readable_by(user: User) -> QuerySet[Evidence]:
    """Files that the person may open: their own; and those that a submission under their review names."""
    reviewed = reviewable_by(user).exclude(status__in=STAGES[Stage.BEHIND])
    # Which are the reviewer's is asked of the few that a submission names, not of every row.
    named = Evidence.objects.named().filter(assessment__in=reviewed.values("pk"))
    return Evidence.objects.filter(Q(assessment__person=user) | Q(pk__in=named.values("pk")))
