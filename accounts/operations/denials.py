"""One line in the log for each thing that was refused and for each session that begins, for whoever watches."""

import structlog
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User

logger = structlog.get_logger("security")
DIGEST_LENGTH = 16


def note_denial(*, rule: str, **facts: str | int | None) -> None:
    """Write one `denied` event: which rule refused; time and request come with every line.

    Facts are keys and codes, never what somebody typed: no NIP, address, password or token.
    """
    logger.warning("denied", rule=rule, **facts)


def note_refused_request(*, request: HttpRequest, rule: str, status: int) -> None:
    """The same for a request, once: which page, by which account, on which object."""
    if getattr(request, "denial_noted", False):
        return
    request.denial_noted = True  # type: ignore[attr-defined]
    match = request.resolver_match
    user = getattr(request, "user", None)
    note_denial(
        rule=rule,
        status=status,
        method=request.method,
        view=match.view_name if match else "",
        object=match.kwargs.get("pk") if match else None,
        actor=user.pk if user is not None and user.is_authenticated else None,
    )


def note_sign_in(*, request: HttpRequest, user: User) -> None:
    """Write one `signed_in` event: whose session begins, and by which proofs.

    A proof is `password`, `totp`, `recovery_codes` or `socialaccount`, in the order in which they were given.
    """
    proofs = get_authentication_records(request, user)
    logger.info(
        "signed_in", actor=user.pk, proofs=[proof.get("type", proof["method"]) for proof in proofs]
    )


def unreadable(*, typed: str) -> str:
    """A short digest that tells two typed names apart and gives neither away."""
    return salted_hmac("denials", typed, algorithm="sha256").hexdigest()[:DIGEST_LENGTH]
