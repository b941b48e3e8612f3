"""Asking every cell of the table, and saying which answer otherwise."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from tests.security.asking import Portal, form_of
from tests.security.canaries import leaks, text_of
from tests.security.cast import ANONYMOUS, INACTIVE
from tests.security.matrix import MATRIX
from tests.security.rows import EVERYBODY, NOWHERE, Answer, Cells, Row
from tests.security.targets import Target, targets
from tests.security.world import World

MISSING = 999_999_999
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
# How long the session lasts goes down while somebody compares.
TIME_LEFT = re.compile(r'data-(?:idle|absolute)="\d+"|<noscript>.*?</noscript>')
WAY_IN = "/akun/masuk/?next="


def violations(portal: Portal, name: str) -> list[str]:
    """Every cell of a row that answers otherwise than the table says, and every one never reached."""
    row = MATRIX[name]
    reached: set[tuple[str, str]] = set()
    wrong = list(_ask(portal, name, targets(portal.world, row.kind), reached))
    for method, cells in (("GET", row.get), ("POST", row.post)):
        named = [EVERYBODY] if isinstance(cells, int) else list(cells)
        wrong += [
            f"{name} {method} {relation}: nobody was ever let in"
            for relation in named
            if _lets_in(cells if isinstance(cells, int) else cells[relation])
            and (method, relation) not in reached
        ]
    return wrong


def some(world: World, name: str) -> str:
    """An address of that name, with an object of the world where it needs one."""
    return reverse(name, kwargs=targets(world, MATRIX[name].kind)[0].arguments)


def violations_among(portal: Portal, name: str, objects: str, *people: str) -> list[str]:
    """The same for a few objects, named by a pattern, and a few people: to see whether a fault is noticed."""
    chosen = [
        replace(target, asked_by=people)
        for target in targets(portal.world, MATRIX[name].kind)
        if re.fullmatch(objects, target.name)
    ]
    assert chosen, objects
    return list(_ask(portal, name, chosen, set()))


def _ask(
    portal: Portal, name: str, objects: list[Target], reached: set[tuple[str, str]]
) -> Iterator[str]:
    row = MATRIX[name]
    for target in objects:
        path = reverse(name, kwargs=target.arguments)
        for who in target.asked_by:
            asking = _Asking(portal, row, target, who, path, reached)
            page = portal.ask(who, "GET", path)
            found = [*asking.compare("GET", page)]
            body = _body(portal.world, row, page, path, may=_may(row.post, target, who))
            as_json = {"content_type": "application/json"} if row.is_json else {}
            found += asking.compare("POST", portal.ask(who, "POST", path, body, **as_json))
            yield from (f"{name} {line}" for line in found)


def expected(row: Row, target: Target, who: str, method: str) -> tuple[int, str]:
    """What the table says for a person, and by which relation."""
    cells = row.get if method == "GET" else row.post
    if who in (ANONYMOUS, INACTIVE):
        if row.anonymous is None:
            return 302, ANONYMOUS
        return row.anonymous[method == "POST"], ANONYMOUS
    if isinstance(cells, int):
        return cells, EVERYBODY
    relation = _may(cells, target, who)
    return (_answer(cells[relation], target), relation) if relation else (NOWHERE, "")


@dataclass(frozen=True)
class _Asking:
    """One person at one address."""

    portal: Portal
    row: Row
    target: Target
    who: str
    path: str
    reached: set[tuple[str, str]]

    def compare(self, method: str, response: HttpResponse) -> Iterator[str]:
        """What is wrong with an answer: its status, where it leads, what it says."""
        status, relation = expected(self.row, self.target, self.who, method)
        cell = f"{method} {self.target.name or self.path} as {self.who} ({relation or 'nobody'})"
        if response.status_code != status:
            where = response.get("Location", "")
            yield f"{cell}: {response.status_code} {where}, not {status}"
        elif status == NOWHERE:
            if without_traces(response, self.path) != nothing_there(
                self.portal, self.who, self.path
            ):
                yield f"{cell}: the page says more than that nothing is there"
        elif relation == ANONYMOUS and self.row.anonymous is None:
            if not response["Location"].startswith(WAY_IN):
                yield f"{cell}: sent to {response['Location']}"
        else:
            yield from self._read(cell, method, response)
            if status < 400:
                self.reached.add((method, relation))

    def _read(self, cell: str, method: str, response: HttpResponse) -> Iterator[str]:
        text = text_of(response)
        yield from leaks(
            {cell: self.portal.world.register.found_in(text)}, self.portal.scope(self.who)
        )
        is_page = method == "GET" and response.status_code == 200
        if is_page and self.who != ANONYMOUS and self.row.marker not in text:
            yield f"{cell}: does not say {self.row.marker!r}"


def nothing_there(portal: Portal, who: str, path: str) -> str:
    """The page for what does not exist, in the same part of the portal."""
    part = path.split("/")[1]
    known = portal.nothing
    if (who, part) not in known:
        nowhere = f"/{part}/{MISSING}/tidak-ada/"
        known[who, part] = without_traces(portal.ask(who, "GET", nowhere), nowhere)
    return known[who, part]


def without_traces(response: HttpResponse, path: str) -> str:
    text = TIME_LEFT.sub("", TOKEN.sub("", REQUEST_ID.sub("", response.text)))
    return text.replace(path, "")


def _body(world: World, row: Row, page: HttpResponse, path: str, *, may: str) -> Mapping[str, Any]:
    is_page = page.status_code == 200 and page.get("Content-Type", "").startswith("text/html")
    return {**(form_of(page, path) if may and is_page else {}), **row.body_of(world)}


def _may(cells: Cells, target: Target, who: str) -> str:
    if who in (ANONYMOUS, INACTIVE):
        return ""
    if isinstance(cells, int):
        return EVERYBODY
    return next(
        (each for each in cells if each == EVERYBODY or who in target.related.get(each, ())), ""
    )


def _answer(answer: Answer, target: Target) -> int:
    if isinstance(answer, int):
        return answer
    return answer.get(target.name, answer.get(target.state, answer.usual))


def _lets_in(answer: Answer) -> bool:
    return any(
        each < 400
        for each in ([answer] if isinstance(answer, int) else [answer.usual, *answer.values()])
    )
