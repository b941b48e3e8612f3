"""Who stands where on a date: supervisors, units led, subtrees, the census.

Reads only. Every function costs a fixed number of queries, whatever the size of the tree.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from accounts.enums import Entry
from accounts.models import UNREACHABLE, User
from accounts.queries import with_entry
from organization.enums import ACTING, CorrectionStatus, PostingKind
from organization.models import CorrectionRequest, HrMandate, Posting, Unit

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

_SUBTREE = """
    WITH RECURSIVE below(id) AS (
        SELECT id FROM organization_unit WHERE id = ANY(%(units)s)
        UNION
        SELECT unit.id FROM below JOIN organization_unit unit ON unit.parent_id = below.id
    )
    SELECT id FROM below
"""

_CENSUS = f"""
    SELECT posting.user_id, position.unit_id, position.title
    FROM organization_posting posting
    JOIN organization_position position ON position.id = posting.position_id
    JOIN accounts_user person
        ON person.id = posting.user_id AND person.is_active AND person.nip IS NOT NULL
    WHERE posting.kind = %(own)s AND posting.valid @> %(on)s::date
        AND position.unit_id IN ({_SUBTREE})
    ORDER BY posting.user_id
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


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One person to ask: where the person stands on the census date."""

    user_id: int
    unit_id: int
    position_title: str


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


def posts_led_by(user_id: Any, on: datetime.date) -> QuerySet[Posting]:
    """The head's posts that the person holds or acts in on the date."""
    return Posting.objects.leading().in_force(on).filter(user=user_id)


def mandates_of(user_id: Any, on: datetime.date) -> QuerySet[HrMandate]:
    """The person's mandates for personnel data on the date."""
    return HrMandate.objects.filter(user=user_id, valid__contains=on)


def units_below(unit_ids: Iterable[int]) -> set[int]:
    """Ids of the units and of all that lie below them."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, {"units": list(unit_ids)})
        return {unit for (unit,) in cursor.fetchall()}


def census(on: datetime.date, roots: Iterable[int]) -> Iterator[CensusRow]:
    """Active people who hold a post of their own on the date in the given units or below them.

    Raters outside the civil service, who have no NIP, are not asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CENSUS, {"own": PostingKind.DEFINITIVE, "on": on, "units": list(roots)})
        for row in cursor:
            yield CensusRow(*row)


def hr_units(user: User, on: datetime.date) -> set[int]:
    """Ids of the units whose personnel data the person mends on the date, subtrees included."""
    mandates = user.hr_mandates.filter(valid__contains=on).order_by()
    roots = list(mandates.values_list("unit", flat=True))
    return units_below(roots) if roots else set()


def nameable_by(user: User, on: datetime.date) -> QuerySet[User]:
    """Whom the person, as the personnel office, may name as a reviewer on the date.

    Everybody with a post in the units of the mandate, and active heads of any unit, whose posts are no secret.
    """
    in_force = Posting.objects.in_force(on).order_by()
    here = in_force.filter(position__unit__in=hr_units(user, on))
    heads = Posting.objects.leading().in_force(on).filter(user__is_active=True).order_by()
    return User.objects.filter(Q(pk__in=here.values("user")) | Q(pk__in=heads.values("user")))


def units_to_choose(user: User, on: datetime.date) -> QuerySet[Unit]:
    """Units of the person's mandates on the date and all below, in the order of the tree, with its depth."""
    return Unit.objects.with_tree_fields().filter(pk__in=hr_units(user, on))


def people_by_entry(units: Iterable[int], on: datetime.date) -> QuerySet[User]:
    """People whose own post lies in the units on the date, with `entry` and the name of that unit."""
    own = (
        Posting.objects.in_force(on)
        .filter(kind=PostingKind.DEFINITIVE, position__unit__in=list(units))
        .order_by()
    )
    there = own.filter(user=OuterRef("pk")).values("position__unit__name")[:1]
    people = User.objects.filter(pk__in=own.values("user")).annotate(unit_name=Subquery(there))
    return with_entry(people)


def unreachable_in(units: Iterable[int], on: datetime.date) -> QuerySet[User]:
    """Those of them who cannot be invited for want of a mail address, by name."""
    return people_by_entry(units, on).filter(UNREACHABLE).order_by("name", "pk")


def count_by_entry(units: Iterable[int], on: datetime.date) -> dict[str, int]:
    """How many of them stand how, every standing named."""
    counted = people_by_entry(units, on).order_by().values_list("entry").annotate(Count("pk"))  # type: ignore[misc]
    return dict.fromkeys(Entry.values, 0) | dict(counted)


