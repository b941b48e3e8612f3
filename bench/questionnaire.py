"""What a section page and a saved answer cost, beside a bare signed-in view: bin/env python bench/questionnaire.py

Everything is measured interleaved in one run, CPU of this process and its database time apart, on the
shipped PRIMA. Nothing is kept: the run's transaction is rolled back.
"""

import datetime
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import django

from accounts.clock import portal_today

# ruff: noqa: E402  models can be imported only after this
django.setup()

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import path, reverse
from django.utils import timezone

from accounts.access import access, signed_in
from assessments.forms.filling import Sheet
from assessments.forms.shell import FilledForm, render_section
from assessments.models import Assessment
from assessments.operations import AnswerInput, open_cycle, save_answers
from assessments.queries import answers_of, questionnaire_of
from pillars.files import read_instrument
from pillars.operations import load_instrument
from prima_portal.urls import urlpatterns as portal_urls
from tests.factories import make_unit, make_user, post

ROUNDS = 200
SETTINGS = {"ROOT_URLCONF": __name__, "ALLOWED_HOSTS": ["testserver"], "DEBUG": False}
FILE = Path("pillars/instruments/prima-2026.1.toml")


@access(signed_in)
def bare(request: HttpRequest) -> HttpResponse:
    """Session, person, nothing else."""
    return HttpResponse("ok")


urlpatterns = [*portal_urls, path("bench/bare/", bare)]


def main() -> None:
    """Print medians in milliseconds and ratios to the bare view."""
    with transaction.atomic(), override_settings(**SETTINGS):
        assessment = a_half_filled_assessment()
        client = Client()
        client.force_login(assessment.person)
        medians = interleaved(cases(client, assessment))
        transaction.set_rollback(True)
    floor = medians["bare view"]
    for name, median in medians.items():
        print(f"{name:34} {median * 1000:8.2f} ms {median / floor:6.2f} x")


def a_half_filled_assessment() -> Assessment:
    """A person in a unit, every second statement of PRIMA answered."""
    document = read_instrument(FILE.read_bytes())
    unit = make_unit("Bench", kind="DINAS")
    person = make_user("Bench", serial=999)
    post(person, unit)
    now = timezone.now()
    cycle = open_cycle(
        code="BENCH",
        name="Bench",
        instrument=load_instrument(document=document, by=None, publish=True),
        opens_at=now - datetime.timedelta(days=1),
        closes_at=now + datetime.timedelta(days=1),
        census_date=portal_today(),
        population=[unit],
        by=None,
    )
    assessment = Assessment.objects.get(cycle=cycle)
    codes = list(questionnaire_of(assessment).indicators)[::2]
    answers = {code: AnswerInput(value=Decimal(3), note="Catatan") for code in codes}
    save_answers(assessment=assessment, answers=answers, by=person)
    return assessment


def cases(client: Client, assessment: Assessment) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    pillar = questionnaire_of(assessment).pillars[0]
    sheets = {code: Sheet.of(answer) for code, answer in answers_of(assessment).items()}
    fill = reverse("assessments:fill", args=(assessment.pk, pillar.code))
    save = reverse("assessments:save_answer", args=(assessment.pk,))
    code = pillar.indicators[0].code
    levels = {"next": 1}

    def save_one() -> HttpResponse:
        levels["next"] = levels["next"] % 4 + 1
        texts = {f"{code}:reason": "", f"{code}:note": "", f"{code}:evidence": ""}
        sent = urlencode({"indicator": code, code: levels["next"], **texts})
        return client.post(save, sent, content_type="application/x-www-form-urlencoded")

    return {
        "bare view": lambda: client.get("/bench/bare/"),
        "section page": lambda: client.get(fill),
        "saving one answer": save_one,
        "statements alone, spliced": lambda: render_section(pillar, sheets),
        "statements alone, crispy each time": lambda: render_crispy_form(
            FilledForm(pillar, sheets)
        ),
    }


def interleaved(measured: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median CPU seconds of this process for each case, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in measured}
    for turn in range(ROUNDS + 5):
        for name, call in measured.items():
            start = time.process_time()
            result = call()
            spent = time.process_time() - start
            assert getattr(result, "status_code", 200) == 200, name
            if turn >= 5:  # the first ones fill caches
                taken[name].append(spent)
    return {name: statistics.median(times) for name, times in taken.items()}


if __name__ == "__main__":
    settings.LOGGING_CONFIG = None
    sys.exit(main())
