"""Giving an account the NIP that it should have had."""

from django.db import transaction

from accounts.errors import NipTaken
from accounts.models import FormerNip, PasswordLink, User
from accounts.operations.sessions import end_sessions_of
from audit.operations import record


@transaction.atomic
def correct_nip(*, user: User, nip: str, keep_former: bool = True, by: User | None) -> User:
    """Let the person sign in by this NIP, valid and normalised, from now on; the same again changes nothing.

    Every session ends, and so does a link that was sent: by single sign-on, whoever owns the wrong NIP
    could have entered. Password, second factor, posts, assessments and what is on record stay.
    The wrong one is kept as a former NIP, unless it is somebody else's, whom it would keep out.
    Raises NipTaken.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if held.nip == nip:
        return held
    holder = User.objects.filter(nip=nip).first() or (
        User.objects.filter(former_nips__nip=nip).exclude(pk=held.pk).first()
    )
    if holder is not None:
        raise NipTaken(holder.full_name)
    if keep_former and held.nip:
        FormerNip.objects.get_or_create(nip=held.nip, defaults={"user": held})
    held.nip = held.username = nip
    held.save(update_fields=["nip", "username"])
    PasswordLink.objects.filter(user=held).delete()
    ended = end_sessions_of(held)
    record("user.nip_corrected", by=by, subject=held, kept=keep_former, count=ended)
    return held
