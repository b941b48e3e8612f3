"""People for an evening of arrivals, beside the portal they will use: python -m bench.guests COUNT CYCLE"""

import json
import sys
from typing import Any

import django

# ruff: noqa: E402  models can be imported only after this
django.setup()

from django.contrib.auth.hashers import make_password

from accounts.models import User
from assessments.models import Assessment
from assessments.queries import questionnaire_of
from bench.nation import shipped_instrument
from bench.parts import open_cycle_of
from tests.factories import make_unit, post

PASSWORD = "kunci-yang-panjang-1"  # noqa: S105  of accounts that live for minutes
UNITS = 20


def invite(count: int, code: str) -> dict[str, Any]:
    """People with one password, invited to the shipped instrument."""
    password = make_password(PASSWORD)
    units = [make_unit(f"Dinas {number}", kind="DINAS") for number in range(UNITS)]
    names = [f"19900101202001{1 + number // 1000}{number % 1000:03d}" for number in range(count)]
    people = User.objects.bulk_create(
        [User(nip=name, username=name, name=f"Pegawai {name}", password=password) for name in names]
    )
    for number, person in enumerate(people):
        post(person, units[number % UNITS])
    cycle = open_cycle_of(shipped_instrument(), code)
    invited = Assessment.objects.filter(cycle=cycle).select_related("person", "cycle")
    return {
        "password": PASSWORD,
        "people": [
            {
                "assessment": assessment.pk,
                "username": assessment.person.username,
                "pillars": {
                    part.code: [item.code for item in part.indicators]
                    for part in questionnaire_of(assessment).pillars
                },
            }
            for assessment in invited
        ],
    }


if __name__ == "__main__":
    json.dump(invite(int(sys.argv[1]), sys.argv[2]), sys.stdout)
