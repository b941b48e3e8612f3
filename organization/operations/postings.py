"""Placing one person: a move to another post, an additional or acting duty, the end of either."""

import datetime
import re

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.enums import EmploymentType
from accounts.models import User
from audit.operations import record
from organization.enums import ACTING, PositionKind, PostingKind
from organization.errors import (
    LaterPostingExists,
    NotAHeadPost,
    NotInService,
    PeriodReversed,
    PostHeld,
    SignInNameTaken,
)
from organization.models import Position, Posting, Unit
from organization.operations.units import default_head_title

_SIGN_IN_NAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@transaction.atomic
def transfer(*, user: User, position: Position, on: datetime.date, by: User | None) -> Posting:
    """Move a person's own post to `position` from the day `on`; the post before ends the day before.

    A person who holds the post already stays as is. Raises NotInService, LaterPostingExists where
    the own post already begins or changes after `on`, PostHeld where somebody else heads the unit.
    """
    person = _in_service(user)
    own = Posting.objects.select_for_update().filter(user=person, kind=PostingKind.DEFINITIVE)
    if later := own.filter(valid__startswith__gt=on).order_by("valid").first():
        raise LaterPostingExists(person, later.valid.lower)
    current = own.in_force(on).first()
    if current and current.position_id == position.pk:
        return current
    if current:
        _end(current, on)
    if position.is_head:
        _refuse_held(
            position, DateRange(on, None), (PostingKind.DEFINITIVE, PostingKind.ADDITIONAL)
        )
    posting = Posting.objects.create(user=person, position=position, valid=DateRange(on, None))
    record(
        "posting.transferred",
        by=by,
        subject=posting,
        person=person.pk,
        before=current.position_id if current else None,
        on=on.isoformat(),
    )
    return posting


@transaction.atomic
def appoint(
    *,
    user: User,
    position: Position,
    kind: PostingKind,
    since: datetime.date,
    last_day: datetime.date | None,
    by: User | None,
) -> Posting:
    """Give a person the head's post beside the own one: PLT, PLH or ADDITIONAL.

    Both days are included; without `last_day` the duty is open-ended. Raises NotAHeadPost,
    NotInService, PeriodReversed, and PostHeld where another acts (or holds) in those days.
    """
    if not position.is_head or kind == PostingKind.DEFINITIVE:
        raise NotAHeadPost
    if last_day is not None and last_day < since:
        raise PeriodReversed
    person = _in_service(user)
    valid = DateRange(since, last_day and last_day + datetime.timedelta(days=1))
    holding = ACTING if kind in ACTING else (PostingKind.DEFINITIVE, PostingKind.ADDITIONAL)
    _refuse_held(position, valid, holding)
    posting = Posting.objects.create(user=person, position=position, kind=kind, valid=valid)
    record("posting.appointed", by=by, subject=posting, person=person.pk, kind=str(kind))
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, on: datetime.date, by: User | None) -> None:
    """End a posting: `on` is the first day without it. One that would hold for no day is taken back.

    Raises PeriodReversed where the posting begins later than `on`, or had already ended.
    """
    held = Posting.objects.select_for_update().get(pk=posting.pk)
    if on < held.valid.lower or (held.valid.upper is not None and held.valid.upper < on):
        raise PeriodReversed
    record("posting.ended", by=by, subject=held, person=held.user_id, on=on.isoformat())
    _end(held, on)


@transaction.atomic
def register_rater(
    *,
    username: str,
    name: str,
    unit: Unit,
    since: datetime.date,
    by: User | None,
    title_before: str = "",
    title_after: str = "",
    email: str = "",
) -> User:
    """Register a head outside the civil service, such as a governor, who has no NIP.

    The rater signs in by `username`, leads `unit`, and is never asked to fill in. The account has
    no password until one is set. Raises SignInNameTaken, PostHeld.
    """
    if not _SIGN_IN_NAME.fullmatch(username):
        raise SignInNameTaken(username)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username=username,
                name=name,
                title_before=title_before,
                title_after=title_after,
                email=email,
                employment_type=EmploymentType.OTHER,
                legal_status=_("Bukan ASN"),
            )
    except IntegrityError:  # asking first would not see who registers it at this moment
        raise SignInNameTaken(username) from None
    record("user.registered", by=by, subject=user)
    transfer(user=user, position=ensure_head_post(unit), on=since, by=by)
    return user


def ensure_head_post(unit: Unit) -> Position:
    """Make the post of the unit's head where the unit has none yet; returns it."""
    post, _made = Position.objects.get_or_create(
        unit=unit,
        is_head=True,
        defaults={"title": default_head_title(unit), "kind": PositionKind.STRUCTURAL},
    )
    return post


def _in_service(user: User) -> User:
    """Lock the person's row, so that two moves of one person wait for each other."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.is_active:
        raise NotInService(person)
    return person


def _end(posting: Posting, on: datetime.date) -> None:
    if posting.valid.lower == on:
        posting.delete()
    else:
        posting.valid = DateRange(posting.valid.lower, on)
        posting.save(update_fields=("valid",))


def _refuse_held(position: Position, valid: DateRange, kinds: tuple[PostingKind, ...]) -> None:
    Position.objects.select_for_update().get(pk=position.pk)
    held = position.postings.filter(valid__overlap=valid, kind__in=kinds).select_related("user")
    if other := held.first():
        raise PostHeld(other.user, other.valid.lower)
