"""What the personnel office of a date sees: its units, and the people in them."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.enums import Entry
from accounts.models import UNREACHABLE, User
from accounts.queries import with_entry
from organization.enums import PostingKind
from organization.models import HrMandate, Posting, Unit
from organization.queries.subtrees import units_below


def mandates_of(user_id: Any, on: datetime.date) -> QuerySet[HrMandate]:
    """The person's mandates for personnel data on the date."""
    return HrMandate.objects.filter(user=user_id, valid__contains=on)


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
