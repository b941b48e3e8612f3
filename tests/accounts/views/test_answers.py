"""The rule by which every page answers what was sent to it."""

import pytest
from django import forms
from django.test import RequestFactory

from accounts.views.answers import posted, respond, see_other


class WordForm(forms.Form):
    word = forms.CharField()


def answer(form=None, refusal=""):
    response = respond(
        RequestFactory().get("/"), "404.html", {"word": "x"}, form=form, refusal=refusal
    )
    return response.status_code


@pytest.mark.parametrize(
    ("sent", "refusal", "status"),
    [
        (None, "", 200),
        ({"word": ""}, "", 422),
        ({"word": "ada"}, "terlambat", 409),
        ({"word": ""}, "terlambat", 409),
    ],
)
def test_a_page_answers_by_what_became_of_its_form(db, sent, refusal, status):
    assert answer(WordForm(sent), refusal) == status


def test_a_page_without_a_form_answers_by_the_refusal_alone(db):
    assert (answer(), answer(refusal="terlambat")) == (200, 409)


def test_a_form_is_bound_to_what_was_sent_even_if_that_is_nothing():
    assert posted(RequestFactory().get("/?word=x")) is None
    assert posted(RequestFactory().post("/")) is not None


def test_what_is_done_is_answered_with_303_so_that_a_reload_sends_nothing():
    response = see_other("assessments:tasks", 7)
    assert (response.status_code, response["Location"]) == (303, "/penilaian/7/")
