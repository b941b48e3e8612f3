"""No mark of somebody's turns up where it is not that person's to see: pages, files, mail, errors."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.operations import deliver_letters
from audit.models import Event
from prima_portal import views
from tests.security.canaries import (
    ANSWERED,
    NAME,
    NUMBER,
    SELF_SCORE,
    Canary,
    leaks,
    text_of,
)
from tests.security.cast import ANONYMOUS, HANDED_IN, MANDATES, OPERATOR, STAFF, state_of
from tests.security.crawling import walk
from tests.security.scopes import BELOW, must_see
from tests.security.tables.interface import INTERFACE
from tests.security.targets import targets

WALKERS = (
    *("ani", "bayu", "fajar", "galih", "ratna", "yusuf", "zaki", "wati", "lina"),
    *("budi", "gunawan", "sari", "citra", "farid", "indra", "joko", "kartika"),
    *("dewi", "eko", "hesti", "hasan", OPERATOR),
)


@pytest.mark.parametrize("who", WALKERS)
def test_nothing_out_of_scope_on_the_way_and_nothing_written(portal, written, who):
    result = walk(portal, who, "/")
    assert leaks(result.found, portal.scope(who)) == []
    assert result.faults == []
    assert written == [], "reading wrote something"
    assert must_see(who) - result.seen == set(), (
        "the walk proves nothing: it never came across these"
    )


def test_nothing_for_who_is_not_signed_in(portal):
    result = walk(portal, ANONYMOUS, "/akun/masuk/", "/", "/readyz", "/tidak-ada/")
    assert result.seen == set()


@pytest.mark.parametrize("who", ["budi", "eko", "gunawan"])
def test_files_hold_no_more_than_pages(portal, world, who):
    found = {}
    for cycle in world.cycles.values():
        for extension in ("csv", "xlsx"):
            unit = world.unit_of("ani", cycle)
            for level in ("", "SELF", "VERIFIED"):
                path = reverse("dashboards:export", args=(cycle.code, unit.pk, extension))
                response = portal.ask(who, "GET", path, {"nilai": level})
                assert response.status_code == 200
                found[f"{path} {level}"] = world.register.found_in(text_of(response))
    assert leaks(found, set()) == []


@pytest.mark.parametrize("who", [*WALKERS, ANONYMOUS])
def test_the_interface_tells_nothing_out_of_scope_whatever_is_asked(portal, world, written, who):
    """Every object of every kind, with questions that would widen what is asked where they could."""
    widening = {
        "fields": "person,person__nip,answers,scores",
        "expand": "person",
        "ordering": "-person__password",
        "person__username__startswith": "1",
        "unit__parent__isnull": "true",
        "limit": "100",
    }
    found = {}
    for name, row in INTERFACE.items():
        for target in targets(world, row.kind):
            path = reverse(name, kwargs=target.arguments)
            for asked in ({}, widening):
                response = portal.ask(who, "GET", path, asked)
                found[f"{path} {asked}"] = world.register.found_in(text_of(response))
    assert leaks(found, portal.scope(who)) == []
    assert written == [], "reading wrote something"
    if state_of(who) in HANDED_IN:
        kinds = (*ANSWERED, SELF_SCORE) if state_of(who) != "returned" else ANSWERED
        assert {Canary(kind, who) for kind in kinds} <= set().union(*found.values())


def test_mail_goes_to_its_person_and_says_only_what_is_theirs(
    portal, world, django_capture_on_commit_callbacks
):
    report = world.assessment("ani").supervisor_reports.get()
    path = reverse("assessments:supervisor_report", args=(report.pk,))
    decision = {"decision": "REJECTED", "resolution": "kenari-penyelesaian-ani"}
    with django_capture_on_commit_callbacks(execute=True):
        portal.be("hesti").post(path, decision)
    portal.be(ANONYMOUS).post("/akun/lupa-kata-sandi/", {"email": world.people["ani"].nip})
    deliver_letters()
    assert [message.to for message in mail.outbox] == [["ani@contoh.invalid"]] * 2
    for message in mail.outbox:
        found = world.register.found_in(
            f"{message.subject}\n{message.body}\n{message.extra_headers}"
        )
        assert leaks({message.subject: found}, portal.scope("ani")) == []
    assert Canary("penyelesaian", "ani") in world.register.found_in(mail.outbox[0].body)


@pytest.mark.parametrize("who", ["ani", "budi", OPERATOR])
def test_a_failure_tells_nothing(portal, monkeypatch, who):
    def fail(*args):
        raise ZeroDivisionError("kenari-catatan-bayu " + portal.world.people["bayu"].nip)

    monkeypatch.setattr(views, "home_of", fail)
    response = portal.ask(who, "GET", "/", {"q": "kenari-catatan-lina"})
    assert response.status_code == 500
    assert portal.world.register.found_in(text_of(response)) == set()


def test_only_the_owner_the_personnel_office_and_operators_read_a_number_in_full(portal, world):
    for who in set(WALKERS) - {OPERATOR}:
        people = {name for unit in BELOW.get(MANDATES.get(who), ()) for name in STAFF[unit]}
        numbers = {each for each in portal.scope(who) if each.kind == NUMBER}
        assert numbers == {Canary(NUMBER, name) for name in {who, *people}}


def test_operators_find_everybody_but_nothing_written(portal, world):
    paths = [
        reverse(f"admin:{model}_changelist")
        for model in (
            *("accounts_user", "assessments_assessment", "assessments_submission"),
            *("assessments_score", "assessments_scoringjob", "assessments_supervisorreport"),
            *("audit_event", "organization_posting"),
        )
    ]
    found = {}
    for path in paths:
        response = portal.ask(OPERATOR, "GET", path, {"all": ""})
        found[path] = world.register.found_in(text_of(response))
        assert any(canary.kind == NAME for canary in found[path]), path
    assert leaks(found, portal.scope(OPERATOR)) == []


def test_each_event_of_the_audit_is_readable_without_what_people_wrote(portal, world):
    found = {}
    for event in Event.objects.all():
        path = reverse("admin:audit_event_change", args=(event.pk,))
        found[f"{path} {event.verb}"] = world.register.found_in(
            text_of(portal.ask(OPERATOR, "GET", path))
        )
    assert leaks(found, portal.scope(OPERATOR)) == []
