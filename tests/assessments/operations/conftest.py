"""Ani's assessment before it is handed in: filled in, or begun with a file; and a cycle near its end."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from assessments.models import Cycle
from assessments.operations import AnswerInput, save_answers
from assessments.operations.evidence import add_evidence
from tests.assessments import papers
from tests.assessments.reminders import MONTH, end_in, long_ago

ANSWERS = {
    "ALF-01": AnswerInput(value=Decimal(4), evidence=("SK 800/12/2026",)),
    "ALF-02": AnswerInput(not_applicable=True, reason="Tidak melayani warga"),
    "BET-01": AnswerInput(value=Decimal(3), note="Lihat laporan"),
    "BET-02": AnswerInput(value=Decimal(2)),
}


@pytest.fixture
def filled(assessment, ani):
    """Every answer that handing in asks for."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    return assessment


@pytest.fixture
def drafted(assessment, ani):
    """One answer and one file that were never handed in."""
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    add_evidence(assessment=assessment, code="ALF-01", content=papers.pdf(), name="sk.pdf", by=ani)
    return assessment


@pytest.fixture
def running(cycle):
    """A cycle that opened a month ago and ends on the second day from now; everybody has an address."""
    opened = timezone.now() - MONTH - datetime.timedelta(days=1)
    Cycle.objects.filter(pk=cycle.pk).update(opens_at=opened, closes_at=end_in(2))
    for person in User.objects.all():
        person.email = f"{person.name.split()[0].lower()}@contoh.invalid"
        person.save(update_fields=["email"])
    long_ago()
    cycle.refresh_from_db()
    return cycle
