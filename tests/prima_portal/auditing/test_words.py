"""The record is told in words: every verb that the code records has some."""

import ast
from pathlib import Path

from django.conf import settings

from prima_portal.auditing.words import VERBS, subject_in_words, verb_in_words

RECORDING = {"record", "record_many", "event", "apply"}


def recorded_verbs() -> set[str]:
    """Verbs that stand in the source as text."""
    found = set()
    for app in ("accounts", "assessments", "organization", "pillars", "prima_portal"):
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "verb")]
                texts = [each.value for each in given if isinstance(each, ast.Constant)]
                found |= {text for text in texts if name in RECORDING and isinstance(text, str)}
    return found


def test_every_verb_has_words():
    verbs = recorded_verbs()
    assert len(verbs) > 40
    assert verbs - VERBS.keys() == set(), "say in VERBS what an auditor reads"


def test_what_operators_did_has_words_whatever_the_model():
    assert verb_in_words("rolegrant.created_by_operator") == "Dibuat operator"


def test_what_has_no_words_stays_as_it_is_stored():
    assert verb_in_words("uji.satu") == "uji.satu"
    assert subject_in_words("lama.Tabel", "7") == "lama.Tabel 7"
    assert subject_in_words("assessments.Cycle", "3") == "periode penilaian 3"
