"""Mail about what became of something: queued with the act, sent by a worker after it is durable."""

from django.urls import reverse

from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations.queueing import write_to
from assessments.enums import ReportStatus
from assessments.models import Assessment, Submission, SupervisorReport
from assessments.queries import reviewer_of


def tell_report_settled(report: SupervisorReport, assessment: Assessment) -> None:
    """Queue the letter about what the personnel office decided; of the assessment as it stands from now on."""
    reviewer = reviewer_of(assessment)
    write_to(
        assessment.person,
        LetterKind.REPORT_SETTLED,
        cycle=assessment.cycle.name,
        rejected=report.status == ReportStatus.REJECTED,
        resolution=report.resolution,
        reviewer=reviewer.full_name if reviewer else "",
    )


def tell_returned(assessment: Assessment, *, reopened: bool = False) -> None:
    """Queue the letter that there is something to mend, and until when; what it is stands in the portal."""
    write_to(
        assessment.person,
        LetterKind.ASSESSMENT_RETURNED,
        cycle=assessment.cycle.name,
        at=assessment.deadline.isoformat(),
        reopened=reopened,
    )


def mail_receipt(submission: Submission, *, to: User | None) -> None:
    """Queue a copy of the receipt for somebody who handed in themselves and has an address.

    Nobody is told of the row: the sweep finds it, and the receipt waits for no broker.
    """
    assessment = submission.assessment
    if to is None or to.pk != assessment.person_id or not to.email:
        return
    Letter.objects.create(
        kind=LetterKind.RECEIPT,
        addressee=str(to.pk),
        data={
            "cycle": assessment.cycle.name,
            "number": submission.number,
            "at": submission.submitted_at.isoformat(),
            "path": reverse("assessments:receipt", args=(assessment.pk,)),
        },
    )
