"""Each person reads moments in their own zone; what is allowed when never follows from it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.clock import portal_today
from assessments.models import Cycle

ADDRESS = "accounts:choose_zone"
LAST_MINUTE = datetime.datetime(2031, 11, 24, 16, 59, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "24 November 2031 pukul 23.59 WIB"),
        ("Asia/Makassar", "25 November 2031 pukul 00.59 WITA"),
        ("Asia/Jayapura", "25 November 2031 pukul 01.59 WIT"),
    ],
)
def test_the_deadline_stands_in_the_chosen_zone(client, assessment, zone, shown):
    Cycle.objects.filter(pk=assessment.cycle_id).update(closes_at=LAST_MINUTE)
    client.force_login(assessment.person)
    answer = client.post(reverse(ADDRESS), {"time_zone": zone})
    assert (answer.status_code, answer.url) == (303, reverse("accounts:profile"))

    page = client.get(reverse("assessments:tasks", args=(assessment.pk,))).content.decode()
    assert shown in " ".join(page.split())


def test_a_zone_that_is_not_offered_changes_nothing(client, ani):
    client.force_login(ani)
    client.post(reverse(ADDRESS), {"time_zone": "Asia/Makassar"})
    client.post(reverse(ADDRESS), {"time_zone": "Mars/Olympus"})
    client.post(reverse(ADDRESS), {})
    ani.refresh_from_db()
    assert ani.time_zone == "Asia/Makassar"


def test_no_zone_outlives_its_request(client, ani):
    client.force_login(ani)
    client.post(reverse(ADDRESS), {"time_zone": "Asia/Jayapura"})
    client.get(reverse("home"))
    assert timezone.get_current_timezone_name() == "Asia/Jakarta"


def test_rights_follow_the_day_of_the_portal(time_machine):
    time_machine.move_to(LAST_MINUTE, tick=False)
    with timezone.override("Asia/Jayapura"):
        assert timezone.localdate() == datetime.date(2031, 11, 25)
        assert portal_today() == datetime.date(2031, 11, 24)
