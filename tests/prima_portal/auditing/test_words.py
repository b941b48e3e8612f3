"""The record is told in words: every verb, place and detail that the code records has some."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from prima_portal.auditing.words import DETAILS, PLACES, VERBS, subject_in_words, verb_in_words

APPS = ("accounts", "assessments", "audit", "organization", "pillars", "prima_portal")
RECORDING = {"record", "record_many", "event", "apply"}
READING = {"note_reading", "_note"}
OF_THE_CALL = {"by", "subject", "subjects", "people", "search"}


def calls_of(names: set[str]) -> Iterator[ast.Call]:
    """Calls in the source of functions with these names."""
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    if name in names:
                        yield node


def texts_of(nodes: list[ast.expr]) -> set[str]:
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in values if isinstance(value, str)}


def test_every_verb_has_words():
    verbs = set()
    for call in calls_of(RECORDING):
        verbs |= texts_of([*call.args[:1], *(k.value for k in call.keywords if k.arg == "verb")])
    assert len(verbs) > 40
    assert verbs - VERBS.keys() == set(), "say in VERBS what an auditor reads"


def test_every_page_on_which_people_are_read_has_words():
    places = set()
    for call in calls_of(READING):
        places |= texts_of([*call.args, *(k.value for k in call.keywords if k.arg == "where")])
    # Other functions of that name take other texts; pages of operators are named by their model.
    places = {place for place in places if ":" in place and not place.startswith("admin:")}
    assert len(places) > 10
    assert places - PLACES.keys() == set(), "say in PLACES what people call the page"


def test_every_detail_has_words():
    details = {
        keyword.arg
        for call in calls_of({"record", "record_many"})
        for keyword in call.keywords
        if keyword.arg and keyword.arg not in OF_THE_CALL
    }
    assert len(details) > 30
    assert details - DETAILS.keys() == set(), "say in DETAILS what an auditor reads"


def test_what_operators_did_has_words_whatever_the_model():
    assert verb_in_words("rolegrant.created_by_operator") == "Dibuat operator"


def test_what_has_no_words_stays_as_it_is_stored():
    assert verb_in_words("uji.satu") == "uji.satu"
    assert subject_in_words("lama.Tabel", "7") == "lama.Tabel 7"
    assert subject_in_words("assessments.Cycle", "3") == "periode penilaian 3"
