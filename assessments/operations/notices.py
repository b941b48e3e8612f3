"""Mail about what became of something. Sent after the act is durable; a failure never undoes it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.clock import shown_to
from assessments.models import SupervisorReport
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
