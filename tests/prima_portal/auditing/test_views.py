"""The auditor's pages: found, read, exported; what is read is itself an event."""

import datetime
import json

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts.addresses import counted_name
from accounts.admin import ReadingOnRecord
from accounts.enums import Role
from accounts.models import RoleGrant, User
from accounts.operations import note_reading
from assessments.models import Assessment
from assessments.operations import AnswerInput, report_supervisor, save_answers, submit
from audit.models import Event
from audit.operations import record, seal
from organization.models import HrMandate, Unit
from tests.factories import LONG_AGO, make_user
from tests.pages import text_of

EVENTS = reverse("audit:events")
OURS = {"accounts", "assessments", "audit", "dashboards", "organization", "pillars"}


@pytest.fixture
def auditor(client, eko):
    client.force_login(eko)
    return client


@pytest.fixture
def hesti(units):
    """Mends personnel data of Ani's unit."""
    user = make_user("Hesti Rahmawati", serial=8)
    HrMandate.objects.create(user=user, unit=units.ani, valid=DateRange(LONG_AGO, None))
    return user


def shown(response):
    return [event.verb for event in response.context["events"]]


def test_others_find_no_such_pages(client, ani, dewi, cycle):
    first = Event.objects.order_by("pk")[0]
    pages = [reverse(f"audit:{name}") for name in ("events", "export_events", "breach")]
    pages.append(reverse("audit:event", args=(first.pk,)))
    for user in (ani, dewi):
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {404}


def test_events_are_found_by_verb_actor_person_period_and_request(auditor, ani, budi, cycle):
    assessment = Assessment.objects.get(person=ani)
    record("uji.satu", by=budi, subject=assessment)
    record("uji.dua", by=ani, subject=budi)
    today = timezone.localdate()
    for question, found in (
        ({"verb": "uji."}, ["uji.dua", "uji.satu"]),
        ({"verb": "uji.", "actor": budi.nip}, ["uji.satu"]),
        ({"verb": "uji.", "person": ani.nip}, ["uji.satu"]),
        ({"verb": "uji.", "since": today, "until": today}, ["uji.dua", "uji.satu"]),
        ({"verb": "uji.", "since": today + datetime.timedelta(days=1)}, []),
        ({"verb": "uji.", "request_id": "lain"}, []),
    ):
        assert shown(auditor.get(EVENTS, question)) == found, question


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"actor": "000000000000000000"}, "Tidak ada akun"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "Tanggal akhir"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(auditor, cycle, question, words):
    response = auditor.get(EVENTS, question)
    assert (response.status_code, shown(response)) == (200, [])
    assert words in text_of(response)


