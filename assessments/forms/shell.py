"""A section rendered once through crispy, with slots for what differs between people.

Drawing forty radio groups costs more than everything else of a request together, and a published
version never changes. So its statements are drawn once for each language, and each request only
puts in what this person chose and wrote (docs/performance.md has the figures).
"""

import re
import secrets
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_crispy_form
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assessments.forms.filling import (
    EVIDENCE,
    FILES,
    NOTE,
    REASON,
    REVISION,
    SectionForm,
    Sheet,
)
from pillars.files.document import plain
from pillars.queries import IndicatorItem, PillarItem

TEXTS = (REASON, NOTE, EVIDENCE)


@dataclass(frozen=True, slots=True)
class Shell:
    """Finished markup between slots: `pieces[1::2]` name what belongs there."""

    pieces: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> SafeString:
        """The markup with each slot's value, which must be escaped; a slot without one stays empty."""
        pieces = list(self.pieces)
        pieces[1::2] = [values.get(name, "") for name in self.pieces[1::2]]
        return mark_safe("".join(pieces))  # noqa: S308  # nosec B308 B703  # the shell is ours, the values are escaped


_shells: dict[tuple[int, str], Shell] = {}
"""Shells by pillar and language, drawn once a process; pillars of a published version never change."""


def render_section(pillar: PillarItem, sheets: Mapping[str, Sheet]) -> SafeString:
    """The statements of a pillar of a published version, with one person's sheets spliced in."""
    key = (pillar.id, get_language() or "")
    shell = _shells.get(key)
    if shell is None:
        shell = _shells[key] = draw_shell(pillar)
    values: dict[str, str] = {}
    for item in pillar.indicators:
        values |= _values(item, sheets.get(item.code, Sheet()))
    return shell.filled(values)


def draw_shell(pillar: PillarItem) -> Shell:
    """Draw a pillar with a slot wherever people differ; of a draft, do not keep the result."""
    mark = secrets.token_hex(8)  # no text of an instrument can hold it by chance or by intent

    def slot(name: str) -> SafeString:
        return mark_safe(f"{mark}[{name}]")  # noqa: S308  # nosec B308 B703  # a code's characters need no escaping

    html = render_crispy_form(ShellForm(pillar, slot))
    return Shell(tuple(re.split(rf" ?{mark}\[([^\]]*)\]", html)))


class PillarForm(SectionForm):
    """The section as crispy draws it, statement by statement.

    `marks` gives what belongs in a statement's own places, those that are no form field.
    """

    def __init__(
        self,
        pillar: PillarItem,
        *,
        marks: Callable[[IndicatorItem], dict[str, str]],
        initial: Mapping[str, str],
    ) -> None:
        super().__init__(items=pillar.indicators, initial=initial)
        self.fields = deepcopy(self.fields)  # whoever draws changes widgets
        self.marks = marks
        total = len(self.items)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            *(Statement(item, number, total) for number, item in enumerate(self.items, start=1))
        )


class ShellForm(PillarForm):
    """Draws slots in place of answers."""

    def __init__(self, pillar: PillarItem, slot: Callable[[str], SafeString]) -> None:
        names = [item.code + suffix for item in pillar.indicators for suffix in (*TEXTS, REVISION)]
        super().__init__(
            pillar,
            marks=lambda item: {name: slot(f"{item.code}:{name}") for name in MARKS},
            initial={name: slot(name) for name in names},
        )
        for item in self.items:
            self.fields[item.code].widget = SlottedRadios(
                slot, self.fields[item.code].widget.choices
            )
            for suffix in TEXTS:
                if field := self.fields.get(item.code + suffix):
                    field.widget.attrs[slot(f"{item.code}{suffix}:invalid")] = True


class SlottedRadios(forms.RadioSelect):
    """Radios of which each has a slot where `checked` may stand."""

    def __init__(self, slot: Callable[[str], SafeString], choices: Any) -> None:
        super().__init__(choices=choices)
        self.slot = slot

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One option; its slot is an attribute without value."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"][self.slot(f"{name}={value}")] = True
        return option


