"""Markup in whatever people write, and in names of people, units and statements: shown as typed, never run."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat
from django.http import HttpResponse

from organization.models import Unit
from pillars.models import Band, Indicator, Instrument, Level, Pillar
from tests.databases import taken_back
from tests.factories import make_instrument, make_unit
from tests.security import lives
from tests.security import world as worlds
from tests.security.asking import Portal
from tests.security.canaries import MARK, mark
from tests.security.cast import AUDITOR, CURATOR, OPERATOR
from tests.security.crawling import walk

HOSTILE = "</title><img src=x onerror=alert(1)>{{ 7|add:7 }}'\""
RUN = "<img src=x"
SHOWN = "&lt;img src=x onerror=alert(1)&gt;{{ 7|add:7 }}"
PEOPLE = ("ani", "budi", "sari", "fajar", CURATOR, AUDITOR, "hesti", OPERATOR)
NO_PROSE = ("bukti", "berkas", "draf")
"""Addresses and names of files, which take no such thing: tests/assessments/files/test_evidence.py."""


def hostile(kind: str, whose: str) -> str:
    """A mark that would show itself if it were taken for markup."""
    return mark(kind, whose) + ("" if kind in NO_PROSE else HOSTILE)


def hostile_unit(name: str, **more: Any) -> Unit:
    unit = make_unit(name, **more)
    unit.name += HOSTILE
    unit.save()
    return unit


def hostile_instrument(**more: Any) -> Instrument:
    made = make_instrument(**more)
    for model, column, owner in (
        *((Pillar, "name", "instrument"), (Indicator, "statement", "instrument")),
        *((Level, "descriptor", "indicator__instrument"), (Band, "label", "instrument")),
    ):
        text = Concat(F(column), Value(HOSTILE), output_field=TextField())
        model.objects.filter(**{owner: made}).update(**{column: text})
    return made


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    """The same province, in which everybody writes markup."""
    logging.disable(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), taken_back():
        for module in (worlds, lives):
            patch.setattr(module, "mark", hostile)
        patch.setattr(worlds, "make_unit", hostile_unit)
        patch.setattr(worlds, "make_instrument", hostile_instrument)
        yield worlds.build()
    logging.disable(logging.NOTSET)


class Listening(Portal):
    """Keeps what was answered."""

    def ask(self, who: str, method: str, path: str, *more: Any, **options: Any) -> HttpResponse:
        response = super().ask(who, method, path, *more, **options)
        if response.get("Content-Type", "").startswith("text/html"):
            self.pages[path] = response.text
        return response

    @property
    def pages(self) -> dict[str, str]:
        return self.__dict__.setdefault("_pages", {})


@pytest.mark.parametrize("who", PEOPLE)
def test_what_somebody_typed_is_text_on_every_page(world, who):
    portal = Listening(world)
    starts = ("/", "/operator/") if who == OPERATOR else ("/",)
    walk(portal, who, *starts)
    assert [path for path, text in portal.pages.items() if RUN in text] == []
    shown = [path for path, text in portal.pages.items() if SHOWN in text]
    assert len(shown) >= 3
    # Every mark on a page of ours still carries what was typed behind it.
    bare = {
        (path, kind)
        for path, text in portal.pages.items()
        if not path.startswith("/operator/")
        for kind, _whose, rest in re.findall(MARK.pattern + r"(.{0,12})", text, MARK.flags | re.S)
        if kind not in NO_PROSE and not rest.startswith("&lt;/title")
    }
    assert bare == set()
