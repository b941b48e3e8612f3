"""Links that let somebody set a password: invitations, and for those who forgot theirs.

A person has one link at a time, so a newer one ends the older. The token is kept by its digest.
"""

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.enums import LetterKind, LinkPurpose
from accounts.errors import LinkDead
from accounts.models import Letter, PasswordLink, User
from accounts.operations.queueing import queue_letters, write_to
from accounts.operations.throttling import Limit, take_turn
from accounts.queries import digest_of_token, live_link, state_of
from audit.operations import record, record_many

LIFETIMES = {
    LinkPurpose.INVITATION: datetime.timedelta(days=7),
    LinkPurpose.RESET: datetime.timedelta(hours=2),
}
HOUR = datetime.timedelta(hours=1)
RESETS_AS_TYPED = Limit("reset-account", times=3, within=HOUR)
RESETS_OF_ACCOUNT = Limit("reset-person", times=3, within=HOUR)
"""However it was spelled. Kept silently, when the letter is written: a refusal to whoever asks would tell
that a NIP and an address are one account."""
RESETS_FROM_ADDRESS = Limit("reset-address", times=60, within=HOUR)
"""Wide: a whole office asks from one address."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of an invitation to several people."""

    invited: int
    without_address: int
    with_password: int
    """Already able to sign in, or switched off: nothing was sent."""


def make_link(*, user: User, purpose: LinkPurpose) -> str:
    """A new link's token; the person's older link is worth nothing from now on."""
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.update_or_create(
        user=user,
        defaults={
            "purpose": purpose,
            "digest": digest_of_token(token),
            "state": state_of(user),
            "expires_at": timezone.now() + LIFETIMES[purpose],
        },
    )
    return token


def ask_for_reset(*, typed: str, address: str) -> None:
    """Ask for a link by NIP, sign-in name or mail address. Costs and answers the same for all.

    Raises TooManyAttempts, whether or not there is such an account.
    """
    take_turn(limit=RESETS_FROM_ADDRESS, key=address)
    take_turn(limit=RESETS_AS_TYPED, key=typed.casefold())
    with transaction.atomic():
        queue_letters([Letter(kind=LetterKind.RESET, addressee=typed)])


@transaction.atomic
def invite(*, users: Sequence[User], by: User) -> Invited:
    """Send each person who cannot sign in yet a link to set the first password.

    Sending again ends the older link. Whoever has a password is left alone.
    """
    waiting = [user for user in users if user.is_active and not user.has_usable_password()]
    reachable = [user for user in waiting if user.email]
    queue_letters(
        [Letter(kind=LetterKind.INVITATION, addressee=str(user.pk)) for user in reachable]
    )
    record_many("account.invited", by=by, subjects=reachable)
    return Invited(
        invited=len(reachable),
        without_address=len(waiting) - len(reachable),
        with_password=len(users) - len(waiting),
    )


@transaction.atomic
def choose_password(*, token: str, password: str) -> User:
    """Set the password by a link, which is used up; every session ends. Raises LinkDead."""
    link = live_link(token, hold=True)
    if link is None:
        raise LinkDead
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    link.delete()
    record("password.chosen", by=user, subject=user, purpose=link.purpose)
    write_to(user, LetterKind.PASSWORD_CHANGED)
    return user


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Set one's own password, signed in; every other session ends, and so does a link sent before."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("password.changed", by=user, subject=user)
    write_to(user, LetterKind.PASSWORD_CHANGED, change="own")


@transaction.atomic
def note_new_address(*, user: User, old: str, by: User) -> None:
    """Record that the person has another mail address, and write so to the old one; a link sent there is dead."""
    record("account.address_changed", by=by, subject=user)
    if old:
        write_to(user, LetterKind.EMAIL_CHANGED, to=old)
