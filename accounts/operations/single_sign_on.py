"""From what an identity provider says of a person to the account that the roster made for them."""

from typing import Any

import structlog
from django.core.exceptions import ValidationError

from accounts.errors import AccountInactive, NipUnknown, NoNipGiven
from accounts.models import User
from accounts.validators import normalize_nip, validate_nip
from audit.operations import record

logger = structlog.get_logger(__name__)


def recognize(*, claim: Any) -> User:
    """The account of the NIP in a verified claim. No account is made, and an address links nothing.

    Raises NoNipGiven, NipUnknown, AccountInactive.
    """
    nip = normalize_nip(str(claim)) if isinstance(claim, str | int) else ""
    try:
        validate_nip(nip)
    except ValidationError:
        logger.warning("single_sign_on_refused", reason="no_nip")
        raise NoNipGiven from None
    user = User.objects.filter(nip=nip).first()
    if user is None:
        logger.warning("single_sign_on_refused", reason="unknown_nip")
        raise NipUnknown
    if not user.is_active:
        record("single_sign_on.refused", by=None, subject=user, reason="inactive")
        raise AccountInactive
    return user
