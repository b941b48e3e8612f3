"""What all parts of the interface share: slices of lists; and who is asking."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.middleware.csrf import get_token
from ninja import Field, Router, Schema

from accounts.access import PersonRequest, access, signed_in

router = Router(tags=["account"])

MOST = 100
FURTHEST = 100_000

Row = TypeVar("Row")
Item = TypeVar("Item")


class Trouble(Exception):
    """A request is refused. `kind` names why for machines, `detail` says it to people with what to do next.

    `members` are told along: what is stored instead, what is missing.
    """

    def __init__(self, status: int, kind: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.members = members


class Slice(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST, description="How many items at most")
    offset: int = Field(0, ge=0, le=FURTHEST, description="How many items to leave out before")


class Listing(Schema, Generic[Item]):
    """Part of a list; `count` is how many there are in all."""

    items: list[Item]
    count: int


class Me(Schema):
    """The signed-in person. `csrf_token` goes into the header X-CSRFToken of everything that writes."""

    name: str
    nip: str | None
    language: str
    time_zone: str
    csrf_token: str


def listed(
    found: QuerySet[Any, Row], part: Slice, shape: Callable[[Iterable[Row]], Iterable[Item]]
) -> dict[str, Any]:
    """A slice of a list, each row brought into shape after the list was cut."""
    rows = found[part.offset : part.offset + part.limit]
    return {"items": list(shape(rows)), "count": found.count()}


@router.get("/me", response=Me, url_name="me")
@access(signed_in)
def me(request: PersonRequest) -> dict[str, Any]:
    """Who is signed in, and the token that writing needs."""
    person = request.user
    return {
        "name": person.full_name,
        "nip": person.nip,
        "language": person.language,
        "time_zone": person.time_zone,
        "csrf_token": get_token(request),
    }
