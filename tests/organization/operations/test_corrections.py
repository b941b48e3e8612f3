"""Requests to correct one's own data: one clock, one office, one answer."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.utils import DatabaseError
from django.utils import timezone
from django.utils.translation import override

from accounts.clock import in_words, portal_today, shown_to
from accounts.enums import TimeZone
from accounts.models import Letter
from accounts.operations import deliver_letters
from assessments.operations import destroy_expired, lift_hold, place_hold
from audit.models import Event
from organization.enums import CorrectionItem, CorrectionStatus, PostingKind
from organization.errors import CorrectionOpen, CorrectionSettled, NoOffice
from organization.models import CorrectionRequest, HrMandate, Posting
from organization.operations import (
    ask_for_correction,
    decide_correction,
    remind_offices,
    withdraw_correction,
)
from organization.queries import corrections_for
from prima_portal.metrics import figure
from tests.aging import let_pass, move_back
from tests.factories import LONG_AGO, make_user, post

ACCEPTED, REJECTED = CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED


@pytest.fixture
def hesti(units):
    """The personnel office of Ani's unit and all below it."""
    user = make_user("Hesti Rahayu", serial=7, email="hesti@contoh.invalid")
    post(user, units.root)
    HrMandate.objects.create(user=user, unit=units.ani, valid=DateRange(LONG_AGO, None))
    return user


def ask(person, **facts):
    return ask_for_correction(
        **{"item": CorrectionItem.RANK, "requested": "III/c, bukan III/b", "reference": "SK 12"}
        | facts,
        by=person,
    )


def decide(correction, by, status=ACCEPTED, answer="Sudah kami perbaiki."):
    return decide_correction(correction=correction, status=status, answer=answer, by=by)


def test_the_deadline_is_seventy_two_hours_after_the_request_by_the_clock_of_the_database(ani):
    made = ask(ani)
    assert made.due_at - made.received_at == datetime.timedelta(hours=72)
    assert abs(made.received_at - timezone.now()) < datetime.timedelta(minutes=1)


def test_the_same_request_again_is_the_one_that_stands(ani):
    assert ask(ani).pk == ask(ani).pk
    assert Event.objects.filter(verb="correction.requested").count() == 1


def test_another_about_the_same_datum_waits_for_the_first(ani):
    ask(ani)
    with pytest.raises(CorrectionOpen, match="Tarik dahulu"):
        ask(ani, requested="IV/a")
    assert ask(ani, item=CorrectionItem.NAME).item == "NAME"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_request(ani):
    def click():
        ask(ani)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CorrectionRequest.objects.count() == 1


def test_whoever_was_never_posted_is_answered_by_the_office_of_the_root(units):
    assert ask(make_user("Baru", serial=8)).unit == units.root


def test_before_any_unit_is_known_the_refusal_says_whom_to_ask(db):
    with pytest.raises(NoOffice, match="Hubungi"):
        ask(make_user("Baru", serial=8))


def test_the_office_of_the_unit_sees_it_and_nobody_else(ani, budi, citra, hesti, units):
    made = ask(ani)
    other = make_user("Hasan", serial=9)
    HrMandate.objects.create(user=other, unit=units.citra, valid=DateRange(LONG_AGO, None))
    on = portal_today()
    seen = {
        person: list(corrections_for(person, on)) for person in (hesti, other, budi, citra, ani)
    }
    assert seen == {hesti: [made], other: [], budi: [], citra: [], ani: []}


def test_nobody_answers_their_own(units):
    officer = make_user("Rini", serial=10)
    post(officer, units.ani)
    HrMandate.objects.create(user=officer, unit=units.ani, valid=DateRange(LONG_AGO, None))
    made = ask(officer)
    assert list(corrections_for(officer, portal_today())) == []
    with pytest.raises(DatabaseError, match="correction_answered_by_another"), transaction.atomic():
        decide(made, by=officer)


def test_a_transfer_does_not_take_the_request_away_from_the_office(ani, hesti, units):
    made = ask(ani)
    Posting.objects.filter(user=ani, kind=PostingKind.DEFINITIVE).update(
        valid=DateRange(LONG_AGO, portal_today())
    )
    post(ani, units.citra, since=portal_today())
    assert list(corrections_for(hesti, portal_today())) == [made]


def test_what_falls_due_first_stands_first_and_what_is_answered_last(ani, fajar, budi, hesti):
    late, soon, done = (ask(person) for person in (ani, fajar, budi))
    move_back(late, hours=80)
    decide(done, by=hesti)
    found = list(corrections_for(hesti, portal_today()))
    assert [(each.pk, each.is_overdue) for each in found] == [
        (late.pk, True),
        (soon.pk, False),
        (done.pk, False),
    ]


def test_the_answer_is_kept_audited_and_told_by_mail(ani, hesti, mailoutbox):
    type(ani).objects.filter(pk=ani.pk).update(email="ani@contoh.invalid")
    made = decide(ask(ani), by=hesti, status=REJECTED, answer="SK tersebut milik orang lain.")
    assert (made.status, made.decided_by, made.answer) == (
        *(REJECTED, hesti),
        "SK tersebut milik orang lain.",
    )
    event = Event.objects.get(verb="correction.decided")
    assert event.data == {"status": "REJECTED", "person": ani.pk}
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.to == ["ani@contoh.invalid"]
    assert "Golongan" in mail.body
    assert "orang lain" not in mail.body


