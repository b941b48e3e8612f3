"""Mail about what became of something. Sent after the act is durable; a failure never undoes it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.clock import shown_to
from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations.queueing import write_to
from assessments.models import Assessment, Submission, SupervisorReport
from assessments.queries import reviewer_of


def tell_report_settled(report: SupervisorReport) -> None:
    """Tell the person, in their language, what the personnel office decided; without address, nothing.

    Raises what the mail server's connection raises.
    """
    assessment = report.assessment
    person = assessment.person
    if not person.email:
        return
    context = {
        "person": person,
        "report": report,
        "cycle": assessment.cycle,
        "reviewer": reviewer_of(assessment),
        "organization_name": settings.ORGANIZATION_NAME,
        "help_contact": settings.HELP_CONTACT,
        "portal_url": settings.PORTAL_URL,
    }
    with translation.override(person.language or settings.LANGUAGE_CODE), shown_to(person):
        subject = render_to_string("assessments/email/report_settled_subject.txt", context)
        message = render_to_string("assessments/email/report_settled_message.txt", context)
    send_mail(" ".join(subject.split()), message, None, [person.email])


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
