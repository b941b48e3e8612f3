"""Three cycles of invented assessments: two in the past, one that is open today.

Rows of the past carry their own times, which operations would not allow; states are still reached
step by step, since the database insists on it, and scores come from the real scoring operation.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.clock import portal_day, portal_moment, portal_today
from accounts.models import User
from assessments.enums import ReviewStatus, ScoreKind, Status
from assessments.models import (
    Answer,
    Assessment,
    Cycle,
    Rating,
    Review,
    ScoringJob,
    Submission,
    SupervisorReport,
)
from assessments.operations import hash_of, open_cycle, score_jobs
from assessments.queries import questionnaire_of
from assessments.queries.documents import written
from organization.queries import supervisor_of
from pillars.files import InstrumentDocument, read_instrument
from pillars.models import Instrument
from pillars.operations import edit_indicator, load_instrument, new_version
from pillars.queries import Questionnaire, document_of
from prima_portal.seeding import behaviour

INSTRUMENTS = Path(settings.BASE_DIR) / "pillars" / "instruments"
SCORING_BATCH = 500
# What became of the people of a past cycle, and where those of the open one stand today.
PAST = {Status.INVITED: 0.05, Status.DRAFT: 0.03, Status.SUBMITTED: 0.04, Status.FINAL: 0.88}
OPEN = {
    Status.INVITED: 0.26,
    Status.DRAFT: 0.17,
    Status.SUBMITTED: 0.27,
    Status.RETURNED: 0.05,
    Status.VERIFIED: 0.25,
}
STEPS = {
    Status.INVITED: (),
    Status.DRAFT: (Status.DRAFT,),
    Status.SUBMITTED: (Status.DRAFT, Status.SUBMITTED),
    Status.RETURNED: (Status.DRAFT, Status.SUBMITTED, Status.RETURNED),
    Status.VERIFIED: (Status.DRAFT, Status.SUBMITTED, Status.VERIFIED),
    Status.FINAL: (Status.DRAFT, Status.SUBMITTED, Status.VERIFIED, Status.FINAL),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A cycle to be made."""

    code: str
    name: str
    instrument: Instrument
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    growth: float
    outcomes: dict[Status, float]


def load_instruments(curator: User) -> tuple[Instrument, Instrument]:
    """Last year's and this year's PRIMA, SKM, and next year's PRIMA as a draft with one edit."""
    current = read_instrument((INSTRUMENTS / "prima-2026.1.toml").read_bytes())
    old = load_instrument(document=_last_year(current), by=curator, publish=True)
    new = load_instrument(document=current, by=curator, publish=True)
    skm = read_instrument((INSTRUMENTS / "skm-2017.toml").read_bytes())
    load_instrument(document=skm, by=curator, publish=True)
    draft = new_version(instrument=new, version="2027.1", by=curator)
    pillar = document_of(draft).pillars[1]
    indicator = pillar.indicators[0]
    edit_indicator(
        instrument=draft,
        code=indicator.code,
        indicator=replace(indicator, weight=Decimal(2)),
        pillar=pillar.code,
        revision=draft.revision,
        by=curator,
    )
    return old, new


def _last_year(document: InstrumentDocument) -> InstrumentDocument:
    """The version before: one indicator fewer in each pillar, so that trends show a break."""
    pillars = tuple(
        replace(pillar, indicators=pillar.indicators[:-1]) for pillar in document.pillars
    )
    return replace(document, version="2025.2", title=f"{document.title} (2025)", pillars=pillars)


def periods(old: Instrument, new: Instrument, *, today: datetime.date, count: int) -> list[Period]:
    """The latest `count` of: two closed half-years and the open one."""
    this_half = 2 if today.month > 6 else 1

    def half(back: int) -> tuple[str, str]:
        index = today.year * 2 + this_half - 1 - back
        year, number = divmod(index, 2)
        return f"PRIMA-{year}-S{number + 1}", f"PRIMA Semester {'I' * (number + 1)} {year}"

    def moment(days: int, hour: int, minute: int = 0) -> datetime.datetime:
        date = today + datetime.timedelta(days=days)
        return portal_moment(date, datetime.time(hour, minute))

    made = [
        Period(*half(2), old, moment(-375, 8), moment(-345, 23, 59), -0.3, PAST),
        Period(*half(1), new, moment(-190, 8), moment(-160, 23, 59), -0.1, PAST),
        Period(*half(0), new, moment(-14, 8), moment(16, 23, 59), 0.1, OPEN),
    ]
    return made[-count:]


