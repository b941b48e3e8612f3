"""Field by field: every page and file on which somebody may appear, asked for by each relation to them."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.urls import reverse

from accounts.clock import portal_today
from accounts.models import User
from assessments.models import Assessment
from audit.models import Event
from tests.security.canaries import (
    ADDRESS,
    ANSWERED,
    ATTACHED,
    CORRECTED,
    DRAFTED,
    JUDGED,
    MASKED,
    NAME,
    NUMBER,
    REOPENED,
    REPORTED,
    SELF_SCORE,
    VERIFIED_SCORE,
    text_of,
)
from tests.security.fields import FIELDS, SUBJECTS, Field, as_document
from tests.security.matrix import MATRIX
from tests.security.targets import targets

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
KINDS = {
    NAME: Field.NAME,
    NUMBER: Field.NUMBER,
    REOPENED: Field.REOPENING,
    MASKED: Field.MASKED,
    ADDRESS: Field.ADDRESS,
    SELF_SCORE: Field.SCORE,
    VERIFIED_SCORE: Field.VERIFIED,
    **dict.fromkeys(ANSWERED, Field.ANSWERS),
    **dict.fromkeys(ATTACHED, Field.FILES),
    **dict.fromkeys(JUDGED, Field.JUDGEMENT),
    **dict.fromkeys(DRAFTED, Field.DRAFT),
    **dict.fromkeys(REPORTED, Field.REPORT),
    **dict.fromkeys(CORRECTED, Field.CORRECTION),
}
BAND = re.compile(r"Predikat uji [A-D]")
SIGNED_IN = datetime.datetime(2001, 2, 3, 4, 5, tzinfo=datetime.UTC)
SIGNED_IN_AS_SHOWN = re.compile("3 Februari 2001")
DEVICE, NETWORK = "203.0.113.77", "203.0.113."
PROPOSES = "hesti"
"""Who wants a result opened again reads in her own data what she wrote."""
ASKS_ABOUT = ("assessment", "section", "statement", "evidence", "report", "correction")
OF_ALL = ("page", "unit", "file", "cycle", "session", "people", "mandated_unit", "reopening")
LISTS = (
    *("accounts_user", "accounts_rolegrant", "assessments_assessment", "assessments_submission"),
    *("assessments_score", "assessments_scoringjob", "assessments_supervisorreport"),
    *("audit_event", "axes_accessattempt", "organization_posting", "organization_hrmandate"),
)


@pytest.fixture
def pages(world) -> list[tuple[str, str]]:
    """Method and address of everything on which a subject may appear."""
    found = [("POST", reverse("accounts:personal_data_file"))]
    found += [("GET", path) for path in _by_the_matrix(world)]
    found += [("GET", path) for path in _of_operators_and_auditors(world)]
    return found


def _by_the_matrix(world) -> Iterator[str]:
    about = {"ani", "galih", "ratna", "budi"}
    for name, row in MATRIX.items():
        if name == "styleguide" or row.get == 405 or row.kind not in (*ASKS_ABOUT, *OF_ALL):
            continue
        for target in targets(world, row.kind):
            if row.kind in OF_ALL or target.name.partition("-")[0] in about:
                yield reverse(name, kwargs=target.arguments)


def _of_operators_and_auditors(world) -> Iterator[str]:
    for model in LISTS:
        yield reverse(f"admin:{model}_changelist") + "?all="
    for name in ("ani", "galih", "ratna", "budi"):
        person = world.people[name]
        for page in ("change", "history"):
            yield reverse(f"admin:accounts_user_{page}", args=(person.pk,))
        assessment = world.assessment(name)
        yield reverse("admin:assessments_assessment_change", args=(assessment.pk,))
        yield f"{reverse('audit:events')}?{urlencode({'person': person.nip})}"
    today = portal_today()
    period = {"since": today - datetime.timedelta(days=30), "until": today}
    for extra in ({}, {"format": "csv"}):
        query = {"actor": world.people["budi"].nip, **period, **extra}
        yield f"{reverse('audit:breach')}?{urlencode(query)}"
    for pk in Event.objects.order_by("verb", "-pk").distinct("verb").values_list("pk", flat=True):
        yield reverse("audit:event", args=(pk,))


@pytest.fixture
def _signed_in(world) -> None:
    """Every subject was signed in, at a moment and from a network that nobody else shares."""
    for name in SUBJECTS:
        device = world.signed_in_device(name)
        AccessAttempt.objects.create(username=world.people[name].username, failures_since_start=3)
        UserSession.objects.filter(pk=device.pk).update(ip=DEVICE)
        User.objects.filter(pk=world.people[name].pk).update(last_login=SIGNED_IN)


@pytest.mark.usefixtures("_signed_in")
@pytest.mark.parametrize("relation", FIELDS)
def test_each_relation_sees_exactly_the_fields_of_the_table(portal, pages, relation):
    asked = FIELDS[relation]
    people = [portal.world.people[name] for name in asked.subjects]
    keys = Assessment.objects.filter(person__in=people).values_list("pk", flat=True)
    about = re.compile(f"/(penilaian|tinjauan)/({'|'.join(map(str, keys))})/")
    seen: dict[Field, str] = {}
    for method, path in pages:
        text = _without_what_was_typed(text_of(portal.ask(asked.who, method, path)), path)
        for canary in portal.world.register.found_in(text):
            by_oneself = canary.kind == REOPENED and asked.who == PROPOSES
            if canary.whose.partition("-")[0] in asked.subjects and not by_oneself:
                seen.setdefault(KINDS[canary.kind], path)
        # Elsewhere it may be the band of a group, or one's own.
        if BAND.search(text) and about.match(path):
            seen.setdefault(Field.BAND, path)
        if NETWORK in text:
            seen.setdefault(Field.DEVICES, path)
        if SIGNED_IN_AS_SHOWN.search(text):
            seen.setdefault(Field.LAST_SIGN_IN, path)
    too_much = {field.value: path for field, path in seen.items() if field not in asked.sees}
    assert (too_much, sorted(asked.sees - seen.keys())) == ({}, [])


def _without_what_was_typed(text: str, path: str) -> str:
    """A search page repeats the number that was searched for."""
    for number in re.findall(r"\d{18}", path):
        text = text.replace(number, "")
    return text


def test_the_document_holds_the_same_table():
    """Remedy: put the output of `tests.security.fields.as_document()` into docs/security.md."""
    assert as_document() in DOCUMENT.read_text(encoding="utf-8")
