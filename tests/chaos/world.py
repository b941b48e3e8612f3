"""Opens one more cycle for the faults to happen in; run as a program of its own: CODE PEOPLE.

Prints the people's assessments and sessions as one line of JSON. Sessions are made, not signed in to:
signing in costs more processor time than everything else here.
"""

import datetime
import json
import sys
import time
from decimal import Decimal

import django

from accounts.clock import portal_today

# ruff: noqa: E402  models can be imported only after this
django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.limits import BEGAN
from accounts.models import User
from assessments.models import Assessment
from assessments.operations import AnswerInput, open_cycle, save_answers
from assessments.queries import questionnaire_of
from organization.models import Unit
from pillars.models import Instrument
from tests.factories import make_instrument, make_unit, make_user, post

UNITS = 4


def main(code: str, people: int) -> None:
    """Everybody has answered everything and handed in nothing."""
    if not User.objects.exists():
        populate(people)
    now = timezone.now()
    cycle = open_cycle(
        code=code,
        name=code,
        instrument=Instrument.objects.get(),
        opens_at=now - datetime.timedelta(days=1),
        closes_at=now + datetime.timedelta(days=7),
        census_date=portal_today(),
        by=None,
    )
    made = []
    for assessment in Assessment.objects.filter(cycle=cycle).select_related("person", "cycle"):
        codes = questionnaire_of(assessment).indicators
        answers = {name: AnswerInput(value=Decimal(2)) for name in codes}
        save_answers(assessment=assessment, answers=answers, by=assessment.person)
        made.append({"assessment": assessment.pk, "session": session_of(assessment.person)})
    sys.stdout.write(json.dumps(made) + "\n")


def populate(people: int) -> None:
    """A small tree, and people in all of its units."""
    make_instrument()
    root = make_unit("Dinas", kind="DINAS")
    units = [make_unit(f"Bidang {number}", parent=root) for number in range(UNITS)]
    for number in range(people):
        person = make_user(f"Pegawai {number}", serial=number + 1)
        leads = number < UNITS
        post(person, units[number % UNITS], head=leads)
        if leads:  # who has a duty is let nowhere without one
            TOTP.activate(person, generate_totp_secret())
    assert Unit.objects.count() == UNITS + 1


def session_of(person: User) -> str:
    """The key of a new session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGAN] = time.time()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