def seed_cycle(random: Random, period: Period, cast: dict[str, User]) -> Cycle:
    """Open one cycle and bring its people to where they stand."""
    cycle = open_cycle(
        code=period.code,
        name=period.name,
        instrument=period.instrument,
        opens_at=period.opens_at,
        closes_at=period.closes_at,
        census_date=portal_day(period.opens_at),
        by=cast["dewi"],
    )
    people = list(
        Assessment.objects.filter(cycle=cycle)
        .select_related("cycle", "person", "unit")
        .order_by("pk")
    )
    questions = questionnaire_of(people[0])
    outcomes = _outcomes(random, period, people, cast)
    answers = _answers(random, questions, period, people)
    _advance(random, period, people, outcomes, answers, questions)
    _score_everything()
    return cycle


def _outcomes(
    random: Random, period: Period, people: list[Assessment], cast: dict[str, User]
) -> dict[int, Status]:
    states, weights = list(period.outcomes), list(period.outcomes.values())
    outcomes = {each.pk: random.choices(states, weights)[0] for each in people}
    if period.outcomes is OPEN:
        story = {
            cast["ani"].pk: Status.DRAFT,
            cast["budi"].pk: Status.INVITED,
            cast["fajar"].pk: Status.SUBMITTED,
            cast["dewi"].pk: Status.RETURNED,
            cast["eko"].pk: Status.VERIFIED,
        }
        outcomes |= {each.pk: story[each.person_id] for each in people if each.person_id in story}
        outcomes[_waiting_for_budi(people, cast).pk] = Status.SUBMITTED
    return outcomes


def _waiting_for_budi(people: list[Assessment], cast: dict[str, User]) -> Assessment:
    """Somebody of Budi's unit, so that there is always a review for him to begin."""
    unit = next(each.unit_id for each in people if each.person_id == cast["budi"].pk)
    known = {user.pk for user in cast.values()}
    return next(each for each in people if each.unit_id == unit and each.person_id not in known)


def _answers(
    random: Random, questions: Questionnaire, period: Period, people: Iterable[Assessment]
) -> dict[int, dict[str, Any]]:
    hardness = behaviour.difficulties(random, questions)
    unit_effects: dict[int, float] = defaultdict(lambda: random.gauss(0, 0.35))
    return {
        each.pk: behaviour.self_answers(
            random,
            questions,
            behaviour.temper(random, unit_effects[each.unit_id]),
            hardness,
            period.growth,
        )
        for each in people
    }


def _advance(
    random: Random,
    period: Period,
    people: list[Assessment],
    outcomes: dict[int, Status],
    answers: dict[int, dict[str, Any]],
    questions: Questionnaire,
) -> None:
    started = [each for each in people if outcomes[each.pk] != Status.INVITED]
    _step(started, Status.DRAFT)
    open_now = period.outcomes is OPEN
    if open_now:
        _write_drafts(random, started, outcomes, answers, questions)
    handed_in = [each for each in started if Status.SUBMITTED in STEPS[outcomes[each.pk]]]
    _hand_in(random, period, handed_in, answers)
    beyond = {Status.RETURNED, Status.VERIFIED, Status.FINAL}
    to_review = [each for each in handed_in if outcomes[each.pk] in beyond]
    reviewed = _review(random, period, to_review, outcomes, answers, questions)
    for status in (Status.RETURNED, Status.VERIFIED, Status.FINAL):
        _step([each for each in reviewed if status in STEPS[outcomes[each.pk]]], status)


def _step(assessments: list[Assessment], status: Status) -> None:
    Assessment.objects.filter(pk__in=[each.pk for each in assessments]).update(status=status)
    for each in assessments:
        each.status = status


def _write_drafts(
    random: Random,
    started: list[Assessment],
    outcomes: dict[int, Status],
    answers: dict[int, dict[str, Any]],
    questions: Questionnaire,
) -> None:
    """Working answers of the open cycle: all of them where sent back, the first ones of a draft."""
    rows = []
    for each in started:
        if outcomes[each.pk] not in (Status.DRAFT, Status.RETURNED):
            continue
        document = answers[each.pk]
        codes = list(document)
        if outcomes[each.pk] == Status.DRAFT:
            codes = codes[: random.randint(3, len(codes) - 4)]
        rows += [_answer(each, questions.indicators[code].id, document[code]) for code in codes]
    Answer.objects.bulk_create(rows, batch_size=5_000)


