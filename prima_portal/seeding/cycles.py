"""Three cycles of invented assessments: two in the past, one that is open today.

Rows of the past carry their own times, which operations would not allow; states are still reached
step by step, since the database insists on it, and scores come from the real scoring operation.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from accounts.clock import portal_day, portal_moment
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
from audit.models import Event
from audit.operations import record, record_many
from organization.queries import supervisor_of
from pillars.models import Instrument
from pillars.queries import Questionnaire
from prima_portal.seeding import behaviour
from prima_portal.seeding.history import as_of, event, remember
from prima_portal.seeding.moments import DAY, handing_in, reviewing, starting, workday

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
    last_day: datetime.date
    """The last day on which anybody did anything: of the open period yesterday."""

    @property
    def is_open(self) -> bool:
        """Whether people fill in today."""
        return self.outcomes is OPEN

    @property
    def established_at(self) -> datetime.datetime:
        """When the results of a period that is over were established."""
        return portal_moment(workday(portal_day(self.closes_at) + 14 * DAY), datetime.time(10, 5))


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

    def until(days: int) -> datetime.date:
        return today + days * DAY

    made = [
        Period(*half(2), old, moment(-375, 8), moment(-345, 23, 59), -0.3, PAST, until(-345)),
        Period(*half(1), new, moment(-190, 8), moment(-160, 23, 59), -0.1, PAST, until(-160)),
        Period(*half(0), new, moment(-14, 8), moment(16, 23, 59), 0.1, OPEN, until(-1)),
    ]
    return made[-count:]


def seed_cycle(random: Random, period: Period, cast: dict[str, User]) -> Cycle:
    """Open one cycle and bring its people to where they stand."""
    with as_of(period.opens_at - 7 * DAY):
        cycle = open_cycle(
            code=period.code,
            name=period.name,
            instrument=period.instrument,
            opens_at=period.opens_at,
            closes_at=period.closes_at,
            census_date=portal_day(period.opens_at),
            by=cast["dewi"],
        )
    Cycle.objects.filter(pk=cycle.pk).update(created_at=period.opens_at - 7 * DAY)
    people = list(
        Assessment.objects.filter(cycle=cycle)
        .select_related("cycle", "person", "unit")
        .order_by("pk")
    )
    questions = questionnaire_of(people[0])
    outcomes = _outcomes(random, period, people, cast)
    answers = _answers(random, questions, period, people)
    reviews = _advance(random, period, people, outcomes, answers, questions)
    story = _story(cycle, cast) if period.is_open else []
    remember([*_events(people, reviews), *story])
    if not period.is_open:
        _establish(period, cycle, people, by=cast["dewi"])
    _score_everything()
    return cycle


def _outcomes(
    random: Random, period: Period, people: list[Assessment], cast: dict[str, User]
) -> dict[int, Status]:
    states, weights = list(period.outcomes), list(period.outcomes.values())
    outcomes = {each.pk: random.choices(states, weights)[0] for each in people}
    if period.is_open:
        story = {
            cast["ani"].pk: Status.DRAFT,
            cast["budi"].pk: Status.INVITED,
            cast["fajar"].pk: Status.SUBMITTED,
            cast["dewi"].pk: Status.RETURNED,
            cast["eko"].pk: Status.VERIFIED,
            cast["gunawan"].pk: Status.SUBMITTED,
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
) -> list[Review]:
    """Bring people to their outcomes, step by step, except the last one of a closed period."""
    started = [each for each in people if outcomes[each.pk] != Status.INVITED]
    _step(started, Status.DRAFT)
    _begin(random, period, started, outcomes)
    _write_drafts(random, started, outcomes, answers, questions)
    handed_in = [each for each in started if Status.SUBMITTED in STEPS[outcomes[each.pk]]]
    _hand_in(period, handed_in, answers)
    beyond = {Status.RETURNED, Status.VERIFIED, Status.FINAL}
    to_review = [each for each in handed_in if outcomes[each.pk] in beyond]
    reviews = _review(random, period, to_review, outcomes, answers, questions)
    reviewed = [each for each in to_review if each.pk in {_reviewed(review) for review in reviews}]
    for status in (Status.RETURNED, Status.VERIFIED):
        _step([each for each in reviewed if status in STEPS[outcomes[each.pk]]], status)
    Assessment.objects.bulk_update(reviewed, ["status_changed_at"], batch_size=2_000)
    return reviews


def _reviewed(review: Review) -> int:
    return review.submission.assessment_id


def _establish(period: Period, cycle: Cycle, people: list[Assessment], *, by: User) -> None:
    """What a curator did two weeks after the end of a period that is over."""
    verified = [each for each in people if each.status == Status.VERIFIED]
    _step(verified, Status.FINAL)
    for each in verified:
        each.status_changed_at = period.established_at
    Assessment.objects.bulk_update(verified, ["status_changed_at"], batch_size=2_000)
    with as_of(period.established_at):
        record_many("assessment.established", by=by, subjects=verified)
        record("cycle.established", by=by, subject=cycle, established=len(verified))


def _begin(
    random: Random,
    period: Period,
    people: list[Assessment],
    outcomes: dict[int, Status],
) -> None:
    """When each began; for those who hand in, when they did, too (`status_changed_at`)."""
    for each in people:
        at = handing_in(random, period.opens_at, period.last_day, closes=not period.is_open)
        each.started_at = starting(random, period.opens_at, at)
        each.status_changed_at = each.started_at if outcomes[each.pk] == Status.DRAFT else at
    Assessment.objects.bulk_update(people, ["started_at", "status_changed_at"], batch_size=2_000)


def _events(people: list[Assessment], reviews: list[Review]) -> Iterator[Event]:
    """What the operations would have recorded of a period, up to the verification."""
    for each in people:
        if each.started_at is not None:
            yield event("assessment.started", each, each.person, each.started_at)
        if (given := each.submission) is not None:
            facts = {"receipt": given.number, "answers_hash": given.answers_hash}
            yield event("assessment.submitted", each, each.person, given.submitted_at, **facts)
    for review in reviews:
        yield event("review.opened", review, review.reviewer, review.opened_at, carried=0)
        if review.completed_at is not None:
            verb = f"assessment.{review.status.lower()}"
            assessment = review.submission.assessment
            yield event(verb, assessment, review.reviewer, review.completed_at, review=review.pk)


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
        saved_at=assessment.status_changed_at,
    )


def _hand_in(period: Period, people: list[Assessment], answers: dict[int, dict[str, Any]]) -> None:
    documents = {pk: written(entries) for pk, entries in answers.items()}
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                assessment=each,
                sequence=1,
                number=f"{period.code}-{each.pk:07d}-1",
                submitted_at=each.status_changed_at,
                answers=documents[each.pk],
                answers_hash=hash_of(documents[each.pk]),
                last_revision=1,
            )
            for each in people
        ],
        batch_size=2_000,
    )
    for each, submission in zip(people, submissions, strict=True):
        each.submission = submission
        each.status = Status.SUBMITTED
    Assessment.objects.bulk_update(people, ["submission", "status"], batch_size=2_000)
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
) -> list[Review]:
    """Reviews by whom the structure names; whoever has nobody above stays handed in."""
    severities: dict[int, float] = defaultdict(lambda: random.gauss(0.2, 0.2))
    on = period.last_day
    reviews = []
    last_day = period.last_day if period.is_open else portal_day(period.established_at) - DAY
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
        opened_at, completed_at = reviewing(random, submission.submitted_at, last_day)
        each.status_changed_at = completed_at
        reviews.append(
            Review(
                submission=submission,
                reviewer=reviewer,
                status=ReviewStatus.RETURNED if returned else ReviewStatus.VERIFIED,
                opened_at=opened_at,
                completed_at=completed_at,
                ratings=written(given),
            )
        )
    Review.objects.bulk_create(reviews, batch_size=2_000)
    ScoringJob.objects.bulk_create(
        ScoringJob(submission=review.submission, kind=ScoreKind.VERIFIED)
        for review in reviews
        if review.status == ReviewStatus.VERIFIED
    )
    return reviews


def _score_everything() -> None:
    job_ids = list(ScoringJob.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(job_ids), SCORING_BATCH):
        score_jobs(job_ids[start : start + SCORING_BATCH])


def _story(cycle: Cycle, cast: dict[str, User]) -> Iterator[Event]:
    """What the open cycle's pages should find: a review under way, and a report about a supervisor."""
    review_of = (
        Assessment.objects.filter(cycle=cycle, person=cast["fajar"])
        .select_related("submission", "unit", "cycle")
        .first()
    )
    if review_of is not None and review_of.submission is not None:
        handed_in = review_of.submission.submitted_at
        begun = handed_in + datetime.timedelta(hours=1)
        review = Review.objects.create(
            submission=review_of.submission, reviewer=cast["citra"], opened_at=begun
        )
        yield event("review.opened", review, cast["citra"], begun, carried=0)
        first = questionnaire_of(review_of).pillars[0].indicators[0]
        Rating.objects.create(
            review=review,
            indicator_id=first.id,
            value=first.levels[1].value,
            note=behaviour.NOTES[1],
        )
    reporting = Assessment.objects.filter(cycle=cycle, person=cast["ani"]).first()
    if reporting is not None:
        reported_at = (reporting.started_at or cycle.opens_at) + datetime.timedelta(minutes=12)
        report = SupervisorReport.objects.create(
            assessment=reporting,
            shown_supervisor=cast["budi"],
            message="Sejak 1 Oktober saya diperbantukan di tim lain; atasan saya seharusnya Ketua Tim.",
            reported_at=reported_at,
        )
        yield event("report.filed", report, cast["ani"], reported_at)
