""""Ini bukan atasan saya": recorded for the personnel office to mend, while work goes on."""

from django.db import transaction

from accounts.models import User
from assessments.enums import ReportStatus
from assessments.errors import ReportOpen
from assessments.models import Assessment, SupervisorReport
from assessments.operations.locking import hold
from assessments.queries import reviewer_of
from audit.operations import record


@transaction.atomic
def report_supervisor(*, assessment: Assessment, message: str, by: User) -> SupervisorReport:
    """Report that the supervisor shown is not the right one.

    Raises ReportOpen while an earlier report waits.
    """
    held = hold(assessment.pk)
    if held.assessment.supervisor_reports.filter(status=ReportStatus.OPEN).exists():
        raise ReportOpen
    report = SupervisorReport.objects.create(
        assessment=held.assessment,
        shown_supervisor=reviewer_of(held.assessment),
        message=message,
    )
    record("supervisor.reported", by=by, subject=report)
    return report
