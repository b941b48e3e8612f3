"""The person's own assessments."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.clock import portal_today
from assessments.models import Assessment
from assessments.operations import open_cycle
from tests.assessments.pages import url
from tests.pages import text_of

INDEX = reverse("assessments:index")


@pytest.fixture(autouse=True)
def as_ani(client, ani):
    client.force_login(ani)


def another_cycle(cycle, code, *, opens, closes):
    now = timezone.now()
    return open_cycle(
        code=code,
        name=f"Periode {code}",
        instrument=cycle.instrument,
        opens_at=now + datetime.timedelta(days=opens),
        closes_at=now + datetime.timedelta(days=closes),
        census_date=portal_today(),
        by=None,
    )


def test_nobody_asked_yet(client):
    text = text_of(client.get(INDEX))
    assert "Belum ada penilaian untuk Anda" in text


def test_what_waits_comes_first(client, cycle, handed_in):
    another_cycle(cycle, "2027-S1", opens=-1, closes=9)
    text = text_of(client.get(INDEX))
    assert text.index("Menunggu Anda") < text.index("Periode 2027-S1")
    assert text.index("Periode 2027-S1") < text.index("Sebelumnya") < text.index("Semester II 2026")
    assert "0 dari 4 pernyataan dijawab" in text


def test_a_cycle_that_opens_later_says_when(client, cycle):
    another_cycle(cycle, "2027-S1", opens=3, closes=9)
    assert "Lihat unit dan atasan saya" in text_of(client.get(INDEX))


def test_a_missed_deadline_says_that_the_draft_is_kept(client, cycle, assessment):
    cycle.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    cycle.save()
    assert "draf tetap tersimpan" in text_of(client.get(INDEX))


def test_others_are_not_listed(client, assessment, citra):
    client.force_login(citra)
    html = client.get(INDEX).content.decode()
    assert url("tasks", Assessment.objects.get(pk=assessment.pk)) not in html


def test_the_list_costs_the_same_with_one_and_with_three(
    client, cycle, assessment, django_assert_num_queries
):
    client.get(INDEX)
    with django_assert_num_queries(5):  # session, person, assessments, destroyed ones, navigation
        client.get(INDEX)
    another_cycle(cycle, "2027-S1", opens=-1, closes=9)
    another_cycle(cycle, "2027-S2", opens=2, closes=9)
    with django_assert_num_queries(5):
        client.get(INDEX)
