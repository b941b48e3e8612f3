"""Work that waits for nobody."""

from celery import shared_task

from accounts import operations
from accounts.operations.letters import LIMIT


@shared_task
def deliver_letters() -> int:
    """Send the letters that wait; every ten seconds on the beat, which carries the guarantee.

    A run that sent as many as it may asks for the next at once.
    """
    sent = operations.deliver_letters()
    if sent >= LIMIT:
        deliver_letters.delay()
    return sent
