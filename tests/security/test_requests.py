"""What no request may do, whoever sends it: write without a token, write by reading, lead away, fall over."""

import re
from itertools import product
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, SupervisorReport
from audit.models import Event
from pillars.models import Instrument
from tests.security.canaries import leaks, text_of
from tests.security.cast import ANONYMOUS, CURATOR, OPERATOR
from tests.security.checking import some
from tests.security.matrix import MATRIX, routed
from tests.security.targets import targets

ROUTED = sorted(routed() & MATRIX.keys())
ELSEWHERE = (
    *("https://jahat.invalid/", "//jahat.invalid/", "/\\jahat.invalid", "http:///jahat.invalid"),
    *("javascript:alert(1)", "\t//jahat.invalid", "https:jahat.invalid", "@jahat.invalid"),
)


# --- Writing


@pytest.mark.parametrize("who", [ANONYMOUS, "ani", "budi", CURATOR, "hesti", OPERATOR])
def test_nothing_is_taken_without_a_token(portal, world, written, who):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = portal.be(who).cookies
    paths = {name: some(world, name) for name in MATRIX}
    written.clear()  # what there must be before anybody asks
    answered = {name: strict.post(paths[name], MATRIX[name].body_of(world)) for name in MATRIX}
    assert {
        name: each.status_code for name, each in answered.items() if each.status_code != 403
    } == {}
    assert written == []


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"origin": "https://jahat.invalid"}},
        {"headers": {"referer": "https://jahat.invalid/"}, "secure": True},
        {"content_type": "text/plain"},
    ],
    ids=["origin", "referer", "type"],
)
def test_a_token_does_not_help_from_elsewhere(portal, world, written, sent):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = portal.be("sari").cookies
    path = some(world, "assessments:submit").replace(
        str(world.assessment("ani").pk), str(world.assessment("sari").pk)
    )
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(path).text)[1]
    body = {"declared": "on", "csrfmiddlewaretoken": token}
    if "content_type" in sent:
        body = f"declared=on&csrfmiddlewaretoken={token}"
    assert strict.post(path, body, **sent).status_code == 403
    assert written == []
    assert strict.post(path, {"declared": "on", "csrfmiddlewaretoken": token}).status_code == 303


@pytest.mark.parametrize("who", ["bayu", "lina", "gunawan", "farid", "joko", "eko"])
def test_what_is_refused_leaves_no_trace(portal, world, written, who):
    """Acts on Ani's assessment, her report, the cycles and the instruments, by people who may not."""
    paths = {name: some(world, name) for name in ROUTED}
    written.clear()  # what there must be before anybody asks
    before = _state()
    for name in ROUTED:
        row = MATRIX[name]
        if isinstance(row.post, int) or row.kind in ("page", "key", "event"):
            continue
        path = paths[name]
        as_json = {"content_type": "application/json"} if row.is_json else {}
        assert portal.be(who).post(path, row.body_of(world), **as_json).status_code == 404, path
    assert written == []
    assert _state() == before


def _state():
    return (
        list(Assessment.objects.order_by("pk").values()),
        list(SupervisorReport.objects.order_by("pk").values()),
        list(Instrument.objects.order_by("pk").values()),
        Event.objects.count(),
    )


@pytest.mark.parametrize("name", sorted(ROUTED))
def test_other_methods_are_refused(portal, world, name):
    target = targets(world, MATRIX[name].kind)[0]
    path = reverse(name, kwargs=target.arguments)
    answers = {
        getattr(portal.be(who), method)(path).status_code
        for who, method in product(
            ("ani", "budi", CURATOR, "hesti", "eko"), ("put", "patch", "delete", "trace")
        )
    }
    assert answers <= {405, 404}
    assert 405 in answers
    assert _statuses_of_nobody(path) <= {405, 404, 401, 302}


def _statuses_of_nobody(path):
    """The way in, and pages for anybody, are no other."""
    return {getattr(Client(), method)(path).status_code for method in ("put", "trace")}