def test_pages_follow_each_other_below_a_number(auditor, ani):
    for _ in range(60):
        record("uji.banyak", by=ani, subject=ani)
    first = auditor.get(EVENTS, {"verb": "uji."})
    second = auditor.get(f"{EVENTS}?{first.context['older']}")
    numbers = [event.pk for page in (first, second) for event in page.context["events"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(first.context["events"]), len(second.context["events"])) == (50, 10)
    assert second.context["older"] == ""


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(auditor, ani, number, django_assert_num_queries):
    for _ in range(number):
        record("uji.satu", by=ani, subject=ani)
    auditor.get(EVENTS)
    with django_assert_num_queries(9):
        auditor.get(EVENTS, {"verb": "uji."})


def test_an_event_shows_what_changed_before_and_after(auditor, units, ani):
    unit = Unit.objects.create(code="X1", name="Nama lama")
    Unit.objects.filter(pk=unit.pk).update(name="Nama baru", head_nip=ani.nip)
    event = record("unit.changed", by=ani, subject=unit)
    response = auditor.get(reverse("audit:event", args=(event.pk,)))
    rows = response.context["rows"]
    assert [(row.label, [(c.before, c.after, c.withheld) for c in row.changes]) for row in rows][
        1
    ] == ("update", [("Nama lama", "Nama baru", False), ("", "", True)])
    assert ani.nip not in text_of(response)


def test_what_people_wrote_is_said_to_have_changed_and_not_shown(auditor, ani, cycle):
    assessment = Assessment.objects.get(person=ani)
    save_answers(
        assessment=assessment,
        answers={"BET-01": AnswerInput(value=3, note="catatan sangat pribadi")},
        by=ani,
    )
    answer = assessment.answers.get()
    event = record("uji.jawaban", by=ani, subject=answer)
    page = text_of(auditor.get(reverse("audit:event", args=(event.pk,))))
    assert "berubah, tidak ditampilkan" in page
    assert "sangat pribadi" not in page


def test_reading_the_record_is_on_record(auditor, eko, ani):
    auditor.get(EVENTS)
    auditor.get(EVENTS, {"person": ani.nip})
    found = Event.objects.filter(actor_id=eko.pk).order_by("pk").values_list("verb", "data")
    assert list(found) == [
        ("audit.read", {"where": "audit:events"}),
        ("person.read", {"people": [ani.pk], "where": "audit:events"}),
    ]


def test_nothing_is_changed_by_the_auditor(auditor, cycle):
    first = Event.objects.order_by("pk")[0]
    for page in (EVENTS, reverse("audit:event", args=(first.pk,)), reverse("audit:breach")):
        assert auditor.post(page).status_code == 405


def test_the_file_has_the_same_events_and_no_formula(auditor, eko, units):
    sly = make_user("=HYPERLINK(1)", serial=77)
    record("uji.berkas", by=sly, subject=sly)
    response = auditor.get(reverse("audit:export_events"), {"verb": "uji."})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";'=HYPERLINK(1);uji.berkas;" in lines[1]
    assert Event.objects.latest("pk").data == {"where": "audit:export_events", "lines": 1}


def test_the_state_of_the_chain_is_shown(auditor, ani):
    record("uji.satu", by=ani, subject=ani)
    seal()
    record("uji.dua", by=ani, subject=ani)
    chain = auditor.get(EVENTS).context["chain"]
    assert (chain.sealed, chain.waiting, len(chain.digest)) == (Event.objects.count() - 2, 2, 64)


def test_the_report_names_those_read_those_supervised_and_oneself(auditor, cycle, ani, budi, dewi):
    note_reading(by=budi, people=[dewi.pk], where="uji:satu")
    note_reading(by=budi, people=[dewi.pk, budi.pk], where="uji:dua")
    today = timezone.localdate().isoformat()
    response = auditor.get(
        reverse("audit:breach"), {"actor": budi.nip, "since": today, "until": today}
    )
    found = {each.person: each for each in response.context["shown"]}
    assert (found[dewi].times, found[dewi].places) == (2, ["uji:dua", "uji:satu"])
    assert (found[ani].times, found[ani].supervised) == (0, True)
    assert found[budi].own
    text = text_of(response)
    assert dewi.masked_nip in text
    assert dewi.nip not in text


def test_the_report_as_a_file_and_as_json(auditor, cycle, budi, dewi, capsys):
    note_reading(by=budi, people=[dewi.pk], where="uji:satu")
    today = timezone.localdate()
    question = {"actor": budi.nip, "since": today, "until": today, "format": "csv"}
    answer = auditor.get(reverse("audit:breach"), question)
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert f"{dewi.full_name};{dewi.masked_nip};1;uji:satu;menurut catatan pembacaan" in lines

    tomorrow = (today + datetime.timedelta(days=1)).isoformat()
    options = {"actor": budi.nip, "since": today.isoformat(), "until": tomorrow}
    call_command("breach_report", **options, format="json")
    people = json.loads(capsys.readouterr().out)["people"]
    assert {each["nip"] for each in people if each["times"]} == {dewi.masked_nip}
    call_command("breach_report", **options)
    assert dewi.nip not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"actor": "tidak-ada"}, "tidak ada akun"),
        ({"since": "kemarin"}, "bukan tanggal"),
        ({"until": "2026-01-01"}, "harus sesudah"),
    ],
)
def test_the_command_refuses_in_words(budi, change, words):
    options = {"actor": budi.nip, "since": "2026-01-01", "until": "2026-01-02"}
    with pytest.raises(CommandError, match=words):
        call_command("breach_report", **{**options, **change})


# --- Readings of others


def last_reading():
    return Event.objects.filter(verb="person.read").latest("pk")


def test_the_personnel_office_reads_reports_on_record(client, cycle, ani, hesti):
    report = report_supervisor(
        assessment=Assessment.objects.get(person=ani), message="Saya pindah.", by=ani
    )
    client.force_login(hesti)
    for name, arguments in (("supervisor_reports", ()), ("supervisor_report", (report.pk,))):
        client.get(reverse(f"assessments:{name}", args=arguments))
        event = last_reading()
        assert (event.actor_id, event.data) == (
            hesti.pk,
            {"people": [ani.pk], "where": f"assessments:{name}"},
        )


def test_operators_open_people_on_record(client, ani, db):
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    client.force_login(operator)
    for page in ("change", "history"):
        client.get(reverse(f"admin:accounts_user_{page}", args=(ani.pk,)))
        assert last_reading().data == {"people": [ani.pk], "where": f"admin:accounts_user_{page}"}
    client.get(reverse("admin:accounts_user_changelist"))
    assert ani.pk in last_reading().data["people"]


