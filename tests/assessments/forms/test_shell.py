"""The spliced shell says what crispy says, for whatever people write."""

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django.test.html import parse_html
from django.test.signals import template_rendered
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from assessments.forms.filling import EVIDENCE, NOTE, REASON, Problem, Sheet
from assessments.forms.shell import FilledForm, draw_shell, render_section
from assessments.models import Answer
from tests.assessments.forms.items import FULL, PILLAR, PLAIN

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "' autofocus onfocus=alert(1) x='",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "&lt;b&gt; &amp; &quot;",
    "javascript:alert(1)",
    "%s %(name)s {0} \\u003c",
    "baris satu\nbaris dua\n\n  spasi  ",
    "ékspresi 🌸 \u202e terbalik \x00",
    "0123456789abcdef[B-2:note]",
)

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
problems = st.lists(
    st.builds(Problem, st.sampled_from(["", NOTE, EVIDENCE]), texts), max_size=2
).map(tuple)


def sheets_for(item):
    choices = ["", *("0.67", "1", "2"), *(("NA",) if item.not_applicable else ())]
    return st.builds(
        Sheet,
        choice=st.sampled_from(choices),
        reason=texts if item.not_applicable else st.just(""),
        note=texts,
        evidence=texts,
        revision=st.integers(0, 99).map(str),
        problems=problems,
        remark=texts,
    )


class Fields(HTMLParser):
    """What a browser would send, and every tag it would see."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.tags, self._area = {}, set(), None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        given = dict(attributes)
        if tag == "textarea":
            self._area = given["name"]
            self.sent[self._area] = ""
        if tag == "input" and (given["type"] != "radio" or "checked" in given):
            self.sent[given["name"]] = given["value"]

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # Browsers drop the first line break of a textarea.
            self.sent[self._area] = self.sent[self._area].removeprefix("\n")
            self._area = None


@given(plain=sheets_for(PLAIN), full=sheets_for(FULL))
def test_splicing_equals_drawing_with_crispy(plain, full):
    sheets = {PLAIN.code: plain, FULL.code: full}
    drawn = render_crispy_form(FilledForm(PILLAR, sheets))
    assert parse_html(render_section(PILLAR, sheets)) == parse_html(drawn)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_come_back_exactly_and_inert(text):
    sheet = Sheet(choice="NA", reason=text, note=text, evidence=text, remark=text)
    quiet = Fields(
        render_section(PILLAR, {FULL.code: replace(sheet, reason="", note="", evidence="")})
    )
    fields = Fields(render_section(PILLAR, {FULL.code: sheet}))
    expected = text.replace("\x00", "�")
    sent = {name: value.replace("\x00", "�") for name, value in fields.sent.items()}
    assert sent[FULL.code + REASON] == sent[FULL.code + NOTE] == expected
    assert sent[FULL.code + EVIDENCE] == expected
    assert fields.tags == quiet.tags
    assert "script" not in fields.tags


def test_a_stored_answer_is_checked_and_nothing_else_is():
    html = render_section(PILLAR, {PLAIN.code: Sheet(choice="0.67", revision="4")})
    sent = Fields(html).sent
    assert {name: value for name, value in sent.items() if value} == {
        "A.1": "0.67",
        "A.1:revision": "4",
        "B-2:revision": "0",
    }


def test_extra_fields_open_where_something_is_written_asked_or_wrong():
    def opened(**changes):
        html = render_section(PILLAR, {FULL.code: Sheet(**changes)})
        return html.count('<details class="extra" open>')

    assert opened() == 0
    assert opened(choice="1") == 0
    assert opened(choice="2") == 1
    assert opened(note="x") == opened(evidence="x") == 1
    assert opened(problems=(Problem(NOTE, "x"),)) == 1
    assert opened(problems=(Problem("", "x"),)) == 0


def test_another_tabs_answer_is_shown_with_a_choice():
    theirs = Answer(value=Decimal(1), note="<i>mereka</i>", evidence=["SK 1"], revision=7)
    html = render_section(PILLAR, {FULL.code: Sheet(choice="2", conflict=theirs)})
    assert "&lt;i&gt;mereka&lt;/i&gt;" in html
    assert Fields(html).sent["B-2:seen"] == "7"
    assert html.count('name="B-2:keep"') == 2


def test_a_section_is_drawn_once_for_each_language():
    drawn = []

    def note(sender, template, **kwargs):
        drawn.append(template.name)

    pillar = replace(PILLAR, id=-2)
    with override("id"):
        render_section(pillar, {})
        template_rendered.connect(note)
        render_section(pillar, {FULL.code: Sheet(choice="1", note="x")})
        assert drawn == []
        with override("en"):
            render_section(pillar, {})
        template_rendered.disconnect(note)
    assert drawn.count("assessments/_statement.html") == 2


def test_a_shell_names_its_slots():
    pieces = draw_shell(PILLAR).pieces
    assert {"A.1=0.67", "B-2=NA", "B-2:note", "B-2:revision", "B-2:open"} <= set(pieces[1::2])
