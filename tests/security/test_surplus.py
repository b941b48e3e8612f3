"""Fields that a form does not show, and choices that it does not offer, change nothing."""

import datetime
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse

from organization.models import HrMandate
from tests.security.asking import form_of
from tests.security.cast import OPERATOR
from tests.security.checking import expected
from tests.security.matrix import MATRIX, routed
from tests.security.targets import Target, targets
from tests.security.tracing import Tracer, models_of_ours

LONG_PAST = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
INSERTED = "sisipan"
VALUES = {
    models.BooleanField: "on",
    models.DateTimeField: LONG_PAST.isoformat(),
    models.DateField: LONG_PAST.date().isoformat(),
    models.DecimalField: "97",
    models.IntegerField: "97",
}
# Not fields of a form: an address without a page of its own names here what it takes.
TAKEN: dict[str, set[str]] = {}


@pytest.fixture(scope="module")
def tracer(portal, django_db_blocker):
    with django_db_blocker.unblock():
        return Tracer(portal)


class _Names(HTMLParser):
    """Every name of a field on a page, and the choices that are offered under it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = {}
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag in ("input", "textarea", "select", "button") and name:
            self.found.setdefault(name, set())
        if tag == "select":
            self._select = name
        chooses = tag == "input" and given.get("type") == "radio"
        if chooses or (tag == "option" and self._select):
            self.found[name if chooses else self._select].add(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def surplus() -> dict[str, str]:
    """A value for every column of every table, and for every relation, that would show if it were taken."""
    return {
        name: _value_for(field)
        for model in models_of_ours()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }


def _value_for(field: Any) -> str:
    if field.is_relation:
        other = field.related_model._base_manager.order_by("-pk").first()
        return str(other.pk) if other else "1"
    if field.choices:
        return str(list(field.choices)[-1][0])
    return next((text for kind, text in VALUES.items() if isinstance(field, kind)), INSERTED)


def posts(world: Any, *names: str) -> Iterator[tuple[str, Target, str]]:
    """Name, object and person for addresses that take something, once for each relation let in."""
    for name in names or names_of_posts():
        row = MATRIX[name]
        known: set[str] = set()
        for target in targets(world, row.kind):
            for who in target.asked_by:
                status, relation = expected(row, target, who, "POST")
                is_way_in = relation == "anonymous" or (name, relation) in known
                if status < 400 and not is_way_in:
                    known.add(relation)
                    yield name, target, who


def sent(world: Any, portal: Any, name: str, target: Target, who: str) -> tuple[str, dict, _Names]:
    """Address, what a browser would send, and what the page offers."""
    path = reverse(name, kwargs=target.arguments)
    page = portal.ask(who, "GET", path)
    is_page = page.status_code == 200 and page.get("Content-Type", "").startswith("text/html")
    body = {**(form_of(page, path) if is_page else {}), **MATRIX[name].body_of(world)}
    return path, body, _Names(page.text if is_page else "")


def again(body: dict[str, Any]) -> dict[str, Any]:
    """The same once more: a file is read only once."""
    for value in body.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return body


def names_of_posts() -> list[str]:
    """Addresses that somebody may post to."""
    return sorted(name for name in routed() & MATRIX.keys() if MATRIX[name].post != 405)


@pytest.mark.parametrize("name", names_of_posts())
def test_fields_that_are_not_shown_change_nothing(portal, world, tracer, name):
    """In the body and in the address, all at once: what comes of it is what comes without them, or nothing."""
    wrong, values = [], surplus()
    for _name, target, who in posts(world, name):
        path, body, page = sent(world, portal, name, target, who)
        if MATRIX[name].is_json:
            continue
        more = {
            field: value
            for field, value in values.items()
            if field not in {*page.found, *body, *TAKEN.get(name, ())}
        }
        plain, usual = tracer.post(who, path, again(body))
        answer, found = tracer.post(who, f"{path}?{urlencode(more)}", again({**more, **body}))
        is_refused = answer.status_code == 422 and found == []
        if not is_refused and (answer.status_code, found) != (plain.status_code, usual):
            wrong.append((who, answer.status_code, sorted(set(found) ^ set(usual))))
    assert wrong == []


def test_the_interface_refuses_what_it_does_not_know(portal, world):
    asked, values = 0, surplus()
    for name, target, who in posts(world):
        row = MATRIX[name]
        if not row.is_json:
            continue
        path = reverse(name, kwargs=target.arguments)
        for field, value in values.items():
            if field in row.body_of(world) or field in OF_THE_INTERFACE:
                continue
            body = {**row.body_of(world), field: value}
            answer = portal.ask(who, "POST", path, body, content_type="application/json")
            assert answer.status_code == 422, (name, field, answer.status_code)
            asked += 1
    assert asked > 100


OF_THE_INTERFACE = {"note", "reason", "not_applicable", "evidence", "token", "value", "revision"}


def test_a_choice_that_a_page_does_not_offer_is_not_taken(portal, world, tracer):
    """Each kind of choice of each form in turn: a text, and keys of objects that exist but are not offered."""
    wrong, tried = [], 0
    for name, target, who in posts(world):
        if MATRIX[name].is_json:
            continue
        path, body, page = sent(world, portal, name, target, who)
        # Statements of a page offer the same: one of them is enough.
        chosen = {tuple(sorted(offered)): field for field, offered in page.found.items()}
        for offered, field in chosen.items():
            if len(offered) < 2 or field not in body:
                continue
            for value in (INSERTED, *_others(world, offered)):
                answer, found = tracer.post(who, path, again({**body, field: value}))
                tried += 1
                if answer.status_code < 400 and value in " ".join(found):
                    wrong.append((name, who, field, value, answer.status_code, found))
    assert wrong == []
    assert tried > 20


def _others(world: Any, offered: tuple[str, ...]) -> list[str]:
    """Keys of objects that exist, where keys are offered."""
    keys = (world.draft.pk, world.broken.pk, world.people["gunawan"].pk)
    is_of_keys = all(len(each) > 1 and each.isdigit() for each in offered if each)
    return [str(key) for key in keys if is_of_keys and str(key) not in offered]


# --- The operators' pages


KEPT = ("accounts", "organization")


def test_operators_change_no_field_that_is_not_shown(portal, world, tracer):
    wrong = []
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        if model._meta.app_label not in KEPT:
            continue
        kept = model._base_manager.order_by("pk").first()
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        path = reverse(page, args=(kept.pk,))
        opened = portal.ask(OPERATOR, "GET", path)
        body, shown = form_of(opened, path), _Names(opened.text).found
        more = {name: value for name, value in surplus().items() if name not in {*shown, *body}}
        plain, usual = tracer.post(OPERATOR, path, body)
        answer, found = tracer.post(OPERATOR, path, {**more, **body})
        assert (plain.status_code, answer.status_code) == (302, 302), model._meta.label
        if found != usual:
            wrong.append((model._meta.label, sorted(set(found) ^ set(usual))))
    assert wrong == []


def test_whoever_gives_a_duty_is_the_one_who_gave_it(portal, world, tracer):
    path = reverse("admin:accounts_rolegrant_add")
    body = {"user": world.people["sari"].pk, "role": "AUDITOR", "valid_0": "2026-01-01"}
    body |= {"valid_1": "", "reason": "SK 1", "granted_by": world.people["ani"].pk}
    answer, found = tracer.post(OPERATOR, path, body)
    assert answer.status_code == 302
    (grant,) = [line for line in found if line.startswith("accounts.RoleGrant")]
    assert f"('granted_by_id', '{world.people[OPERATOR].pk}')" in grant


def test_a_mandate_is_not_handed_on_by_changing_it(portal, world, tracer):
    mandate = HrMandate.objects.get(user=world.people["hesti"])
    path = reverse("admin:organization_hrmandate_change", args=(mandate.pk,))
    body = {"user": world.people["ani"].pk, "unit": world.units["root"].pk}
    body |= {"valid_0": "2020-01-01", "valid_1": "", "reason": "SK 2"}
    answer, found = tracer.post(OPERATOR, path, body)
    assert answer.status_code == 302
    (line,) = [each for each in found if each.startswith("organization.HrMandate")]
    assert line == f"organization.HrMandate {mandate.pk}: [('reason', 'SK 2')]"
