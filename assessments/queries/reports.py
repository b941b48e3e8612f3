"""Reports "ini bukan atasan saya" as the personnel office reads them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from assessments.models import Assessment, SupervisorReport
from organization.enums import ACTING, PostingKind
from organization.queries import hr_units

# From a unit up to the root: the head's post of each, and who holds it or acts in it on a date.
_CHAIN = """
    WITH RECURSIVE above(id, parent_id, name, height) AS (
        SELECT id, parent_id, name, 0 FROM organization_unit WHERE id = %(unit)s
        UNION ALL
        SELECT unit.id, unit.parent_id, unit.name, height + 1
        FROM above JOIN organization_unit unit ON unit.id = above.parent_id
    )
    SELECT above.id, above.name, position.title, posting.user_id, posting.kind
    FROM above
    LEFT JOIN organization_position position ON position.unit_id = above.id AND position.is_head
    LEFT JOIN organization_posting posting
        ON posting.position_id = position.id AND posting.valid @> %(on)s::date
    ORDER BY above.height, posting.kind = ANY(%(acting)s) DESC
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a head's post, and how."""

    user: User
    kind: str

    @property
    def kind_label(self) -> str:
        """How the post is held, in words."""
        return str(PostingKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Link:
    """One unit on the way up, with the post of its head; no `holders` where it is vacant."""

    unit_name: str
    post_title: str
    holders: list[Holder] = field(default_factory=list)


def reports_for(user: User, on: datetime.date) -> QuerySet[SupervisorReport]:
    """Reports of people in units whose personnel data the person mends; never one's own.

    With `now`, the database's time.
    """
    return reports_in(hr_units(user, on), user)


def reports_in(units: Iterable[int], user: User) -> QuerySet[SupervisorReport]:
    """The same for units that are known already."""
    return (
        SupervisorReport.objects.filter(assessment__unit__unit__in=units)
        .exclude(assessment__person=user)
        .select_related(
            "assessment__person", "assessment__unit", "assessment__cycle", "shown_supervisor"
        )
        .annotate(now=Now())
    )


def chain_of(assessment: Assessment, on: datetime.date) -> list[Link]:
    """The way on which the reviewer is looked for: from the person's unit up to the root."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, {"unit": assessment.unit.unit_id, "on": on, "acting": list(ACTING)})
        rows = cursor.fetchall()
    people = User.objects.in_bulk({user_id for *_unit, user_id, _kind in rows if user_id})
    links: dict[int, Link] = {}
    for unit_id, unit_name, title, user_id, kind in rows:
        link = links.setdefault(unit_id, Link(unit_name, title or ""))
        if user_id:
            link.holders.append(Holder(people[user_id], kind))
    return list(links.values())