def test_every_list_of_operators_that_names_people_is_on_record(client, cycle, ani, budi, hesti):
    """Grants, postings, mandates, assessments and all that hangs on them: who was listed, and where."""
    assessment = Assessment.objects.get(person=ani)
    RoleGrant.objects.create(user=ani, role=Role.AUDITOR, valid=DateRange(LONG_AGO, None))
    report_supervisor(assessment=assessment, message="Saya pindah.", by=ani)
    save_answers(assessment=assessment, answers={"BET-01": AnswerInput(value=3)}, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    client.force_login(make_user("Operator", serial=90, is_staff=True, is_superuser=True))
    named = {
        "accounts_rolegrant": ani,
        "organization_posting": ani,
        "organization_hrmandate": hesti,
        "assessments_assessment": ani,
        "assessments_submission": ani,
        "assessments_scoringjob": ani,
        "assessments_supervisorreport": ani,
    }
    for model, person in named.items():
        where = f"admin:{model}_changelist"
        client.get(reverse(where))
        data = last_reading().data
        assert (data["where"], person.pk in data["people"]) == (where, True)
    assert budi.pk in data["people"]  # the supervisor whom the report is about


def test_every_model_of_the_admin_with_a_person_is_on_record():
    """Remedy: let its admin be `ReadingOnRecord` and say in `people_of` whom a row shows."""
    without = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if page.__module__.split(".")[0] in OURS
        and not isinstance(page, ReadingOnRecord)
        and any(
            field.is_relation and field.related_model is User and field.name in _shown(page)
            for field in model._meta.get_fields()
        )
    }
    # Who opened a period or published an instrument, not whom it is about.
    assert without <= {"assessments.Cycle", "pillars.Instrument"}


def _shown(page):
    return {*page.list_display, *(page.fields or ())}


def test_wrong_passwords_are_listed_and_forgotten_on_record(client, ani):
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    for name in (ani.username, counted_name("tidak-ada")):
        AccessAttempt.objects.create(username=name, ip_address="10.1.2.3", failures_since_start=10)
    client.force_login(operator)
    page = reverse("admin:axes_accessattempt_changelist")
    client.get(page)
    assert last_reading().data == {
        "people": [ani.pk],
        "where": "admin:axes_accessattempt_changelist",
    }
    mine = AccessAttempt.objects.get(username=ani.username)
    client.get(reverse("admin:axes_accessattempt_change", args=(mine.pk,)))
    assert last_reading().data["where"] == "admin:axes_accessattempt_change"
    chosen = [str(pk) for pk in AccessAttempt.objects.values_list("pk", flat=True)]
    answer = client.post(page, {"action": "release", "_selected_action": chosen}, follow=True)
    assert "2 kunci dibuka." in text_of(answer)
    assert not AccessAttempt.objects.exists()
    released = Event.objects.filter(verb="sign_in.released").order_by("pk")
    assert {(event.actor_id, event.subject_type) for event in released} == {
        (operator.pk, "accounts.User"),
        (operator.pk, "axes.AccessAttempt"),
    }


def test_operators_who_read_the_record_are_on_it(client, ani):
    event = record("uji.satu", by=ani, subject=ani)
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    client.force_login(operator)
    client.get(reverse("admin:audit_event_changelist"))
    client.get(reverse("admin:audit_event_change", args=(event.pk,)))
    found = Event.objects.filter(actor_id=operator.pk, verb="audit.read").order_by("pk")
    assert list(found.values_list("data", flat=True)) == [
        {"where": "admin:audit_event_changelist", "lines": Event.objects.count() - 2},
        {"where": "admin:audit_event_change", "event": event.pk},
    ]


def test_a_page_loaded_again_at_once_is_read_once(ani, budi, dewi):
    for _again in range(3):
        note_reading(by=budi, people=[dewi.pk, ani.pk], where="uji:satu")
    note_reading(by=budi, people=[dewi.pk], where="uji:satu")
    note_reading(by=ani, people=[dewi.pk], where="uji:satu")
    found = Event.objects.filter(verb="person.read").order_by("pk")
    assert list(found.values_list("actor_id", "data__people")) == [
        (budi.pk, sorted([ani.pk, dewi.pk])),
        (budi.pk, [dewi.pk]),
        (ani.pk, [dewi.pk]),
    ]


def test_a_reading_costs_two_statements(ani, budi, django_assert_num_queries):
    with django_assert_num_queries(4):  # and a savepoint around them
        note_reading(by=budi, people=[ani.pk], where="uji:satu")


def test_reading_oneself_is_no_event(ani):
    note_reading(by=ani, people=[ani.pk], where="uji")
    assert not Event.objects.filter(verb="person.read").exists()


def test_reasons_of_extensions_are_not_shown_to_operators(client, ani):
    event = record("assessment.extended", by=None, subject=ani, reason="Sakit keras", until="x")
    client.force_login(make_user("Operator", serial=90, is_staff=True, is_superuser=True))
    assert "Sakit keras" not in text_of(
        client.get(reverse("admin:audit_event_change", args=(event.pk,)))
    )


def test_the_duty_that_ended_reads_nothing_more(auditor, eko):
    assert auditor.get(EVENTS).status_code == 200
    RoleGrant.objects.filter(user=eko, role=Role.AUDITOR).update(
        valid=DateRange(LONG_AGO, timezone.localdate())
    )
    assert auditor.get(EVENTS).status_code == 404


@pytest.mark.parametrize("page", ["audit:events", "audit:breach"])
def test_what_cannot_be_searched_is_said_above_and_in_the_title(auditor, page):
    html = auditor.get(reverse(page), {"actor": "123"}).content.decode()
    assert "<title>Kesalahan: " in html
    assert '<a href="#id_actor">' in html
    assert "Tidak ada peristiwa yang cocok" not in html