class FilledForm(PillarForm):
    """Draws sheets straight through crispy: for drafts, and to prove that the shell says the same."""

    def __init__(self, pillar: PillarItem, sheets: Mapping[str, Sheet]) -> None:
        shown = {item.code: sheets.get(item.code, Sheet()) for item in pillar.indicators}
        initial: dict[str, str] = {}
        for code, sheet in shown.items():
            initial |= {
                code: sheet.choice,
                code + REASON: sheet.reason,
                code + NOTE: sheet.note,
                code + EVIDENCE: sheet.evidence,
                code + REVISION: sheet.revision,
            }
        super().__init__(pillar, marks=lambda item: _marks(item, shown[item.code]), initial=initial)
        for code, sheet in shown.items():
            for problem in sheet.problems:
                if problem.suffix in TEXTS:
                    self.fields[code + problem.suffix].widget.attrs["aria-invalid"] = "true"


class Statement(LayoutObject):
    """One statement of a crispy layout: a fieldset with its options, and what may be added to it."""

    template = "assessments/_statement.html"

    def __init__(self, item: IndicatorItem, number: int, total: int) -> None:
        self.item = item
        self.number = number
        self.total = total
        self.fields = [item.code]

    def render(
        self, form: PillarForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The markup of one statement."""
        code = self.item.code
        return render_to_string(
            self.get_template_name(template_pack),
            {
                "item": self.item,
                "number": self.number,
                "total": self.total,
                "choices": form[code].subwidgets,
                "reason": form[code + REASON] if self.item.not_applicable else None,
                "note": form[code + NOTE],
                "evidence": form[code + EVIDENCE],
                "revision": form[code + REVISION],
                "marks": form.marks(self.item),
            },
        )


MARKS = ("error", "described", "messages", "open", "files")


def _values(item: IndicatorItem, sheet: Sheet) -> dict[str, str]:
    code = item.code
    values = {
        f"{code}={sheet.choice}": " checked",
        code + REASON: escape(sheet.reason),
        code + NOTE: escape(sheet.note),
        code + EVIDENCE: escape(sheet.evidence),
        code + REVISION: escape(sheet.revision),
    }
    for problem in sheet.problems:
        values[f"{code}{problem.suffix}:invalid"] = ' aria-invalid="true"'
    return values | {f"{code}:{name}": html for name, html in _marks(item, sheet).items()}


def _marks(item: IndicatorItem, sheet: Sheet) -> dict[str, str]:
    asked = any(
        item.asks_evidence(each.value) for each in item.levels if plain(each.value) == sheet.choice
    )
    faulty = any(problem.suffix in (NOTE, EVIDENCE) for problem in sheet.problems)
    written = sheet.note or sheet.evidence or sheet.files
    marks = {"open": mark_safe(" open") if asked or faulty or written else ""}  # nosec B308  # a constant
    if sheet.files is not None:
        marks["files"] = (
            _files(item.code, sheet.files)
            if sheet.files
            else _no_files(item.code, get_language() or "")
        )
    if sheet.problems or sheet.remark or sheet.conflict:
        marks |= {
            "error": " is-error" if sheet.problems or sheet.conflict else "",
            "described": mark_safe(f' aria-describedby="pesan-{item.code}"'),  # noqa: S308  # nosec B308 B703  # ours
            "messages": messages_of(item, sheet),
        }
    return marks


def _files(code: str, names: tuple[str, ...]) -> SafeString:
    context = {"code": code, "files": names, "value": FILES + code}
    return render_to_string("assessments/_statement_files.html", context)


@lru_cache(maxsize=1_024)
def _no_files(code: str, language: str) -> SafeString:
    """The same without a file, as nearly everybody sees it; drawn once in each language."""
    return _files(code, ())


def messages_of(item: IndicatorItem, sheet: Sheet) -> SafeString:
    """What is said about one statement: problems, the supervisor's remark, another tab's answer."""
    return render_to_string(
        "assessments/_statement_messages.html",
        {
            "item": item,
            "sheet": sheet,
            "theirs": Sheet.of(sheet.conflict) if sheet.conflict else None,
            "chosen": item.level(sheet.conflict.value) if sheet.conflict else None,
        },
    )
