"""Who stands where on a date: own posts, heads and those whom they supervise.

Reads only. Every function costs a fixed number of queries, whatever the size of the tree.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from accounts.models import User
from organization.enums import ACTING, PostingKind
from organization.models import Posting, Unit
from organization.queries.subtrees import units_below

# Whoever holds the head's post of a unit on a date, the acting head first; at most two people,
# since exclusion constraints allow one holder and one acting head at a time.
_HEADS = """
    SELECT posting.user_id, posting.kind = ANY(%(acting)s) AS acting
    FROM organization_position position
    JOIN organization_posting posting ON posting.position_id = position.id
    WHERE position.is_head AND posting.valid @> %(on)s::date AND position.unit_id = {unit}
"""

_SUPERVISOR = f"""
    WITH RECURSIVE above(id, parent_id, height) AS (
        SELECT id, parent_id, 0 FROM organization_unit WHERE id = %(unit)s
        UNION ALL
        SELECT unit.id, unit.parent_id, height + 1
        FROM above JOIN organization_unit unit ON unit.id = above.parent_id
    )
    SELECT head.user_id
    FROM above CROSS JOIN LATERAL ({_HEADS.format(unit="above.id")}) head
    WHERE NOT EXISTS (
        SELECT 1 FROM ({_HEADS.format(unit="above.id")}) own WHERE own.user_id = %(user)s
    )
    ORDER BY above.height, head.acting DESC
    LIMIT 1
"""  # noqa: S608  # nosec B608  # put together from constants of this module

# Walks down from the units that the person leads. `people` NULL stands for everybody in the unit;
# below a post that somebody holds only its heads are left, who look further up for their supervisor.
# `heads` are the people of the unit where the walk began, who are never supervised from there.
_SUPERVISED = f"""
    WITH RECURSIVE reach(id, people, heads) AS (
        SELECT unit.id, NULL::bigint[], top.heads
        FROM organization_unit unit
        CROSS JOIN LATERAL (
            SELECT array_agg(user_id ORDER BY acting DESC) AS heads
            FROM ({_HEADS.format(unit="unit.id")}) head
        ) top
        WHERE unit.id = ANY(%(units)s) AND top.heads[1] = %(user)s
        UNION ALL
        SELECT below.id, below.people, reach.heads
        FROM reach CROSS JOIN LATERAL (
            SELECT child.id,
                CASE
                    WHEN post.heads IS NULL THEN reach.people
                    ELSE ARRAY(
                        SELECT head FROM unnest(post.heads) head
                        WHERE head <> ALL(reach.heads)
                            AND (reach.people IS NULL OR head = ANY(reach.people))
                    )
                END AS people
            FROM organization_unit child
            CROSS JOIN LATERAL (
                SELECT array_agg(user_id) AS heads FROM ({_HEADS.format(unit="child.id")}) head
            ) post
            WHERE child.parent_id = reach.id
        ) below
        WHERE below.people IS NULL OR below.people <> '{{}}'
    )
    SELECT id, people, heads FROM reach
"""  # noqa: S608  # nosec B608  # put together from constants of this module


@dataclass(frozen=True, slots=True)
class Supervised:
    """Whom a person supervises on a date; ask `covers` or filter by `matching`."""

    user_id: int
    members: frozenset[int] = frozenset()
    """Units all of whose people the person supervises, save `excepted` and the person himself."""
    only: frozenset[tuple[int, int]] = frozenset()
    """(unit, person) pairs of other units: the heads below."""
    excepted: frozenset[tuple[int, int]] = frozenset()
    """(unit, person) pairs within `members`: a head who is away, for whom the person acts."""

    def __bool__(self) -> bool:
        return bool(self.members or self.only)

    def covers(self, *, user_id: int, unit_id: int) -> bool:
        """Whether the person supervises `user_id`, whose own post is in `unit_id`."""
        pair = (unit_id, user_id)
        return user_id != self.user_id and (
            pair in self.only or (unit_id in self.members and pair not in self.excepted)
        )

    def matching(self, *, user: str = "user", unit: str = "unit") -> Q:
        """`covers` as a filter on the named columns (foreign keys) of any table."""

        def either(pairs: frozenset[tuple[int, int]]) -> Q:
            people: dict[int, list[int]] = {}
            for unit_id, user_id in sorted(pairs):
                people.setdefault(user_id, []).append(unit_id)
            found = Q(pk__in=[])
            for user_id, units in people.items():
                found |= Q(**{user: user_id, f"{unit}__in": units})
            return found

        everybody = Q(**{f"{unit}__in": sorted(self.members)})
        if self.excepted:
            everybody &= ~either(self.excepted)
        return (everybody | either(self.only)) & ~Q(**{user: self.user_id})


def supervisor_of(*, user_id: int, unit_id: int, on: datetime.date) -> User | None:
    """The supervisor on a date of a person whose own post is in the unit; None at the very top.

    The acting head of the unit, else its head. Where the post is vacant, or the person holds it or
    acts in it, the same question at the parent, up to the root.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERVISOR, {"user": user_id, "unit": unit_id, "on": on, "acting": list(ACTING)}
        )
        row = cursor.fetchone()
    return User.objects.get(pk=row[0]) if row else None


def supervised(user: User, on: datetime.date) -> Supervised:
    """Whom the person supervises on the date: the exact inverse of `supervisor_of`."""
    units = list(units_led_by(user, on).order_by().values_list("pk", flat=True))
    if not units:
        return Supervised(user.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERVISED, {"units": units, "user": user.pk, "on": on, "acting": list(ACTING)}
        )
        rows = cursor.fetchall()
    members = frozenset(unit for unit, people, _ in rows if people is None)
    only = frozenset((unit, person) for unit, people, _ in rows for person in people or ())
    away = frozenset(
        (unit, head) for unit, people, heads in rows if people is None for head in heads
    )
    itself = frozenset((unit, user.pk) for unit in members)
    return Supervised(
        user.pk,
        members=members,
        only=frozenset(pair for pair in only if pair[0] not in members),
        excepted=away - only - itself,
    )


def posting_of(user: User, on: datetime.date) -> Posting | None:
    """The person's own post on the date, with its position and unit."""
    return (
        Posting.objects.in_force(on)
        .filter(user=user, kind=PostingKind.DEFINITIVE)
        .select_related("position__unit")
        .first()
    )


def posts_led_by(user_id: Any, on: datetime.date) -> QuerySet[Posting]:
    """The head's posts that the person holds or acts in on the date."""
    return Posting.objects.leading().in_force(on).filter(user=user_id)


def units_led_by(user: User, on: datetime.date) -> QuerySet[Unit]:
    """Units whose head's post the person holds or acts in on the date."""
    return Unit.objects.filter(
        pk__in=Posting.objects.leading().in_force(on).filter(user=user).values("position__unit")
    )


def turning_days(user: User, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first day of a period, and each on which it may become others whom the person supervises.

    Whoever leads nothing in the period has none. Asks three queries, however long it is.
    """
    period = DateRange(first, last, "[]")
    leading = Posting.objects.leading().filter(valid__overlap=period)
    led = leading.filter(user=user).order_by().values_list("position__unit", flat=True)
    below = units_below(led)
    if not below:
        return []
    terms = leading.filter(position__unit__in=below).order_by().values_list("valid", flat=True)
    turns = {day for valid in terms for day in (valid.lower, valid.upper) if day}
    return [first, *sorted(day for day in turns if first < day <= last)]
