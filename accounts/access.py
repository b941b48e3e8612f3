"""The gate: every view declares who may call it; `AccessMiddleware` refuses what declares nothing."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

from accounts.models import User

Rule = Callable[[HttpRequest], bool]
View = TypeVar("View", bound=Callable[..., object])


class PersonRequest(HttpRequest):
    """What a view behind `signed_in`, or a narrower rule, is given: its `user` is an account."""

    user: User


def access(rule: Rule) -> Callable[[View], View]:
    """Declare the rule of a view: `@access(signed_in)`.

    A rule answers for the person and the request as a whole; what a person may see of a kind of
    object is decided by the query that lists it, and a foreign object answers 404.
    """

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return declare


def not_a_use(view: View) -> View:
    """Declare a view that an open page asks by itself: it is no use of the session, and the idle limit runs on."""
    view.is_use = False  # type: ignore[attr-defined]
    return view


def public(request: HttpRequest) -> bool:
    """Anybody, signed in or not."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Any active account."""
    return request.user.is_authenticated


def entering(request: HttpRequest) -> bool:
    """Any active account, also while the second factor that it must have is not set up yet."""
    return request.user.is_authenticated


def operator(request: HttpRequest) -> bool:
    """Operators of the installation (the admin)."""
    return request.user.is_authenticated and request.user.is_staff