# --- Leading away


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_parameter_leads_off_the_portal(portal, world, address):
    visits = [
        ("ani", "get", "/akun/masuk/"),
        ("ani", "post", "/bahasa/"),
        ("ani", "post", "/akun/keluar/"),
        ("ani", "post", "/akun/kata-sandi/"),
        ("ani", "post", "/akun/konfirmasi/"),
        ("bayu", "post", "/akun/kata-sandi/baru/"),
        ("sari", "post", f"/penilaian/{world.assessment('sari').pk}/pilar/ALFA/"),
        ("budi", "post", f"/tinjauan/{world.assessment('ani').pk}/pilar/ALFA/"),
        (CURATOR, "post", f"/instrumen/{world.draft.pk}/pilar/ALFA/pindah/"),
    ]
    more = {
        "language": "id",
        "oldpassword": "kunci-yang-panjang-1",
        "password": "kunci-yang-panjang-1",
    }
    more |= dict.fromkeys(("password1", "password2"), "kunci-lain-yang-panjang-2")
    for who, method, path in visits:
        response = portal.ask(
            who, method, f"{path}?next=" + address.replace("\t", "%09"), {"next": address, **more}
        )
        leads_to = urljoin(
            f"http://testserver{path}", response.get("Location", "/").replace("\\", "/")
        )
        assert leads_to.startswith("http://testserver/"), f"{path} leads to {leads_to}"


# --- Asking for more


LISTS = {
    "/tinjauan/": ("budi", "citra", "ani"),
    "/laporan-atasan/": ("hesti", "hasan"),
    "/periode/": (CURATOR,),
    "/periode/buka/": (CURATOR,),
    "/penilaian/": ("ani",),
    "/unit/": ("budi", "eko"),
    "/": ("budi",),
}
WIDER = (
    *(
        "ordering=user__password",
        "ordering=person__password",
        "sort=person__password",
        "sort=-answers",
    ),
    *(
        "sort=submission__answers",
        "cycle=LAMA",
        "cycle=TIDAK",
        "status=WAITING",
        "status=apa",
        "status=",
    ),
    *(
        "person__name=x",
        "person__password__startswith=argon2",
        "unit__parent=1",
        "person=1",
        "user=1",
    ),
    *("name=kenari", "name__contains=kenari", "assessment__person__name=kenari", "fields=password"),
    *(
        "page=0",
        "page=-1",
        "page=abc",
        "page=99999999999999999999",
        "page=1&page=2",
        "per_page=100000",
    ),
    *(
        "nilai=SELF",
        "nilai=apa",
        "all=",
        "format=json",
        "_export=csv",
        "instrument=1",
        "e=1",
        "q=kenari",
    ),
)


@pytest.mark.parametrize(("path", "who"), [(path, who) for path in LISTS for who in LISTS[path]])
def test_no_parameter_widens_what_is_seen(portal, world, path, who):
    found = {}
    for question in WIDER:
        response = portal.ask(who, "GET", f"{path}?{question}")
        assert response.status_code in (200, 302), question
        found[question] = world.register.found_in(text_of(response))
    assert leaks(found, portal.scope(who)) == []


@pytest.mark.parametrize("who", ["budi", "sari"])
def test_no_parameter_widens_a_unit(portal, world, who):
    unit = world.unit_of("seksi", world.now)
    path = reverse("dashboards:unit", args=(world.now.code, unit.pk))
    found = {}
    for question in (*WIDER, "nilai=VERIFIED", "status=SUBMITTED", "status=DRAFT"):
        response = portal.ask(who, "GET", f"{path}?{question}")
        assert response.status_code == 200, question
        found[question] = world.register.found_in(text_of(response))
    assert leaks(found, portal.scope(who)) == []


def test_operators_lists_take_no_lookups_into_secrets(portal):
    for question in (
        "password__startswith=argon2",
        "user__password__startswith=a",
        "o=99.-99",
        "p=9999",
    ):
        for model in ("accounts_user", "organization_posting", "assessments_assessment"):
            path = reverse(f"admin:{model}_changelist")
            response = portal.ask(OPERATOR, "GET", f"{path}?{question}")
            assert response.status_code in (200, 302, 400), (path, question)


def test_the_language_takes_only_what_there_is(portal):
    response = portal.ask("ani", "POST", "/bahasa/", {"language": "../xx", "next": "/"})
    assert response.status_code == 302
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