@pytest.mark.parametrize(
    ("own", "office", "word"), [("id", "en", "Golongan"), ("en", "id", "Grade")]
)
def test_the_letter_is_in_the_persons_language_whatever_the_office_speaks(
    ani, hesti, mailoutbox, own, office, word
):
    type(ani).objects.filter(pk=ani.pk).update(email="ani@contoh.invalid", language=own)
    made = ask(ani)
    with override(office):
        decide(made, by=hesti)
    assert Letter.objects.get().data == {"item": "Golongan"}
    deliver_letters()
    assert word in mailoutbox[0].body


def test_the_same_decision_again_changes_nothing_and_another_is_refused(ani, hesti):
    made = decide(ask(ani), by=hesti)
    assert decide(made, by=hesti).decided_at == made.decided_at
    assert Letter.objects.count() == 1
    with pytest.raises(CorrectionSettled):
        decide(made, by=hesti, status=REJECTED)


def test_a_request_can_be_taken_back_until_it_is_answered(ani, hesti):
    first = withdraw_correction(correction=ask(ani), by=ani)
    assert withdraw_correction(correction=first, by=ani).status == "WITHDRAWN"
    with pytest.raises(CorrectionSettled):
        decide(first, by=hesti)
    answered = decide(ask(ani), by=hesti)
    with pytest.raises(CorrectionSettled):
        withdraw_correction(correction=answered, by=ani)


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '1 year'",
        "received_at = now()",
        "requested = 'x'",
        "person_id = person_id + 1",
    ],
)
def test_the_database_keeps_what_was_asked_and_until_when(ani, change):
    ask(ani)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE organization_correctionrequest SET {change}")  # noqa: S608


def test_the_database_keeps_answers_and_deletes_nothing(ani, hesti):
    decide(ask(ani), by=hesti)
    for statement in (
        "UPDATE organization_correctionrequest SET answer = 'x'",
        "UPDATE organization_correctionrequest SET status = 'RECEIVED', decided_at = NULL",
        "DELETE FROM organization_correctionrequest",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_office_is_told_a_day_before_and_once_it_is_late_and_never_twice(ani, hesti):
    made = ask(ani)
    assert remind_offices() == 0
    move_back(made, hours=50)
    assert (remind_offices(), remind_offices()) == (1, 0)
    move_back(made, hours=30)
    assert (remind_offices(), remind_offices()) == (1, 0)
    letters = Letter.objects.filter(kind="CORRECTION_DUE").order_by("pk")
    assert [(each.addressee, each.data["overdue"]) for each in letters] == [
        (str(hesti.pk), False),
        (str(hesti.pk), True),
    ]


def test_a_late_request_that_nobody_was_told_of_is_told_once(ani, hesti):
    move_back(ask(ani), hours=80)
    remind_offices()
    assert [each.data["overdue"] for each in Letter.objects.all()] == [True]


def test_an_officer_reads_the_deadline_in_the_own_zone(ani, hesti, mailoutbox):
    hesti.email, hesti.time_zone = "hesti@contoh.invalid", TimeZone.WIT
    hesti.save()
    made = ask(ani)
    move_back(made, hours=50)
    remind_offices()
    deliver_letters()
    made.refresh_from_db()
    with shown_to(hesti):
        assert in_words(made.due_at).endswith(" WIT")
        assert f"Batasnya {in_words(made.due_at)}." in mailoutbox[0].body


def test_where_no_office_is_the_operators_are_told(ani, mailoutbox):
    operator = make_user("Opera", serial=900, is_staff=True, email="opera@contoh.invalid")
    move_back(ask(ani), hours=80)
    remind_offices()
    assert Letter.objects.get().addressee == str(operator.pk)
    deliver_letters()
    assert "melewati batas 3 × 24 jam" in mailoutbox[0].body


def test_an_answer_ends_the_reminding(ani, hesti):
    made = ask(ani)
    decide(made, by=hesti)
    Letter.objects.all().delete()
    move_back(made, hours=80)
    assert remind_offices() == 0


def test_the_monitor_reads_how_many_wait_and_how_many_are_late(ani, fajar):
    ask(ani)
    move_back(ask(fajar), hours=73)
    assert figure("prima_corrections_waiting") == 2
    assert figure("prima_corrections_overdue") == 1


def test_answered_requests_go_by_schedule_and_open_ones_stay(ani, fajar, hesti):
    decide(ask(ani), by=hesti)
    ask(fajar)
    let_pass(4)
    assert destroy_expired(by=None).destructions == []
    let_pass(2)
    place_hold(reason="Perkara", person=ani, by=None)
    assert destroy_expired(by=None).destructions == []
    lift_hold(person=ani, by=None)
    (made,) = destroy_expired(by=None).destructions
    assert (made.kind, dict(made.tables)) == (
        "CORRECTIONS",
        {"organization_correctionrequesthistory": 2, "organization_correctionrequest": 1},
    )
    assert [each.person for each in CorrectionRequest.objects.all()] == [fajar]
