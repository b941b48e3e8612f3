"""Mail, about accounts and assessments. The row is the queue: requests append, a worker writes and sends.

No request waits for a mail server, and no letter is lost while the broker or the server is away.
"""

import datetime

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
from accounts.enums import LetterKind, LinkPurpose
from accounts.errors import TooManyAttempts
from accounts.models import Letter, User
from accounts.operations.links import RESETS_OF_ACCOUNT, make_link
from accounts.operations.throttling import take_turn
from accounts.queries import active_accounts_of

logger = structlog.get_logger(__name__)

RETRY = datetime.timedelta(minutes=1)
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
}
PURPOSES = {
    LetterKind.INVITATION: LinkPurpose.INVITATION,
    LetterKind.RESET: LinkPurpose.RESET,
}


def deliver_letters(*, limit: int = 200) -> int:
    """Send what waits, oldest first; returns how many letters left the queue."""
    due = Letter.objects.filter(next_at__lte=timezone.now()).order_by("pk")
    letter_ids = list(due.values_list("pk", flat=True)[:limit])
    return sum(send_letter(letter_id=letter_id) for letter_id in letter_ids)


def send_letter(*, letter_id: int) -> bool:
    """Write and send one letter, and take it off the queue; where it cannot be sent, try later.

    Returns whether the letter left the queue. The lock on it is held until then, so that no two workers
    ever send the same letter.
    """
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
            return _postpone(letter, error)
        letter.delete()
    return True


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
