"""What no request may do, whoever sends it: write without a token, write by reading, lead away, fall over."""

import re
from itertools import product
from urllib.parse import quote, urljoin

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, SupervisorReport
from audit.models import Event
from pillars.models import Instrument
from tests.architecture.test_access import walk as addresses
from tests.security.canaries import leaks, text_of
from tests.security.matrix import MATRIX, routed
from tests.security.targets import targets
from tests.security.world import ANONYMOUS, CURATOR, OPERATOR

ROUTED = sorted(routed() & MATRIX.keys())
ELSEWHERE = (
    *("https://jahat.invalid/", "//jahat.invalid/", "/\\jahat.invalid", "http:///jahat.invalid"),
    *("javascript:alert(1)", "\t//jahat.invalid", "https:jahat.invalid", "@jahat.invalid"),
)
SCRIPT = "\"'><script>alert('kenari')</script><img src=x onerror=alert(1)>"
NASTY = (
    *("%' OR 1=1 --", "{{ 7|add:7 }}{% debug %}", "\x00", "\ud7ff\uffff", "../../etc/passwd"),
    *("-1", "9" * 400, "NaN", SCRIPT),
)


def some(world, name):
    """An address of that name, with an object of the world where it needs one."""
    return reverse(name, kwargs=targets(world, MATRIX[name].kind)[0].arguments)


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


@pytest.mark.parametrize("name", sorted(name for name in ROUTED if "account" not in name))
def test_other_methods_are_refused(portal, world, name):
    target = targets(world, MATRIX[name].kind)[0]
    path = reverse(name, kwargs=target.arguments)
    answers = {
        getattr(portal.be(who), method)(path).status_code
        for who, method in product(
            ("ani", "budi", CURATOR, "hesti", "eko"), ("put", "patch", "delete")
        )
    }
    assert answers <= {405, 404}
    assert 405 in answers


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


def body_of(response):
    """What a browser would read as a page; nothing of what it would not."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return text_of(response).partition("<!DOCTYPE")[2] if is_page else ""


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


# --- Falling over


PARAMETERS = (
    *("cycle", "status", "name", "page", "sort", "nilai", "pilar", "pindah", "arah", "gaps"),
    *("change", "next", "instrument", "q", "o", "p", "e", "before", "verb", "actor"),
    *("person", "since", "until", "request_id", "format"),
)
OWNERS = {
    "assessments:supervisor_reports": "hesti",
    "assessments:supervisor_report": "hesti",
    "audit:events": "eko",
    "audit:event": "eko",
    "audit:export_events": "eko",
    "audit:breach": "eko",
    "dashboards:index": "budi",
    "dashboards:unit": "eko",
    "dashboards:export": "eko",
}


# A column of a table is asked for by a path with dots; the library has its own opinion on that.
@pytest.mark.filterwarnings("ignore:Use '__' to separate:DeprecationWarning")
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_parameter_makes_a_page_fall_over_or_comes_back_unescaped(portal, world, value):
    for name in ROUTED:
        who = OWNERS.get(name, "budi" if ":review" in name else "ani")
        who = CURATOR if name.startswith("pillars:") or ":cycle" in name else who
        response = portal.ask(who, "GET", some(world, name), dict.fromkeys(PARAMETERS, value))
        assert response.status_code < 500, name
        assert "<script>alert(" not in body_of(response), name


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_address_makes_a_page_fall_over(portal, world, value):
    odd = quote(value, safe="")
    unit = world.unit_of("ani", world.now).pk
    paths = {
        f"/penilaian/{world.assessment('sari').pk}/pilar/{odd}/": "sari",
        f"/tinjauan/{world.assessment('ani').pk}/pilar/{odd}/": "budi",
        f"/penilaian/{world.assessment('sari').pk}/bukti/{odd}/": "sari",
        f"/unit/{odd}/{unit}/": "budi",
        f"/unit/KINI/{odd}/": "budi",
        f"/unit/KINI/{unit}/unduh.{odd}": "budi",
        f"/instrumen/{world.draft.pk}/unduh/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/hapus/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/indikator-baru/": CURATOR,
        f"/instrumen/{world.draft.pk}/indikator/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/indikator/{odd}/hapus/": CURATOR,
        f"/instrumen/{odd}/": CURATOR,
        f"/periode/{odd}/": CURATOR,
        f"/penilaian/{odd}/": "ani",
        f"/akun/lupa-kata-sandi/{odd}-{odd}/": ANONYMOUS,
        f"/operator/accounts/user/{odd}/change/": OPERATOR,
        f"/operator/r/{odd}/{odd}/": OPERATOR,
        f"/{odd}": "ani",
    }
    for path, who in paths.items():
        response = portal.ask(who, "GET", path)
        assert response.status_code in (200, 301, 302, 404), path
        assert "<script>alert(" not in body_of(response), path


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_form_falls_over(portal, world, value):
    """Every field of every form at once, with something that does not belong there."""
    for name in ROUTED:
        row = MATRIX[name]
        who = OWNERS.get(name, "budi" if ":review" in name else "ani")
        who = CURATOR if name.startswith("pillars:") or ":cycle" in name else who
        path = some(world, name)
        fields = {**row.body_of(world), **LEVELS}
        sent = {field: value for field in fields if field != "file"}
        response = portal.ask(who, "POST", path, sent)
        assert response.status_code < 500, (name, response.status_code)
        assert "<script>alert(" not in body_of(response), name
    for field in ("login", "password", "email"):
        for path in ("/akun/masuk/", "/akun/lupa-kata-sandi/"):
            response = portal.ask(
                ANONYMOUS, "POST", path, {"login": "x", "password": "y", field: value}
            )
            assert response.status_code in (200, 302, 303, 422), path
            assert "<script>alert(" not in body_of(response), path


LEVELS = dict.fromkeys(
    (
        *(
            "ALF-01",
            "ALF-01-note",
            "ALF-01-evidence",
            "ALF-01-rev",
            "ALF-01-token",
            "ALF-03-na_reason",
        ),
        *(
            "ALF-01:note",
            "ALF-01:redo",
            "ALF-01:revision",
            "indicator",
            "note",
            "message",
            "revision",
        ),
        *(
            "name",
            "code",
            "weight",
            "opens_at",
            "closes_at",
            "census_date",
            "population",
            "unit_codes",
        ),
        *(
            "nip",
            "unit",
            "unit_code",
            "until",
            "reason",
            "decision",
            "resolution",
            "version",
            "direction",
        ),
        *(
            "title",
            "minimum_coverage",
            "decimals",
            "conversion",
            "statement",
            "level_1",
            "lower",
            "label",
        ),
    )
)


def test_every_parameterised_address_is_tried_with_odd_values():
    """Remedy: an address with a text in it belongs into `paths` of the test above."""
    tried = {"evidence", "fill", "review_pillar", "unit", "export", "download"}
    tried |= {"edit_pillar", "move_pillar", "remove_pillar", "add_indicator"}
    tried |= {
        "personnel_file"
    }  # what is no file answers 404: tests/assessments/views/test_personnel.py
    tried |= {"edit_indicator", "move_indicator", "remove_indicator"}
    with_text = {
        pattern.name
        for route, pattern, spaces in addresses()
        if "<str:" in route and spaces[:1] != ["admin"]
    }
    assert with_text - tried == set()


def test_the_language_takes_only_what_there_is(portal):
    response = portal.ask("ani", "POST", "/bahasa/", {"language": "../xx", "next": "/"})
    assert response.status_code == 302
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
