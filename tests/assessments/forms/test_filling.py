"""What a section's form takes, refuses, and shows again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import QueryDict

from assessments.forms.filling import NOTE, SectionForm, Sheet, field_id
from assessments.models import Answer
from assessments.models.assessment import MAX_REFERENCES, NOTE_LENGTH
from assessments.operations import AnswerInput
from tests.assessments.forms.items import FULL, PLAIN

TEXTS = {"B-2:reason": "", "B-2:note": "", "B-2:evidence": ""}


def form_of(sent, stored=None):
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = SectionForm(data, items=[PLAIN, FULL], stored=lambda: stored or {})
    form.full_clean()
    return form


def test_what_was_sent_becomes_inputs():
    form = form_of(
        {
            "A.1": "0.67",
            "A.1:note": "  dua\r\nbaris ",
            "A.1:evidence": "SK 1\r\n\r\n https://contoh.invalid \r\n",
            "A.1:revision": "3",
            "B-2": "NA",
            "B-2:reason": "bukan tugas saya",
            "B-2:revision": "0",
            "token": "6f9619ff8b86d011b42d00cf4fc964ff",
        }
    )
    token = form.cleaned_data["token"]
    assert form.errors == {}
    assert form.inputs() == {
        "A.1": AnswerInput(
            value=Decimal("0.67"),
            note="dua\nbaris",
            evidence=("SK 1", "https://contoh.invalid"),
            revision=3,
            token=token,
        ),
        "B-2": AnswerInput(not_applicable=True, reason="bukan tugas saya", revision=0, token=token),
    }


def test_statements_left_alone_are_not_inputs():
    assert (
        form_of({"A.1:note": "", "A.1:evidence": "", "A.1:revision": "0", **TEXTS}).inputs() == {}
    )


def test_a_note_without_a_choice_is_an_input():
    inputs = form_of({"B-2:revision": "0", **TEXTS, "B-2:note": "nanti"}).inputs()
    assert inputs == {"B-2": AnswerInput(note="nanti", revision=0)}


def test_texts_that_were_not_sent_are_kept():
    stored = {
        "B-2": Answer(value=Decimal(2), reason="r", note="n", evidence=["e", "f"], revision=1)
    }
    assert form_of({"B-2": "1"}, stored).inputs()["B-2"] == AnswerInput(
        value=Decimal(1), reason="r", note="n", evidence=("e", "f")
    )


def test_a_reference_that_was_not_sent_is_kept_whole():
    reference = "SK\u2028800 tentang\u0085uraian tugas"
    sent = {"B-2": "2", "B-2:evidence": reference, "B-2:revision": "0"}
    assert form_of(sent).inputs()["B-2"].evidence == (reference,)
    stored = {"B-2": Answer(value=Decimal(2), evidence=[reference], revision=1)}
    assert form_of({"B-2": "1", "B-2:revision": "1"}, stored).inputs()["B-2"].evidence == (
        reference,
    )


def test_texts_that_were_emptied_are_emptied():
    stored = {"B-2": Answer(value=Decimal(2), note="n", evidence=["e"], revision=1)}
    sent = {"B-2": "2", **TEXTS, "B-2:revision": "1"}
    assert form_of(sent, stored).inputs()["B-2"] == AnswerInput(value=Decimal(2), revision=1)


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "6",
        "-1",
        "3.5",
        "NaN",
        "1e9",
        "",
        " ",
        "１",
        "x" * 10_000,
        "1.0",
        "0,67",
        "Infinity",
        "\x00",
    ],
)
def test_a_value_outside_the_scale_is_refused_and_the_others_are_kept(value):
    form = form_of({"A.1": value, "A.1:revision": "0", "B-2": "1", "B-2:revision": "0", **TEXTS})
    assert list(form.errors) == ["A.1"]
    assert list(form.inputs()) == ["B-2"]
    assert form.sheets()["A.1"].choice == value
    assert len(form.sheets()["A.1"].problems[0].text) < 100


def test_not_applicable_only_where_the_instrument_allows_it():
    form = form_of({"A.1": "NA", "B-2": "NA"})
    assert list(form.errors) == ["A.1"]
    assert list(form.inputs()) == ["B-2"]


@pytest.mark.parametrize("name", ["B-2", "B-2:note", "B-2:evidence", "B-2:revision", "B-2:reason"])
def test_a_repeated_field_is_refused_even_when_equal(name):
    form = form_of({"A.1": "1", "B-2": "1", name: ["1", "1"]})
    assert list(form.errors) == [name]
    assert list(form.inputs()) == ["A.1"]


@pytest.mark.parametrize("name", ["C-3", "A.1:reason", "value", "B-2 "])
def test_a_field_of_another_page_is_refused_by_name(name):
    form = form_of({"A.1": "1", name: "1"})
    assert list(form.errors) == ["__all__"]
    assert name.strip() in form.non_field_errors()[0]
    assert list(form.inputs()) == ["A.1"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("B-2:note", "x" * (NOTE_LENGTH + 1)),
        ("B-2:note", "nul \x00"),
        ("B-2:reason", "x" * 501),
        ("B-2:evidence", "x" * 501),
        ("B-2:evidence", "a\n" * (MAX_REFERENCES + 1)),
        ("B-2:evidence", "nul \x00"),
        ("B-2:revision", "tiga"),
        ("B-2:revision", "-1"),
        ("B-2:revision", "99999999999"),
        ("B-2:keep", "both"),
    ],
)
def test_a_fault_in_a_text_keeps_what_was_typed(name, value):
    form = form_of({"B-2": "1", name: value})
    assert list(form.errors) == [name]
    assert form.inputs() == {}
    shown = form.sheets()["B-2"]
    assert shown.choice == "1"
    assert shown.problems[0].suffix == name.removeprefix("B-2")
    if name.endswith(("note", "evidence", "reason")):
        assert value in (shown.note, shown.evidence, shown.reason)


def test_a_note_of_full_length_counts_line_breaks_once():
    note = "\r\n".join(["x" * 99] * (NOTE_LENGTH // 100))
    form = form_of({"B-2": "1", "B-2:note": note})
    assert form.errors == {}


def test_keeping_mine_builds_on_what_is_stored():
    sent = {"B-2": "1", "B-2:revision": "2", "B-2:keep": "mine", "B-2:seen": "5", **TEXTS}
    assert form_of(sent).inputs()["B-2"].revision == 5


def test_keeping_what_is_stored_sends_nothing_and_shows_it():
    stored = {"B-2": Answer(value=Decimal(2), note="mereka", revision=5)}
    sent = {"B-2": "1", "B-2:revision": "2", "B-2:keep": "stored", "B-2:seen": "5", **TEXTS}
    form = form_of(sent, stored)
    assert form.inputs() == {}
    assert form.sheets()["B-2"] == Sheet(choice="2", note="mereka", revision="5")


def test_statements_that_were_not_sent_show_what_is_stored():
    stored = {"A.1": Answer(value=Decimal("0.67"), revision=1)}
    assert form_of({"B-2": "9"}, stored).sheets()["A.1"] == Sheet(choice="0.67", revision="1")


def test_no_two_statements_share_a_field_or_an_id():
    items = [replace(PLAIN, code=code) for code in ("A", "A-note", "A--note", "A_0", "A_0-note")]
    form = SectionForm(items=items)
    ids = [form[item.code].subwidgets[0].id_for_label for item in items]
    ids += [form[item.code + NOTE].id_for_label for item in items]
    assert len({*ids}) == len(ids) == 10
    assert ids == [field_id(item.code, suffix) for suffix in ("", NOTE) for item in items]
    assert form["A" + NOTE].id_for_label == "id_A--note"
