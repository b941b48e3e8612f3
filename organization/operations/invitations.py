"""Inviting the people of units who never had a password."""

import datetime
from collections.abc import Collection

from django.db import connection, transaction

from accounts.enums import Entry
from accounts.models import User
from accounts.operations import invite
from organization.queries import hr_units, people_by_entry

INVITING_LOCK = 0x494E5654
"""Key of the advisory lock that lets one office at a time invite, so that two clicks send one letter."""


@transaction.atomic
def invite_people(
    *, units: Collection[int], on: datetime.date, again: bool = False, by: User
) -> int:
    """Queue a letter for everybody of the units who can be invited and was not; returns how many.

    `again`: for those who were invited and have set no password yet instead; the letter's new link
    ends the older one. Units outside the mandate of `by` on the date are passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INVITING_LOCK])
    wanted = Entry.INVITED if again else Entry.READY
    reached = people_by_entry(hr_units(by, on).intersection(units), on)
    people = reached.filter(entry=wanted)  # type: ignore[misc]
    return invite(users=list(people.order_by("pk")), by=by).invited
