"""Walking the portal as a person does: from the home page through every link and every form that only asks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.security.asking import Portal
from tests.security.canaries import Canary, text_of

EXAMPLES = 14
"""Pages of one address with different objects or questions."""
EXAMPLES_OF_OPERATORS = 5
PAGES = 250


@dataclass
class Walk:
    """What one person saw, and what was wrong on the way."""

    found: dict[str, set[Canary]] = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def seen(self) -> set[Canary]:
        """Every mark anywhere."""
        return set().union(*self.found.values())


class _Links(HTMLParser):
    """Addresses that a page leads to: links, and forms with method GET as they stand."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[str] = []
        self._asks = ""
        self._values: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self._add(given["href"])
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self._asks, self._values = given.get("action") or self.path, []
        elif self._asks and tag in ("input", "select") and given.get("name"):
            self._values.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._asks:
            self._add(f"{self._asks.partition('?')[0]}?{urlencode(self._values)}")
            self._asks = ""

    def _add(self, address: str) -> None:
        parts = urlsplit(urljoin(f"http://testserver{self.path}", address))
        if parts.netloc == "testserver":
            self.found.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def walk(portal: Portal, who: str, *starts: str) -> Walk:
    """Follow everything, some examples of each address."""
    result = Walk()
    waiting, known = list(starts), set(starts)
    while waiting and len(result.found) < PAGES:
        path = waiting.pop(0)
        if not _is_new(result, path):
            continue
        response = portal.ask(who, "GET", path)
        result.found[path] = portal.world.register.found_in(text_of(response))
        if response.status_code not in (200, 302):
            result.faults.append(f"{path}: {response.status_code}")
        for link in _leads_to(path, response):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return result


def _is_new(result: Walk, path: str) -> bool:
    try:
        name = resolve(urlsplit(path).path).view_name
    except Resolver404:
        result.faults.append(f"{path}: leads nowhere")
        return False
    result.names[name] += 1
    return result.names[name] <= (EXAMPLES_OF_OPERATORS if name.startswith("admin:") else EXAMPLES)


def _leads_to(path: str, response: object) -> Iterator[str]:
    location = response.get("Location", "")  # type: ignore[attr-defined]
    if location.startswith("/"):
        yield location
    if response.get("Content-Type", "").startswith("text/html"):  # type: ignore[attr-defined]
        links = _Links(path)
        links.feed(response.text)  # type: ignore[attr-defined]
        yield from (link for link in links.found if not link.startswith("/static/"))
