"""Appending to the queue of letters, in the transaction of the act that they are about."""

from typing import Any

from celery import current_app
from django.db import transaction

from accounts.enums import LetterKind
from accounts.models import Letter, User

TASK = "accounts.tasks.deliver_letters"


def write_to(user: User, kind: LetterKind, **data: Any) -> None:
    """Queue one letter to a person, in the transaction of the act that it is about."""
    queue_letters([Letter(kind=kind, addressee=str(user.pk), data=data)])


def queue_letters(letters: list[Letter]) -> None:
    """Queue letters; a worker is told after the commit, and finds them anyway."""
    Letter.objects.bulk_create(letters, batch_size=2_000)
    transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    current_app.send_task(TASK)
