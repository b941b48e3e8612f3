"""Mail, about accounts and assessments. The row is the queue: requests append, a worker writes and sends.

No request waits for a mail server, and no letter is lost while the broker or the server is away.
"""

import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.clock import in_words, shown_to
from accounts.enums import MASS_MAIL, LetterKind, LinkPurpose
from accounts.errors import TooManyAttempts
from accounts.models import Letter, User
from accounts.operations.links import RESETS_OF_ACCOUNT, make_link
from accounts.operations.throttling import take_turn
from accounts.queries import active_accounts_of, letters_due

logger = structlog.get_logger(__name__)

RETRY = datetime.timedelta(minutes=1)
LIMIT = 200
"""Letters in one run of the task."""
GIVE_UP_AFTER = 12
"""Tries; each waits twice as long as the one before, so the last comes after one and a half days."""
# The first line of each is its subject.
TEMPLATES = {
    LetterKind.INVITATION: "accounts/email/invitation.txt",
    LetterKind.RESET: "accounts/email/reset.txt",
    LetterKind.EMAIL_CHANGED: "accounts/email/email_changed.txt",
    LetterKind.PASSWORD_CHANGED: "accounts/email/password_changed.txt",
    LetterKind.FACTOR_CHANGED: "accounts/email/factor_changed.txt",
    LetterKind.CORRECTION_DECIDED: "accounts/email/correction_decided.txt",
    LetterKind.CORRECTION_DUE: "accounts/email/correction_due.txt",
    LetterKind.RECEIPT: "accounts/email/receipt.txt",
    LetterKind.ASSESSMENT_RETURNED: "accounts/email/assessment_returned.txt",
    LetterKind.DEADLINE_CHANGED: "accounts/email/deadline_changed.txt",
    LetterKind.REPORT_SETTLED: "accounts/email/report_settled.txt",
    LetterKind.CYCLE_OPENED: "accounts/email/cycle_opened.txt",
    LetterKind.DEADLINE_NEAR: "accounts/email/deadline_near.txt",
}
PURPOSES = {
    LetterKind.INVITATION: LinkPurpose.INVITATION,
    LetterKind.RESET: LinkPurpose.RESET,
}


class ServerAway(Exception):
    """The mail server takes nothing now; whatever else waits would only wait for it, too."""


def deliver_letters(*, limit: int = LIMIT) -> int:
    """Send what waits, oldest first and mass mail last; returns how many letters left the queue.

    Ends at the first letter that finds the server away: two hundred would each wait for it.
    """
    sent = 0
    for letter_id in list(letters_due().values_list("pk", flat=True)[:limit]):
        try:
            sent += send_letter(letter_id=letter_id)
        except ServerAway:
            break
    return sent


def send_letter(*, letter_id: int) -> bool:
    """Write and send one letter, and take it off the queue; where it cannot be sent, try later.

    Returns whether the letter left the queue. The lock on it is held until then, so that no two workers
    ever send the same letter. Raises ServerAway where that is why; this letter is tried later all the same.
    """
    failure: Exception | None = None
    with transaction.atomic():
        waiting = Letter.objects.select_for_update(skip_locked=True)
        letter = waiting.filter(pk=letter_id).first()
        if letter is None:
            return False
        try:
            with transaction.atomic():  # a link that was not sent does not end the older one
                for person in _addressees(letter):
                    if _may_have_another(letter, person):
                        _send(letter, person)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001  no letter may hold up those behind it
            failure = error
            left_queue = _postpone(letter, error)
        else:
            letter.delete()
            left_queue = True
    # SMTP's errors are OSErrors; these two are about one letter.
    about_letter = isinstance(failure, (SMTPRecipientsRefused, SMTPDataError))
    if isinstance(failure, OSError) and not about_letter:
        raise ServerAway from failure
    return left_queue


def _postpone(letter: Letter, error: Exception) -> bool:
    """Wait for the next try, or give up; returns whether the letter left the queue."""
    letter.attempts += 1
    logger.error(
        "mail_failed", kind=letter.kind, attempts=letter.attempts, error=type(error).__name__
    )
    if letter.attempts >= GIVE_UP_AFTER:
        letter.delete()
        return True
    letter.next_at = timezone.now() + RETRY * 2 ** (letter.attempts - 1)
    letter.save(update_fields=["attempts", "next_at"])
    return False


def _addressees(letter: Letter) -> QuerySet[User]:
    if letter.kind == LetterKind.RESET:
        return active_accounts_of(letter.addressee)
    if (
        letter.kind in MASS_MAIL
        and datetime.datetime.fromisoformat(letter.data["at"]) <= timezone.now()
    ):
        return User.objects.none()
    people = User.objects.filter(pk=letter.addressee, is_active=True)
    return people if "to" in letter.data else people.exclude(email="")


def _may_have_another(letter: Letter, person: User) -> bool:
    """Links for the forgetful are few an hour for each account; what was sent before stays good."""
    if letter.kind != LetterKind.RESET:
        return True
    try:
        take_turn(limit=RESETS_OF_ACCOUNT, key=str(person.pk))
    except TooManyAttempts:
        logger.warning("reset_withheld", person=person.pk)
        return False
    return True


def _send(letter: Letter, person: User) -> None:
    context = {
        "person": person,
        "data": letter.data,
        "requested_at": letter.requested_at,
        "organization_name": settings.ORGANIZATION_NAME,
        "help_contact": settings.HELP_CONTACT,
        "portal_url": settings.PORTAL_URL,
        "link": "",
    }
    kind = LetterKind(letter.kind)
    if kind in PURPOSES:
        token = make_link(user=person, purpose=PURPOSES[kind])
        path = reverse("accounts:password_by_link", kwargs={"token": token})
        context["link"] = f"{settings.PORTAL_URL}{path}"
    with translation.override(person.language or settings.LANGUAGE_CODE), shown_to(person):
        at = letter.data.get("at")  # an older version queued the words themselves, as "due"
        moment = in_words(datetime.datetime.fromisoformat(at)) if at else letter.data.get("due", "")
        context["at"] = moment
        subject, _, message = render_to_string(TEMPLATES[kind], context).strip().partition("\n")
    send_mail(subject.strip(), message.strip() + "\n", None, [letter.data.get("to", person.email)])