def posting_of(user: User, on: datetime.date) -> Posting | None:
    """The person's own post on the date, with its position and unit."""
    return (
        Posting.objects.in_force(on)
        .filter(user=user, kind=PostingKind.DEFINITIVE)
        .select_related("position__unit")
        .first()
    )


def own_corrections(user: User) -> QuerySet[CorrectionRequest]:
    """The person's requests to correct data, the latest first; with `now`, the database's time."""
    return CorrectionRequest.objects.of(user).annotate(now=Now()).order_by("-received_at", "-pk")


def corrections_for(user: User, on: datetime.date) -> QuerySet[CorrectionRequest]:
    """Requests that the person answers as the personnel office; never one's own, none that was taken back.

    What waits comes first, the nearest deadline at the top, then what was answered last.
    """
    return corrections_in(hr_units(user, on), user)


def corrections_in(units: Iterable[int], user: User) -> QuerySet[CorrectionRequest]:
    """The same for units that are known already."""
    return (
        CorrectionRequest.objects.filter(unit__in=units)
        .exclude(person=user)
        .exclude(status=CorrectionStatus.WITHDRAWN)
        .select_related("person", "unit", "decided_by")
        .annotate(now=Now(), waits=Q(status=CorrectionStatus.RECEIVED))
        .order_by("-waits", F("decided_at").desc(nulls_first=True), "due_at", "pk")
    )


def corrections_without_office(on: datetime.date) -> QuerySet[CorrectionRequest]:
    """Waiting requests of units for which nobody has a mandate on the date: an operator has to give one."""
    waiting = CorrectionRequest.objects.waiting()
    mandates = HrMandate.objects.filter(valid__contains=on, user__is_active=True).order_by()
    roots = mandates.values_list("unit", flat=True) if waiting.exists() else ()
    return waiting.exclude(unit__in=units_below(set(roots)))


def office_of(user: User) -> int | None:
    """The unit whose personnel office answers for the person: of the own post or the last there was, else the root."""
    own = user.postings.filter(kind=PostingKind.DEFINITIVE).order_by("-valid", "-pk")
    roots = Unit.objects.filter(parent__isnull=True).order_by("pk")
    last: int | None = own.values_list("position__unit", flat=True).first()
    return last or roots.values_list("pk", flat=True).first()


def officers_for(correction: CorrectionRequest, on: datetime.date) -> list[User]:
    """Who answers the request on the date: mandates of its unit or above; operators where there is nobody."""
    above = [unit.pk for unit in correction.unit.ancestors(include_self=True)]
    mandated = User.objects.filter(
        is_active=True, hr_mandates__valid__contains=on, hr_mandates__unit__in=above
    ).exclude(pk=correction.person_id)
    found = list(mandated.distinct().order_by("pk"))
    return found or list(User.objects.filter(is_active=True, is_staff=True).order_by("pk"))


def personal_data_of(user: User) -> dict[str, Any]:
    """Everything that is recorded about where the person stands, by the keys of docs/data.md.

    Periods are half-open: `until` is the first day after.
    """
    postings = user.postings.select_related("position__unit").order_by("valid", "pk")
    mandates = user.hr_mandates.select_related("unit").order_by("valid", "pk")
    corrections = own_corrections(user).select_related("unit").order_by("pk")
    return {
        "correction_requests": [_correction(each) for each in corrections],
        "postings": [
            {
                "unit": each.position.unit.name,
                "position": each.position.title,
                "kind": each.kind,
                "kind_label": each.get_kind_display(),
                "is_head": each.is_head,
                "from": each.valid.lower,
                "until": each.valid.upper,
            }
            for each in postings
        ],
        "named_as_head": [
            {"unit": each.name, "nip": each.head_nip}
            for each in Unit.objects.filter(head_nip=user.nip or None).order_by("pk")
        ],
        "personnel_mandates": [
            {
                "unit": each.unit.name,
                "from": each.valid.lower,
                "until": each.valid.upper,
                "reason": each.reason,
            }
            for each in mandates
        ],
    }


def _correction(request: CorrectionRequest) -> dict[str, Any]:
    return {
        "item": request.item,
        "item_label": request.get_item_display(),
        "requested": request.requested,
        "reference": request.reference,
        "unit": request.unit.name,
        "status": request.status,
        "status_label": request.get_status_display(),
        "received_at": request.received_at,
        "due_at": request.due_at,
        "decided_at": request.decided_at,
        "answer": request.answer,
        "reminders": request.reminders,
    }