def _answer(assessment: Assessment, indicator_id: int, entry: dict[str, Any]) -> Answer:
    return Answer(
        assessment=assessment,
        indicator_id=indicator_id,
        value=Decimal(entry["value"]) if "value" in entry else None,
        not_applicable=entry.get("na", False),
        reason=entry.get("reason", ""),
        note=entry.get("note", ""),
        evidence=entry.get("evidence", []),
    )


def _hand_in(
    random: Random, period: Period, people: list[Assessment], answers: dict[int, dict[str, Any]]
) -> None:
    last = min(period.closes_at, timezone.now())
    span = (last - period.opens_at).total_seconds()
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                assessment=each,
                sequence=1,
                number=f"{period.code}-{each.pk:07d}-1",
                # Most people come late: the square root presses the times towards the end.
                submitted_at=period.opens_at
                + datetime.timedelta(seconds=span * random.random() ** 0.5 * 0.999),
                answers=document,
                answers_hash=hash_of(document),
                last_revision=1,
            )
            for each in people
            for document in [written(answers[each.pk])]
        ],
        batch_size=2_000,
    )
    for each, submission in zip(people, submissions, strict=True):
        each.submission = submission
        each.status = Status.SUBMITTED
        each.started_at = period.opens_at
        each.status_changed_at = submission.submitted_at
    Assessment.objects.bulk_update(
        people, ["submission", "status", "started_at", "status_changed_at"], batch_size=2_000
    )
    ScoringJob.objects.bulk_create(
        ScoringJob(submission=submission, kind=ScoreKind.SELF) for submission in submissions
    )


def _review(
    random: Random,
    period: Period,
    people: list[Assessment],
    outcomes: dict[int, Status],
    answers: dict[int, dict[str, Any]],
    questions: Questionnaire,
) -> list[Assessment]:
    """Reviews by whom the structure names; whoever has nobody above stays handed in."""
    severities: dict[int, float] = defaultdict(lambda: random.gauss(0.2, 0.2))
    on = min(portal_day(period.closes_at), portal_today())
    reviewed, reviews = [], []
    for each in people:
        reviewer = supervisor_of(user_id=each.person_id, unit_id=each.unit.unit_id, on=on)
        submission = each.submission
        if reviewer is None or submission is None:
            continue
        given = behaviour.ratings(random, questions, answers[each.pk], severities[reviewer.pk])
        returned = outcomes[each.pk] == Status.RETURNED
        if returned:
            code = random.choice(list(given))
            given[code] |= {"return": True, "note": random.choice(behaviour.OBJECTIONS)}
        after = submission.submitted_at + datetime.timedelta(days=random.randint(1, 9))
        reviewed.append(each)
        reviews.append(
            Review(
                submission=submission,
                reviewer=reviewer,
                status=ReviewStatus.RETURNED if returned else ReviewStatus.VERIFIED,
                opened_at=submission.submitted_at,
                completed_at=min(after, timezone.now()),
                ratings=written(given),
            )
        )
    Review.objects.bulk_create(reviews, batch_size=2_000)
    ScoringJob.objects.bulk_create(
        ScoringJob(submission=review.submission, kind=ScoreKind.VERIFIED)
        for review in reviews
        if review.status == ReviewStatus.VERIFIED
    )
    return reviewed


def _score_everything() -> None:
    job_ids = list(ScoringJob.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(job_ids), SCORING_BATCH):
        score_jobs(job_ids[start : start + SCORING_BATCH])


def finish_story(cycle: Cycle, cast: dict[str, User]) -> None:
    """What the open cycle's pages should find: a review under way, and a report about a supervisor."""
    review_of = (
        Assessment.objects.filter(cycle=cycle, person=cast["fajar"])
        .select_related("submission", "unit", "cycle")
        .first()
    )
    if review_of is not None and review_of.submission is not None:
        review = Review.objects.create(submission=review_of.submission, reviewer=cast["citra"])
        first = questionnaire_of(review_of).pillars[0].indicators[0]
        Rating.objects.create(
            review=review,
            indicator_id=first.id,
            value=first.levels[1].value,
            note=behaviour.NOTES[1],
        )
    reporting = Assessment.objects.filter(cycle=cycle, person=cast["ani"]).first()
    if reporting is not None:
        SupervisorReport.objects.create(
            assessment=reporting,
            shown_supervisor=cast["budi"],
            message="Sejak 1 Oktober saya diperbantukan di tim lain; atasan saya seharusnya Ketua Tim.",
        )
