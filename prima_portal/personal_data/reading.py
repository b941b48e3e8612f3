"""The same for people: a page with words for codes, sentences for what is empty, and the latest of what is long."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prima_portal.personal_data.gathering import Rows
from prima_portal.personal_data.words import ABOUT, EMPTY, LABELS

SHOWN: Final = 30
"""Events of one kind on the page; the file has all."""
ONLY_IN_THE_FILE: Final = frozenset(
    {"trace", "data", "about", "answers", "ratings", "user_agent", "request_id", "subject_id"}
)
"""Too deep for a page, or there in other words."""
IN_WORDS: Final = "_label"


@dataclass(frozen=True, slots=True)
class Part:
    """One line: a text with the code that machines know it by, or parts of its own."""

    label: str
    text: str = ""
    code: str = ""
    children: tuple["Part", ...] = ()

    @property
    def lines(self) -> list["Part"]:
        """Its children that are a text."""
        return _lines_of(self.children)

    @property
    def groups(self) -> list["Part"]:
        """Its children that have children of their own."""
        return _groups_of(self.children)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of what is held: what it is, its lines or why there are none, and how many more the file has."""

    key: str
    label: str
    about: str
    empty: str
    parts: tuple[Part, ...]
    more: int = 0

    @property
    def lines(self) -> list[Part]:
        """Its parts that are a text."""
        return _lines_of(self.parts)

    @property
    def groups(self) -> list[Part]:
        """Its parts that have parts of their own."""
        return _groups_of(self.parts)


def _lines_of(parts: Sequence[Part]) -> list[Part]:
    return [each for each in parts if not each.children]


def _groups_of(parts: Sequence[Part]) -> list[Part]:
    return [each for each in parts if each.children]


def sections_of(data: Mapping[str, Any]) -> tuple[Section, ...]:
    """What the page shows of `personal_data_of`."""
    return tuple(_section(key, value) for key, value in data.items())


def _section(key: str, value: Any) -> Section:
    more = 0
    if isinstance(value, Rows):
        more = max(value.count() - SHOWN, 0)
        value = value.latest(SHOWN)
    parts = _lines(value) if isinstance(value, Mapping) else _numbered(value)
    about, empty = str(ABOUT[key]), str(EMPTY.get(key, ""))
    return Section(key, str(LABELS[key]), about, empty, parts, more)


def _lines(data: Mapping[str, Any], *, also_empty: bool = True) -> tuple[Part, ...]:
    found = []
    for key, value in data.items():
        if key in ONLY_IN_THE_FILE or key.endswith(IN_WORDS):
            continue
        part = _part(key, value, str(data.get(key + IN_WORDS) or ""))
        if also_empty or part.text or part.children:
            found.append(part)
    return tuple(found)


def _numbered(rows: Sequence[Any]) -> tuple[Part, ...]:
    """What is empty in one of many is left out."""
    return tuple(
        Part(str(place), children=_lines(row, also_empty=False))
        if isinstance(row, Mapping)
        else Part(str(place), text=_text(row))
        for place, row in enumerate(rows, start=1)
    )


def _part(key: str, value: Any, words: str) -> Part:
    label = str(LABELS.get(key, key))
    if isinstance(value, Mapping):
        return Part(label, children=_lines(value, also_empty=False))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Part(label, children=_numbered(value))
    if words:
        code = _text(value)
        return Part(label, text=words, code=code if code != words else "")
    return Part(label, text=_text(value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "j F Y H.i T")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    return str(value)
