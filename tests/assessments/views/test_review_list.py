"""The supervisor's list."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.clock import portal_today
from assessments.enums import Status
from assessments.models import Assessment
from assessments.operations import open_cycle, open_review, submit, withdraw
from tests.factories import make_user, post

URL = "/tinjauan/"


@pytest.fixture
def team(units):
    """Four more people of Ani's unit, in no order of names."""
    people = [
        make_user(name, serial=serial)
        for serial, name in enumerate(
            ("Putri Ayu", "Oki Saputra", "Nanda Rizki", "Made Wirawan"), 20
        )
    ]
    for person in people:
        post(person, units.ani)
    return people


def hand_in(*people):
    for person in people:
        own = Assessment.objects.get(person=person)
        submit(assessment=own, by=person, require_complete=False)


def names(response):
    return [row.record.person.name for row in response.context["table"].rows]


def test_the_address_is_the_one_that_other_pages_link_to():
    assert reverse("assessments:review_list") == URL


def test_waiting_people_come_first_by_who_waits_longest(team, cycle, ani, budi, client):
    hand_in(team[2], team[0])
    client.force_login(budi)

    response = client.get(URL)

    assert response.status_code == 200
    assert names(response)[:2] == ["Nanda Rizki", "Putri Ayu"]
    load = response.context["load"]
    assert (load.waiting, load.returned, load.done, load.behind, load.total) == (2, 0, 0, 3, 5)
    late = [each.person.name for each in response.context["behind"]]
    assert late == ["Ani Lestari", "Made Wirawan", "Oki Saputra"]


def test_a_head_is_not_in_the_own_list(cycle, budi, client):
    client.force_login(budi)
    assert "Budi Santosa" not in names(client.get(URL))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=WAITING", ["Nanda Rizki"]),
        ("status=BEHIND", ["Ani Lestari", "Made Wirawan", "Oki Saputra", "Putri Ayu"]),
        ("status=DONE", []),
        ("status=APA", 5),
        ("name=nan", ["Nanda Rizki"]),
        ("cycle=tidak-ada", 5),
        ("sort=password", 5),
        ("sort=-name", ["Putri Ayu", "Oki Saputra", "Nanda Rizki", "Made Wirawan", "Ani Lestari"]),
        ("page=99", 5),
    ],
)
def test_the_choice_stands_in_the_address(query, expected, team, cycle, budi, client):
    hand_in(team[2])
    client.force_login(budi)
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    found = names(response)
    if isinstance(expected, int):
        assert len(found) == expected
    else:
        assert found == expected if "sort" in query else sorted(found) == expected


def test_only_what_was_handed_in_can_be_opened(cycle, handed_in, ani, budi, client):
    client.force_login(budi)
    link = reverse("assessments:review", args=(handed_in.pk,))
    assert link in client.get(URL).content.decode()
    withdraw(assessment=handed_in, by=ani)
    assert link not in client.get(URL).content.decode()


def test_a_begun_review_says_so(review, budi, client):
    client.force_login(budi)
    assert "Sedang ditinjau" in client.get(URL).content.decode()


def test_who_leads_nobody_reads_what_to_do(cycle, ani, client):
    client.force_login(ani)
    page = client.get(URL).content.decode()
    assert "Tidak ada pegawai yang Anda tinjau" in page


@pytest.mark.parametrize("who", ["citra", "dewi", "eko"])
def test_others_do_not_see_ani(who, handed_in, client, request):
    client.force_login(request.getfixturevalue(who))
    assert "Ani Lestari" not in client.get(URL).content.decode()


def test_the_anonymous_sign_in_first(client, db):
    response = client.get(URL)
    assert (response.status_code, response.url) == (302, f"/akun/masuk/?next={URL}")


def test_an_older_cycle_that_waits_is_named(handed_in, budi, instrument, client):
    now = timezone.now()
    open_cycle(
        code="2027-S1",
        name="Semester I 2027",
        instrument=instrument,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=7),
        census_date=portal_today(),
        by=None,
    )
    client.force_login(budi)
    page = client.get(URL)
    assert page.context["load"].cycle.code == "2027-S1"
    assert "1 penilaian dari Semester II 2026 juga menunggu" in page.content.decode()
    older = client.get(URL, {"cycle": "2026-S2"})
    assert names(older) == ["Ani Lestari"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    size, team, cycle, budi, client, django_assert_num_queries
):
    Assessment.objects.exclude(person__in=team[:size]).exclude(person=budi).delete()
    hand_in(*team[:size])
    open_review(assessment=Assessment.objects.get(person=team[0]), by=budi)
    client.force_login(budi)
    client.get(URL)
    with django_assert_num_queries(10):
        response = client.get(URL)
    assert len(names(response)) == size


def test_sixty_people_come_in_pages(units, budi, instrument, client):
    for serial in range(100, 160):
        post(make_user(f"Pegawai {serial}", serial=serial), units.ani)
    now = timezone.now()
    open_cycle(
        code="ramai",
        name="Ramai",
        instrument=instrument,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=1),
        census_date=portal_today(),
        by=None,
    )
    client.force_login(budi)
    page = client.get(URL, {"page": 3}).content.decode()
    assert len(re.findall(r'<tr role="row"', page)) == 1 + 10
    assert str(Status.INVITED.label) in page
