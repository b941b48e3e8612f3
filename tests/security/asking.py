"""Asking the portal as each person; whatever a request changes is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.views.second_factor import SECRET
from tests.security.canaries import Canary
from tests.security.cast import ANONYMOUS, APP_SECRET
from tests.security.scopes import scope_of
from tests.security.world import World


@dataclass
class Portal:
    """A browser for each person, signed in just now and amid setting up a second factor.

    Cookies of an answer are not kept.
    """

    world: World
    nothing: dict[tuple[str, str], str] = field(default_factory=dict)
    """What each was told about what does not exist, by part of the portal."""
    _sessions: dict[str, str] = field(default_factory=dict)
    _scopes: dict[str, set[Canary]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        for name, person in self.world.people.items():
            visitor = Client()
            visitor.force_login(person)
            session = visitor.session
            record_authentication(SimpleNamespace(session=session), person, "password")
            session[SECRET] = encrypt(APP_SECRET)
            session.save()
            self._sessions[name] = visitor.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(
        self,
        who: str,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        **options: object,
    ) -> HttpResponse:
        """One request, whose effects are rolled back."""
        return self._taken_back(who, method.lower(), path, data or {}, **options)

    def send(self, who: str, method: str, path: str, **options: object) -> HttpResponse:
        """The same with bytes as they are: `data` and its `content_type`, `QUERY_STRING`."""
        return self._taken_back(who, "generic", method, path, **options)

    def _taken_back(
        self, who: str, call: str, *arguments: object, **options: object
    ) -> HttpResponse:
        self.be(who)
        with transaction.atomic():
            response = getattr(self.client, call)(*arguments, **options)
            if response.streaming:
                # Read to its end, as a browser does; that closes it.
                response.whole = response.getvalue()
            transaction.set_rollback(True)
        return response

    def scope(self, who: str) -> set[Canary]:
        """What the person may come across."""
        if who not in self._scopes:
            self._scopes[who] = scope_of(who)
        return self._scopes[who]

    def be(self, who: str) -> Client:
        """The browser, signed in as that person and as nobody before."""
        self.client.cookies = SimpleCookie()
        if who != ANONYMOUS:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[who]
        return self.client


class _Form(HTMLParser):
    """The values that a browser would send of the form that acts on one address."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            action = given.get("action") or self.path
            post = (given.get("method") or "get").lower() == "post"
            self._inside = post and action.partition("?")[0] == self.path
        if not self._inside or "disabled" in given:
            return
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self._add(name, value or "on")
        elif tag == "input" and given.get("type") not in ("submit", "file", "button"):
            self._add(name, value)
        elif tag == "textarea":
            self._area = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._add(self._select, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            # A browser drops the line break right after the tag.
            before = self.values[self._area].pop()
            self.values[self._area].append((before + data).removeprefix("\n"))

    def _add(self, name: str, value: str) -> None:
        if name:
            self.values.setdefault(name, []).append(value)


def form_of(response: HttpResponse, path: str) -> dict[str, list[str]]:
    """What a browser would send back unchanged of the page's form for that address."""
    parser = _Form(path)
    parser.feed(response.text)
    return parser.values
