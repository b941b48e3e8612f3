"""One review: the person's answers beside the supervisor's own levels, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assessments.enums import ReviewStatus
from assessments.models import Assessment, Rating, Review
from assessments.queries.documents import Entry, entries_of
from assessments.queries.sheet import questionnaire_of
from pillars.queries import IndicatorItem, LevelItem, PillarItem, Questionnaire

# From this difference between the two levels on, the supervisor says why.
REASON_FROM = Decimal(2)


NOTHING = Entry()


class RatingGapKind(StrEnum):
    """What keeps an indicator from being verified."""

    RATING = "rating"
    REASON = "reason"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator: `own` is the person's answer, `rating` the supervisor's."""

    pillar: PillarItem
    indicator: IndicatorItem
    own: Entry
    rating: Entry

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code

    @property
    def own_level(self) -> LevelItem | None:
        """The level that the person chose."""
        return self.indicator.level(self.own.value)

    @property
    def rated_level(self) -> LevelItem | None:
        """The level that the supervisor gives."""
        return self.indicator.level(self.rating.value)

    @property
    def difference(self) -> Decimal | None:
        """The supervisor's level less the person's; None unless both chose one."""
        if self.own.value is None or self.rating.value is None:
            return None
        return self.rating.value - self.own.value

    @property
    def is_different(self) -> bool:
        """Whether both gave something and it is not the same."""
        both = self.own.is_given and self.rating.is_given
        return both and (self.own.value, self.own.not_applicable) != (
            self.rating.value,
            self.rating.not_applicable,
        )

    @property
    def needs_reason(self) -> bool:
        """Whether the supervisor must say why: two levels or more, or not agreed what is relevant."""
        if not self.is_different:
            return False
        return self.difference is None or abs(self.difference) >= REASON_FROM

    @property
    def gap(self) -> RatingGapKind | None:
        """What keeps it from being verified, most important first."""
        if not self.rating.is_given:
            return RatingGapKind.RATING
        if self.needs_reason and not self.rating.note:
            return RatingGapKind.REASON
        return RatingGapKind.MARKED if self.rating.to_redo else None

    @property
    def lack(self) -> RatingGapKind | None:
        """What is still to be written here: a mark needs its note, anything else a level and reason."""
        if self.rating.to_redo:
            return None if self.rating.note else RatingGapKind.MARKED
        return self.gap


@dataclass(frozen=True, slots=True)
class RatingGap:
    """Something to mend before an assessment can be verified."""

    comparison: Comparison
    kind: RatingGapKind

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.comparison.code


@dataclass(frozen=True, slots=True)
class PillarReview:
    """A pillar as it is reviewed."""

    pillar: PillarItem
    comparisons: tuple[Comparison, ...]

    @property
    def rated(self) -> int:
        """How many indicators have the supervisor's level."""
        return sum(each.rating.is_given for each in self.comparisons)

    @property
    def total(self) -> int:
        """How many indicators there are."""
        return len(self.comparisons)

    @property
    def unrated(self) -> int:
        """How many still lack the supervisor's level."""
        return self.total - self.rated

    @property
    def marked(self) -> int:
        """How many are to be redone."""
        return sum(each.rating.to_redo for each in self.comparisons)

    @property
    def gaps(self) -> tuple[RatingGap, ...]:
        """What is missing here."""
        return tuple(RatingGap(each, each.gap) for each in self.comparisons if each.gap)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to write here, marks included."""
        return not any(each.lack for each in self.comparisons)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A whole review, in the order of the questionnaire."""

    pillars: tuple[PillarReview, ...]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every indicator."""
        return tuple(each for part in self.pillars for each in part.comparisons)

    @property
    def rated(self) -> int:
        """How many indicators have the supervisor's level."""
        return sum(part.rated for part in self.pillars)

    @property
    def total(self) -> int:
        """How many indicators there are."""
        return sum(part.total for part in self.pillars)

    @property
    def unrated(self) -> int:
        """How many indicators still lack the supervisor's level."""
        return self.total - self.rated

    @property
    def different(self) -> tuple[Comparison, ...]:
        """Where the two do not agree."""
        return tuple(each for each in self.comparisons if each.is_different)

    @property
    def marked(self) -> tuple[Comparison, ...]:
        """What the person is asked to redo."""
        return tuple(each for each in self.comparisons if each.rating.to_redo)

    @property
    def gaps(self) -> tuple[RatingGap, ...]:
        """Everything that keeps it from being verified."""
        return tuple(gap for part in self.pillars for gap in part.gaps)

    def pillar(self, code: str) -> PillarReview | None:
        """The part of one pillar."""
        return next((part for part in self.pillars if part.pillar.code == code), None)


def compare(
    questions: Questionnaire, answers: Mapping[str, Entry], ratings: Mapping[str, Entry]
) -> ReviewSheet:
    """Lay answers and ratings side by side; what either lacks is an empty entry."""
    return ReviewSheet(
        tuple(
            PillarReview(
                pillar,
                tuple(
                    Comparison(
                        pillar,
                        indicator,
                        answers.get(indicator.code, NOTHING),
                        ratings.get(indicator.code, NOTHING),
                    )
                    for indicator in pillar.indicators
                ),
            )
            for pillar in questions.pillars
        )
    )


def review_of(assessment: Assessment) -> Review | None:
    """The review of the submission that counts, with its reviewer; None before it begins."""
    if assessment.submission_id is None:
        return None
    return (
        Review.objects.select_related("reviewer")
        .filter(submission_id=assessment.submission_id)
        .first()
    )


def ratings_of(review: Review, questions: Questionnaire) -> dict[str, Rating]:
    """Working ratings by indicator code."""
    return {
        questions.codes_by_id[rating.indicator_id]: rating
        for rating in Rating.objects.filter(review=review)
    }


def sheet_of(assessment: Assessment, review: Review | None) -> ReviewSheet:
    """The submission that counts beside its review: working levels while open, else the frozen ones."""
    questions = questionnaire_of(assessment)
    if review is None:
        ratings: dict[str, Entry] = {}
    elif review.status == ReviewStatus.OPEN:
        working = ratings_of(review, questions)
        ratings = {code: Entry.from_rating(rating) for code, rating in working.items()}
    else:
        ratings = entries_of(review.ratings)
    submission = assessment.submission
    answers = entries_of(submission.answers) if submission else {}
    return compare(questions, answers, ratings)


def last_return(assessment: Assessment) -> Review | None:
    """The latest review that sent the assessment back; None where it never was."""
    return (
        Review.objects.select_related("reviewer", "submission")
        .filter(submission__assessment=assessment, status=ReviewStatus.RETURNED)
        .order_by("-pk")
        .first()
    )


def return_notes(assessment: Assessment) -> dict[str, str]:
    """What the supervisor asked to redo, by indicator code, when it last came back."""
    return marked_notes(last_return(assessment))


def return_of(assessment: Assessment) -> Review | None:
    """The return that the person is working on; None where there is none."""
    if assessment.is_editable and assessment.submission_id:
        return last_return(assessment)
    return None


def marked_notes(review: Review | None) -> dict[str, str]:
    """Notes of the marked indicators of a completed review, by code; none without one."""
    if review is None:
        return {}
    entries = entries_of(review.ratings)
    return {code: entry.note for code, entry in entries.items() if entry.to_redo}
