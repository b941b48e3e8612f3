"""The second step of signing in: codes of an app on the phone, and codes on paper.

Every code is taken once: the database remembers the last step of the clock that was used.
"""

import time
from datetime import timedelta
from typing import NamedTuple

import structlog
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.clock import portal_today
from accounts.enums import LetterKind
from accounts.errors import (
    AlreadyProtected,
    CodeOfAnotherApp,
    FactorRequired,
    FactorUnreadable,
    WrongCode,
)
from accounts.models import User
from accounts.operations.denials import note_denial
from accounts.operations.queueing import write_to
from accounts.operations.sessions import end_sessions_of
from accounts.operations.throttling import Limit, forgive, take_turn
from accounts.queries import has_second_factor, must_have_second_factor
from audit.operations import record, record_many

logger = structlog.get_logger("security")
CODES = Limit("code", times=5, within=timedelta(minutes=15))
"""Guesses of one account's codes: three of a million are right at any time."""
TYPES = Authenticator.Type
SEALED = {TYPES.TOTP: "secret", TYPES.RECOVERY_CODES: "seed"}
"""Under which name each kind keeps what is encrypted."""


class Resealed(NamedTuple):
    """What a new encryption did."""

    resealed: int
    """Secrets that the key of now opens."""
    unreadable: list[User]
    """Whose secret no key opens: they need a reset by an operator."""


def accept_code(*, user: User, code: str) -> Authenticator:
    """Use up one code of the app or of the paper, whichever it is.

    Raises TooManyAttempts, WrongCode, FactorUnreadable.
    """
    take_turn(limit=CODES, key=str(user.pk))
    try:
        accepted = _use(user, code)
    except InvalidToken as error:
        # SECRET_KEY_FALLBACKS lacks the key that sealed it.
        logger.exception("second_factor_unreadable", actor=user.pk)
        raise FactorUnreadable from error
    if accepted is None:
        note_denial(rule="second_factor", actor=user.pk)
        raise WrongCode
    forgive(limit=CODES, key=str(user.pk))
    return accepted


def set_up_second_factor(*, user: User, secret: str, code: str, session_key: str | None) -> None:
    """Protect the account by an app that holds `secret`, proved by its code of this moment.

    Other sessions end: whoever holds them was never asked. Raises TooManyAttempts, CodeOfAnotherApp,
    AlreadyProtected.
    """
    take_turn(limit=CODES, key=str(user.pk))
    counter = _matching_counter(secret, _digits(code), after=-1)
    if counter is None:
        raise CodeOfAnotherApp
    forgive(limit=CODES, key=str(user.pk))
    with transaction.atomic():
        _hold(user)
        if Authenticator.objects.filter(user=user, type=TYPES.TOTP).exists():
            raise AlreadyProtected
        data = {"secret": encrypt(secret), "last_counter": counter}
        Authenticator.objects.create(user=user, type=TYPES.TOTP, data=data)
        _fresh_recovery_codes(user)
        end_sessions_of(user, keep=session_key)
        record("second_factor.set_up", by=user, subject=user)
        write_to(user, LetterKind.FACTOR_CHANGED, change="set_up")


@transaction.atomic
def renew_recovery_codes(*, user: User) -> None:
    """Make ten new codes for paper; the old ones are worth nothing from now on.

    Without an app there are none: whoever took it off meanwhile is not asked for a code again.
    """
    _hold(user)
    if not has_second_factor(user):
        return
    _fresh_recovery_codes(user)
    record("second_factor.codes_renewed", by=user, subject=user)
    write_to(user, LetterKind.FACTOR_CHANGED, change="codes_renewed")


@transaction.atomic
def remove_second_factor(*, user: User) -> None:
    """Sign in by password alone from now on. Raises FactorRequired where a duty asks for more."""
    if must_have_second_factor(user, portal_today()):
        raise FactorRequired
    _hold(user)
    Authenticator.objects.filter(user=user).delete()
    record("second_factor.removed", by=user, subject=user)
    write_to(user, LetterKind.FACTOR_CHANGED, change="removed")


@transaction.atomic
def reset_second_factor(*, user: User, by: User) -> bool:
    """Take away a lost phone's power: for operators, after they made sure who asks.

    The person's sessions end. Returns whether there was anything to reset.
    """
    _hold(user)
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        return False
    end_sessions_of(user)
    record("second_factor.reset", by=by, subject=user)
    write_to(user, LetterKind.FACTOR_CHANGED, change="reset")
    return True


@transaction.atomic
def reseal_second_factors(*, by: User | None) -> Resealed:
    """Encrypt every secret with the SECRET_KEY of now; one that no key opens is left as it is.

    Whoever signs in meanwhile waits for the row: a code counts once all the same.
    """
    resealed, unreadable = [], []
    held = Authenticator.objects.select_for_update(of=("self",)).select_related("user")
    for authenticator in held.order_by("pk"):
        name = SEALED[authenticator.type]
        try:
            authenticator.data[name] = encrypt(decrypt(authenticator.data[name]))
        except InvalidToken:
            unreadable.append(authenticator.user)
        else:
            authenticator.save(update_fields=["data"])
            resealed.append(authenticator.user)
    record_many("second_factor.resealed", by=by, subjects=dict.fromkeys(resealed))
    return Resealed(len(resealed), list(dict.fromkeys(unreadable)))


def _hold(user: User) -> None:
    """Lock the person's row, before any row of what proves who it is: acts on one account take turns."""
    User.objects.select_for_update().get(pk=user.pk)


def _digits(code: str) -> str:
    return "".join(code.split()).replace("-", "")


@transaction.atomic
def _use(user: User, code: str) -> Authenticator | None:
    typed = _digits(code)
    held = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
    for authenticator in held:
        if authenticator.type == TYPES.TOTP:
            used = _use_totp(authenticator, typed)
        else:
            used = authenticator.wrap().validate_code(typed)
        if used:
            authenticator.user = user
            return authenticator
    return None


def _use_totp(authenticator: Authenticator, typed: str) -> bool:
    data = authenticator.data
    counter = _matching_counter(decrypt(data["secret"]), typed, after=data.get("last_counter", -1))
    if counter is None:
        return False
    authenticator.data = {**data, "last_counter": counter}
    authenticator.save(update_fields=["data"])
    return True


def _matching_counter(secret: str, typed: str, *, after: int) -> int | None:
    """The step of the clock whose code this is: now, or one step around, for phones that are not exact."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for counter in (now, now - 1, now + 1):
        right = format_hotp_value(hotp_value(secret, counter))
        if counter > after and constant_time_compare(typed, right):
            return counter
    return None


def _fresh_recovery_codes(user: User) -> None:
    Authenticator.objects.filter(user=user, type=TYPES.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
