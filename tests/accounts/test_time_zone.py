"""A person reads hours in their own zone; which day it is stays the portal's affair."""

import datetime

import pgtrigger
import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.clock import in_words, portal_day, portal_today, shown_to
from accounts.enums import Role
from accounts.models import RoleGrant
from assessments.models import Assessment, Submission
from assessments.operations import submit, time_to_redo
from tests.pages import text_of

CHOOSE = "/akun/zona-waktu/"
DEADLINE = datetime.datetime(2099, 11, 24, 16, 59, 59, tzinfo=datetime.UTC)


@pytest.fixture
def deadline(cycle):
    cycle.closes_at = DEADLINE
    cycle.save()
    return cycle


def test_the_choice_is_kept_and_told(client, ani):
    client.force_login(ani)
    response = client.post(CHOOSE, {"time_zone": "Asia/Makassar"})
    assert (response.status_code, response["Location"]) == (303, "/akun/")
    ani.refresh_from_db()
    assert ani.time_zone == "Asia/Makassar"
    text = text_of(client.get("/akun/"))
    assert "semua jam ditampilkan dalam WITA" in text


@pytest.mark.parametrize("typed", ["Europe/Berlin", "../etc", None])
def test_other_zones_are_not_kept(client, ani, typed):
    client.force_login(ani)
    client.post(CHOOSE, {} if typed is None else {"time_zone": typed})
    ani.refresh_from_db()
    assert ani.time_zone == ""


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "24 November 2099 pukul 23.59 WIB"),
        ("Asia/Jakarta", "24 November 2099 pukul 23.59 WIB"),
        ("Asia/Makassar", "25 November 2099 pukul 00.59 WITA"),
        ("Asia/Jayapura", "25 November 2099 pukul 01.59 WIT"),
    ],
)
def test_the_deadline_is_shown_in_the_persons_zone(client, ani, assessment, deadline, zone, shown):
    ani.time_zone = zone
    ani.save()
    client.force_login(ani)
    assert shown in text_of(client.get(f"/penilaian/{assessment.pk}/"))


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "Diajukan 24 November 2026 pukul 23.30 WIB"),
        ("Asia/Makassar", "Diajukan 25 November 2026 pukul 00.30 WITA"),
        ("Asia/Jayapura", "Diajukan 25 November 2026 pukul 01.30 WIT"),
    ],
)
def test_the_receipt_is_dated_in_the_persons_zone(client, ani, assessment, zone, shown):
    submission = submit(assessment=assessment, by=ani, require_complete=False)
    at = datetime.datetime(2026, 11, 24, 16, 30, tzinfo=datetime.UTC)
    with pgtrigger.ignore():
        Submission.objects.filter(pk=submission.pk).update(submitted_at=at)
    ani.time_zone = zone
    ani.save()
    client.force_login(ani)
    assert shown in text_of(client.get(f"/penilaian/{assessment.pk}/tanda-terima/"))


def test_a_zone_ends_with_its_request(client, ani):
    ani.time_zone = "Asia/Jayapura"
    ani.save()
    client.force_login(ani)
    client.get("/")
    assert timezone.get_current_timezone_name() == "Asia/Jakarta"


def test_mail_and_paper_are_in_the_zone_of_whom_they_go_to(ani):
    ani.time_zone = "Asia/Jayapura"
    with shown_to(ani):
        assert in_words(DEADLINE) == "25 November 2099 pukul 01.59 WIT"
    assert in_words(DEADLINE) == "24 November 2099 pukul 23.59 WIB"


# 23.30 where the portal is, 01.30 of the next day in Papua.
@time_machine.travel("2026-11-24T16:30:00Z", tick=False)
def test_which_day_it_is_does_not_depend_on_who_reads(client, ani):
    today = datetime.date(2026, 11, 24)
    with timezone.override("Asia/Jayapura"):
        assert timezone.localdate() == today + datetime.timedelta(days=1)
        assert portal_today() == portal_day(timezone.now()) == today
        assert time_to_redo(timezone.now()).astimezone(datetime.UTC) == datetime.datetime(
            2026, 11, 27, 16, 59, 59, tzinfo=datetime.UTC
        )


@time_machine.travel("2026-11-24T16:30:00Z", tick=False)
def test_a_duty_ends_at_the_portals_midnight_for_everybody(client, ani):
    ani.time_zone = "Asia/Jayapura"
    ani.save()
    tomorrow = datetime.date(2026, 11, 25)
    RoleGrant.objects.create(
        user=ani, role=Role.CURATOR, valid=DateRange(datetime.date(2026, 1, 1), tomorrow)
    )
    client.force_login(ani)
    assert client.get("/instrumen/").status_code == 200


def test_a_form_is_read_in_the_zone_it_names(client, dewi, ani, cycle):
    dewi.time_zone = "Asia/Jayapura"
    dewi.save()
    client.force_login(dewi)
    page = f"/periode/{cycle.pk}/perpanjangan/"
    assert "Waktu WIT." in text_of(client.get(page))
    sent = client.post(page, {"nip": ani.nip, "until": "2099-11-25T01:59", "reason": "Sakit"})
    assert sent.status_code == 303
    assert Assessment.objects.get(person=ani).extended_until == DEADLINE
