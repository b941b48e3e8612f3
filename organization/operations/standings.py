"""Postings against what a roster wants: which stay, which end, which open, and from which day.

A posting ends on the effective date and another opens on it. One that began that very day is taken
back instead: it held for no day.
"""

import datetime
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DateField, F, Func, Max, Q, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record_many
from exchange.files import Fault
from organization.enums import PostingKind
from organization.files.roster import UNIT
from organization.models import Posting
from organization.operations.outcome import Standing, batches

HOLDING: Final = (PostingKind.DEFINITIVE, PostingKind.ADDITIONAL)


@dataclass(frozen=True, slots=True)
class Wish:
    """A person who should hold a post. `since` is the day the file gives, `row` where it does."""

    row: int
    user_id: int
    position_id: int
    is_head: bool
    kind: str = PostingKind.DEFINITIVE
    since: datetime.date | None = None


@dataclass(slots=True)
class Changes:
    """What is to be done to postings; nothing while there are faults."""

    end: dict[int, Standing] = field(default_factory=dict)
    open: list[Wish] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        """Whom they concern."""
        return {one.user_id for one in self.end.values()} | {one.user_id for one in self.open}


def load_standings(
    users: Sequence[int], head_posts: Sequence[int], on: datetime.date
) -> list[Standing]:
    """Postings in force on the date or later: all of the people, and whoever holds the head's posts."""
    found: dict[int, Standing] = {}
    conditions = [Q(user__in=batch) for batch in batches(users)]
    conditions += [Q(position__in=batch, kind__in=HOLDING) for batch in batches(head_posts)]
    for condition in conditions:
        postings = Posting.objects.filter(condition, valid__overlap=DateRange(on, None))
        for pk, user, position, kind, valid in postings.order_by().values_list(
            "pk", "user", "position", "kind", "valid"
        ):
            found[pk] = Standing(pk, user, position, kind, valid.lower, valid.upper)
    return list(found.values())


def compare(
    wishes: Iterable[Wish],
    leaving: Mapping[int, int],
    standings: Iterable[Standing],
    on: datetime.date,
) -> Changes:
    """Decide the changes. `leaving` are people no longer in service, with their rows.

    Wishes for own posts come before those for additional duties.
    """
    changes = Changes()
    own: dict[int, list[Standing]] = defaultdict(list)
    holders: dict[int, list[Standing]] = defaultdict(list)
    for standing in standings:
        if standing.user_id in leaving:
            _end(changes, standing, leaving[standing.user_id], on)
        if standing.kind == PostingKind.DEFINITIVE:
            own[standing.user_id].append(standing)
        if standing.kind in HOLDING:
            holders[standing.position_id].append(standing)
    for wish in wishes:
        if wish.kind == PostingKind.DEFINITIVE:
            opens = _changes_post(changes, wish, own[wish.user_id], on)
        else:
            opens = not any(
                standing.user_id == wish.user_id and standing.pk not in changes.end
                for standing in holders[wish.position_id]
            )
        if opens:
            changes.open.append(wish)
        if opens and wish.is_head:
            for standing in holders[wish.position_id]:
                _end(changes, standing, wish.row, on)
    return changes


def _changes_post(changes: Changes, wish: Wish, own: list[Standing], on: datetime.date) -> bool:
    """Whether the own post is another than before; the one before ends."""
    now = next((standing for standing in own if standing.covers(on)), None)
    later = min((one for one in own if one.since > on), key=lambda one: one.since, default=None)
    latest = now or later
    if latest and latest.position_id == wish.position_id:
        return False
    if later:
        changes.faults.append(_later(wish.row, later, on))
    if now:
        _end(changes, now, wish.row, on)
    return True


def _end(changes: Changes, standing: Standing, row: int, on: datetime.date) -> None:
    if standing.since > on:
        changes.faults.append(_later(row, standing, on))
    changes.end[standing.pk] = standing


def _later(row: int, standing: Standing, on: datetime.date) -> Fault:
    reason = _(
        "Jabatan ini sudah tercatat berubah pada %(since)s, sesudah tanggal berlaku %(on)s. "
        "Pakai tanggal berlaku yang lebih kemudian."
    )
    return Fault(
        row,
        UNIT,
        reason % {"since": date_format(standing.since, "j F Y"), "on": date_format(on, "j F Y")},
    )


def apply(
    changes: Changes, on: datetime.date, *, newcomers: Container[int], by: User | None
) -> None:
    """Carry the changes out: what ends comes first, so that no two postings ever overlap.

    The first posts of newcomers are part of their registration and have no events of their own.
    """
    back = [one.pk for one in changes.end.values() if one.since == on]
    over = [one.pk for one in changes.end.values() if one.since < on]
    for batch in batches(back):
        Posting.objects.filter(pk__in=batch).delete()
    closed = Func(F("valid__startswith"), Value(on, output_field=DateField()), function="daterange")
    for batch in batches(over):
        Posting.objects.filter(pk__in=batch).update(valid=closed)
    record_many("posting.ended", by=by, subjects=[Posting(pk=pk) for pk in changes.end])
    free = _free_since(changes)
    for wishes in batches(changes.open):
        opened = Posting.objects.bulk_create(
            Posting(
                user_id=wish.user_id,
                position_id=wish.position_id,
                kind=wish.kind,
                valid=DateRange(_start(wish, free, on), None),
            )
            for wish in wishes
        )
        moved = [posting for posting in opened if posting.user_id not in newcomers]
        record_many("posting.opened", by=by, subjects=moved)


def _start(
    wish: Wish, free: Mapping[tuple[str, int], datetime.date], on: datetime.date
) -> datetime.date:
    """The day of the file where it is past and neither person nor head's post was taken since."""
    if wish.since is None or wish.since > on:
        return on
    taken = [free.get(("user", wish.user_id))]
    if wish.is_head:
        taken.append(free.get(("position", wish.position_id)))
    return wish.since if all(day is None or day <= wish.since for day in taken) else on


def _free_since(changes: Changes) -> dict[tuple[str, int], datetime.date]:
    """The day since which each person, and each head's post, is free."""
    dated = [wish for wish in changes.open if wish.since]
    free: dict[tuple[str, int], datetime.date] = {}
    own = Q(kind=PostingKind.DEFINITIVE)
    held = Q(kind__in=HOLDING)
    for column, condition, ids in (
        ("user", own, [wish.user_id for wish in dated]),
        ("position", held, [wish.position_id for wish in dated if wish.is_head]),
    ):
        for batch in batches(ids):
            ends = Posting.objects.filter(condition, **{f"{column}__in": batch}).order_by()
            for key, end in ends.values_list(column).annotate(Max("valid__endswith")):
                free[column, key] = end
    return free
