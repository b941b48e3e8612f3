"""Who curates, and since when until when."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import Role
from accounts.models import RoleGrant
from pillars.permissions import curates


def test_dewi_curates_and_nobody_else(ani, budi, citra, dewi, eko, fajar):
    people = (ani, budi, citra, dewi, eko, fajar, AnonymousUser())
    assert [person for person in people if curates(person)] == [dewi]


def test_an_account_that_is_closed_curates_no_longer(dewi):
    dewi.is_active = False
    assert not curates(dewi)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-09T16:59:59Z", False),  # 23.59 WIB of the day before
        ("2026-11-09T17:00:00Z", True),  # midnight in Jakarta
        ("2026-11-19T16:59:59Z", True),
        ("2026-11-19T17:00:00Z", False),
    ],
)
def test_a_duty_holds_for_the_days_of_the_portals_own_calendar(ani, moment, expected):
    days = DateRange(datetime.date(2026, 11, 10), datetime.date(2026, 11, 20))
    RoleGrant.objects.create(user=ani, role=Role.CURATOR, valid=days)
    with time_machine.travel(moment):
        assert curates(ani) is expected
