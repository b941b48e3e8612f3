"""Whose data an account read between two moments, at the edges: midnight, zones, years, destruction."""

import datetime
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.clock import portal_moment, portal_today
from accounts.operations import note_reading
from assessments.models import Assessment, Tombstone
from assessments.operations import (
    AnswerInput,
    destroy_expired,
    open_review,
    report_supervisor,
    resolve_report,
    save_answers,
    submit,
)
from assessments.queries.reviewed import Span, people_reviewed
from audit.models import Event
from organization.models import Posting
from prima_portal.auditing import readings as module
from prima_portal.auditing.readings import Readings
from tests.aging import YEAR, let_pass
from tests.factories import make_user

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
MIDNIGHT = datetime.time.min


def midnight(day):
    return portal_moment(day, MIDNIGHT)


@pytest.fixture
def today():
    return portal_today()


def supervised(actor, since, until):
    return people_reviewed(actor, Span(since, until))


def lead_from(day, head):
    """Let the head have led from that day on."""
    Posting.objects.filter(user=head, is_head=True).update(valid=DateRange(day, None))


def test_midnight_of_the_end_is_the_day_before(cycle, ani, budi, today):
    lead_from(today, budi)
    type(cycle).objects.update(created_at=midnight(today - 9 * DAY))
    assert supervised(budi, midnight(today - DAY), midnight(today)) == set()
    assert supervised(budi, midnight(today - DAY), midnight(today) + MINUTE) == {ani.pk}


def test_days_are_those_of_the_portal_whatever_zone_is_asked_in(cycle, ani, budi, today):
    type(cycle).objects.update(created_at=midnight(today - 9 * DAY))
    lead_from(today, budi)
    begins = midnight(today)
    as_utc = begins.astimezone(datetime.UTC)
    assert as_utc.date() == today - DAY
    assert ani.pk not in supervised(budi, as_utc - MINUTE, as_utc)
    assert ani.pk in supervised(budi, as_utc, as_utc + MINUTE)


def test_the_command_reads_days_as_local_and_moments_with_their_zone(
    cycle, budi, dewi, today, capsys
):
    note_reading(by=budi, people=[dewi.pk], where="uji:satu")
    at = Event.objects.latest("pk").at

    def times(since, until):
        call_command("breach_report", actor=budi.nip, since=since, until=until, format="json")
        people = json.loads(capsys.readouterr().out)["people"]
        return sum(each["times"] for each in people)

    assert times(today.isoformat(), (today + DAY).isoformat()) == 1
    assert times((today - DAY).isoformat(), today.isoformat()) == 0
    far = datetime.timezone(datetime.timedelta(hours=9))
    assert (
        times(at.astimezone(far).isoformat(), (at + MINUTE).astimezone(datetime.UTC).isoformat())
        == 1
    )
    assert times((at - MINUTE).isoformat(), at.isoformat()) == 0  # the end is excluded


def test_years_are_counted_whole(cycle, ani, budi, today):
    """A term of a week, long after the first year of the period, is not left out."""
    now = timezone.now()
    type(cycle).objects.update(created_at=now - 6 * YEAR)
    term = DateRange(today - 3 * DAY, today - DAY)
    Posting.objects.filter(user=budi, is_head=True).update(valid=term)
    assert ani.pk in supervised(budi, now - 5 * YEAR, now)
    assert ani.pk not in supervised(budi, now - 5 * YEAR, midnight(today - 3 * DAY))
    assert ani.pk not in supervised(budi, midnight(today - DAY), now)


def test_a_long_period_costs_what_its_changes_cost(cycle, budi):
    now = timezone.now()
    with CaptureQueriesContext(connection) as month:
        supervised(budi, now - 30 * DAY, now)
    with CaptureQueriesContext(connection) as years:
        supervised(budi, now - 6 * YEAR, now)
    assert len(years) == len(month)


def test_whoever_was_assessed_only_later_was_not_read(cycle, ani, budi):
    before = cycle.created_at
    assert supervised(budi, before - 9 * DAY, before) == set()
    assert ani.pk in supervised(budi, before - 9 * DAY, before + MINUTE)


def test_people_of_a_destroyed_cycle_are_still_named(verified, ani, budi, today):
    """By the posts of the census date, which stay: the unit of the assessment went with it."""
    let_pass(6)
    opened = Assessment.objects.get(person=ani).cycle.created_at
    census = Assessment.objects.get(person=ani).cycle.census_date
    assert ani.postings.get().valid.lower <= census
    destroy_expired(by=None)
    assert not Assessment.objects.exists()
    assert supervised(budi, opened, opened + 30 * DAY) == {ani.pk}
    assert supervised(budi, opened - 30 * DAY, opened) == set()


def test_what_was_destroyed_before_the_period_could_not_be_read(verified, ani, budi):
    let_pass(6)
    destroy_expired(by=None)
    gone = Tombstone.objects.latest("pk").destroyed_at
    assert supervised(budi, gone, gone + DAY) == set()


def test_whoever_the_office_named_read_it_from_then_on_and_the_head_until_then(
    assessment, ani, budi, citra
):
    fajar = make_user("Fajar", serial=77)
    start = timezone.now()
    report = report_supervisor(assessment=assessment, message="Saya pindah.", by=ani)
    resolve_report(report=report, reviewer=fajar, resolution="Pindah", by=citra)
    named = Event.objects.get(verb="report.resolved").at
    assert ani.pk in supervised(fajar, named, named + DAY)
    assert ani.pk not in supervised(fajar, start - DAY, start)
    assert ani.pk in supervised(budi, start - MINUTE, start)
    assert ani.pk not in supervised(budi, named, named + MINUTE)


def test_whoever_the_office_named_is_known_after_destruction(assessment, ani, citra):
    fajar = make_user("Fajar", serial=77)
    report = report_supervisor(assessment=assessment, message="Saya pindah.", by=ani)
    resolve_report(report=report, reviewer=fajar, resolution="Pindah", by=citra)
    named = Event.objects.get(verb="report.resolved").at
    let_pass(6)
    destroy_expired(by=None)
    assert supervised(fajar, named, named + MINUTE) == {ani.pk}


def test_an_act_on_record_counts_though_the_post_was_corrected_since(assessment, ani, budi):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    assessment.refresh_from_db()
    open_review(assessment=assessment, by=budi)
    at = Event.objects.get(verb="review.opened").at
    Posting.objects.filter(user=budi).delete()
    assert supervised(budi, at, at + MINUTE) == {ani.pk}


def test_many_people_are_read_in_steps_and_each_is_named_once(budi, dewi, ani, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    people = [make_user(f"Orang {number:02}", serial=100 + number) for number in range(5)]
    note_reading(by=budi, people=[each.pk for each in people], where="uji:satu")
    note_reading(by=budi, people=[people[3].pk], where="uji:dua")
    now = timezone.now()
    found = [each for each in Readings(budi, Span(now - DAY, now + DAY)) if each.times]
    assert [each.person for each in found] == people
    assert (found[3].times, found[3].places) == (2, ["uji:dua", "uji:satu"])
