"""Whom a cycle asks: everybody with an own post on its census date."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from organization.enums import PostingKind
from organization.queries.subtrees import SUBTREE

_CENSUS = f"""
    SELECT posting.user_id, position.unit_id, position.title
    FROM organization_posting posting
    JOIN organization_position position ON position.id = posting.position_id
    JOIN accounts_user person
        ON person.id = posting.user_id AND person.is_active AND person.nip IS NOT NULL
    WHERE posting.kind = %(own)s AND posting.valid @> %(on)s::date
        AND position.unit_id IN ({SUBTREE})
    ORDER BY posting.user_id
"""  # noqa: S608  # nosec B608  # put together from constants of this module


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One person to ask: where the person stands on the census date."""

    user_id: int
    unit_id: int
    position_title: str


def census(on: datetime.date, roots: Iterable[int]) -> Iterator[CensusRow]:
    """Active people who hold a post of their own on the date in the given units or below them.

    Raters outside the civil service, who have no NIP, are not asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CENSUS, {"own": PostingKind.DEFINITIVE, "on": on, "units": list(roots)})
        for row in cursor:
            yield CensusRow(*row)
