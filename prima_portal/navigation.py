"""Navigation by what a person is, not by a menu for all."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the main navigation."""

    label: str
    url: str
    active: bool


def items_for(request: HttpRequest) -> list[NavItem]:
    """Links that lead somewhere for this person, in reading order; none for the anonymous."""
    return []
