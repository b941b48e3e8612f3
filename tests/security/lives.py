"""What people of the world do with their assessments: draft, hand in, review, report, ask."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

from django.utils import timezone

from accounts.clock import portal_today
from assessments.models import Assessment, Cycle, Review
from assessments.operations import (
    AnswerInput,
    RatingInput,
    open_cycle,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
    submit,
    verify,
    withdraw,
)
from assessments.operations.evidence import add_evidence
from pillars.models import Instrument
from tests.assessments import papers
from tests.security.canaries import mark
from tests.security.cast import CODES, HANDED_IN, REVIEWER, REVIEWER_EARLIER, state_of


def open_for_days(code: str, instrument: Instrument) -> Cycle:
    """A cycle that began nine days ago and ends in nine."""
    now = timezone.now()
    return open_cycle(
        code=code,
        name=f"Periode {code}",
        instrument=instrument,
        opens_at=now - datetime.timedelta(days=9),
        closes_at=now + datetime.timedelta(days=9),
        census_date=portal_today(),
        by=None,
    )


def choices() -> Iterator[tuple[int, ...]]:
    """Levels for the six indicators, never the same twice; far apart, so that scores differ."""
    return (each for number, each in enumerate(product((2, 3, 4), repeat=6)) if number % 23 == 5)


def _file(assessment: Assessment, whose: str) -> None:
    """A file whose name and content are somebody's."""
    kind = "berkas" if state_of(whose) in HANDED_IN else "draf"
    body = f"% {mark(kind, whose)}".encode()
    add_evidence(
        assessment=assessment,
        code="ALF-01",
        content=papers.pdf(body),
        name=f"{mark(kind, whose)}.pdf",
        by=assessment.person,
    )


def _fill(made: SimpleNamespace, cycle: Cycle, name: str, suffix: str) -> Assessment:
    assessment = Assessment.objects.get(cycle=cycle, person=made.people[name])
    whose = name + suffix
    values = next(made.answers)
    answers = {
        code: AnswerInput(
            value=Decimal(value),
            note=mark("catatan", whose),
            evidence=(f"https://contoh.invalid/{mark('bukti', whose)}",),
        )
        for code, value in zip(CODES, values, strict=True)
    }
    answers["ALF-03"] = AnswerInput(not_applicable=True, reason=mark("alasan", whose))
    save_answers(assessment=assessment, answers=answers, by=made.people[name])
    if whose in ("ani", "galih"):
        _file(assessment, whose)
    return assessment


def hand_in(made: SimpleNamespace, cycle: Cycle, name: str, suffix: str = "") -> Assessment:
    """Answer everything, and hand it in."""
    assessment = _fill(made, cycle, name, suffix)
    submit(assessment=assessment, by=made.people[name], urgent=False)
    assessment.refresh_from_db()
    return assessment


def _begin(made: SimpleNamespace, cycle: Cycle, name: str, suffix: str = "") -> Review:
    assessment = Assessment.objects.get(cycle=cycle, person=made.people[name])
    by = made.people[(REVIEWER_EARLIER if suffix else REVIEWER)[name]]
    review = open_review(assessment=assessment, by=by)
    note = mark("ulasan", name + suffix)
    ratings = {
        code: RatingInput(value=Decimal(value), note=note)
        for code, value in zip(CODES, next(made.answers), strict=True)
    }
    save_ratings(assessment=assessment, ratings=ratings, by=by)
    return review


def verified(made: SimpleNamespace, cycle: Cycle, name: str, suffix: str = "") -> None:
    """Let the reviewer of that cycle rate everything, and verify."""
    review = _begin(made, cycle, name, suffix)
    assessment = review.submission.assessment
    verify(assessment=assessment, note=mark("tinjauan", name + suffix), by=review.reviewer)


def bring_to(made: SimpleNamespace, cycle: Cycle, name: str, state: str) -> None:
    """Do what leads to a state of the running cycle."""
    if state == "complete":
        _fill(made, cycle, name, "")
    elif state == "draft":
        _draft(made, Assessment.objects.get(cycle=cycle, person=made.people[name]), name)
    elif state == "withdrawn":
        assessment = hand_in(made, cycle, name)
        withdraw(assessment=assessment, by=made.people[name])
        _draft(made, assessment, name)
    else:
        hand_in(made, cycle, name)
    if state == "reviewing":
        _begin(made, cycle, name)
    elif state == "verified":
        verified(made, cycle, name)
    elif state in ("marked", "returned"):
        review = _begin(made, cycle, name)
        assessment, by = review.submission.assessment, review.reviewer
        redo = RatingInput(note=mark("ulasan", name), to_redo=True)
        save_ratings(assessment=assessment, ratings={"ALF-01": redo}, by=by)
        if state == "returned":
            return_assessment(assessment=assessment, note=mark("tinjauan", name), by=by)
            _draft(made, assessment, name)


def _draft(made: SimpleNamespace, assessment: Assessment, name: str) -> None:
    """What the person wrote and did not hand in."""
    answers = {
        "BET-01": AnswerInput(value=Decimal(2), note=mark("draf", name)),
        "BET-02": AnswerInput(value=Decimal(2), note=mark("draf", name)),
    }
    save_answers(assessment=assessment, answers=answers, by=made.people[name])
    if name == "ratna":
        _file(assessment, name)
