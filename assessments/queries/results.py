"""What became of an assessment: its scores with their explanation, self beside verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.enums import ReviewStatus, ScoreKind, Status
from assessments.models import Assessment, Review, Score, ScoringJob, Submission
from assessments.queries.documents import Document
from assessments.queries.explaining import (
    BandRange,
    Explanation,
    FigureText,
    ItemText,
    PillarText,
    explain,
)
from assessments.queries.formulas import plain, signed
from assessments.queries.reviewing import (
    Comparison,
    PillarReview,
    ReviewSheet,
    review_of,
    sheet_of,
)
from assessments.queries.schemes import card_of, scheme_of
from assessments.queries.sheet import questionnaire_of
from pillars.models import Band

SHOWN = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED, Status.FINAL)


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One stored score with its words."""

    score: Score
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Pair:
    """The figure of the person's own answers and, once verified, of the supervisor's levels."""

    own: FigureText | None
    verified: FigureText | None

    @property
    def difference(self) -> Decimal | None:
        """Verified less own, as they are shown; None unless both have a score."""
        if self.own is None or self.verified is None:
            return None
        if self.own.rounded is None or self.verified.rounded is None:
            return None
        return self.verified.rounded - self.own.rounded

    @property
    def difference_text(self) -> str:
        """The difference with its sign; empty without one."""
        return "" if self.difference is None else signed(self.difference)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One indicator: what was given and what it brought in."""

    comparison: Comparison
    own: ItemText | None
    verified: ItemText | None

    @property
    def weight(self) -> str:
        """The indicator's weight in its pillar."""
        return plain(self.comparison.indicator.weight)


@dataclass(frozen=True, slots=True)
class PillarResult:
    """One pillar with its indicators."""

    code: str
    name: str
    weight: str
    figures: Pair
    items: tuple[ItemResult, ...]

    @property
    def answered_text(self) -> str:
        """What the person answered, left out and called not relevant."""
        given = [each.comparison.own for each in self.items]
        total = len(given)
        left_out = sum(each.not_applicable for each in given)
        missing = sum(not each.is_given for each in given)
        parts = [
            _("%(count)s dari %(total)s pernyataan")
            % {"count": total - left_out - missing, "total": total}
        ]
        if left_out:
            parts.append(_("%(count)s tidak relevan") % {"count": left_out})
        if missing:
            parts.append(_("%(count)s tidak dijawab") % {"count": missing})
        return ", ".join(parts)

    @property
    def label(self) -> str:
        """The figures as a sentence, for whoever does not see the chart."""
        own, verified = self.figures.own, self.figures.verified
        parts = [_("Mandiri %(score)s") % {"score": own.text}] if own else []
        if verified:
            parts.append(_("verifikasi %(score)s") % {"score": verified.text})
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a result page says about the submission that counts."""

    submission: Submission
    review: Review | None
    own: ScoreView | None
    verified: ScoreView | None
    is_waiting: bool
    is_failed: bool
    total: Pair
    pillars: tuple[PillarResult, ...]
    bands: tuple[BandRange, ...]

    @property
    def is_verified(self) -> bool:
        """Whether the supervisor verified it; the verified score may still be on its way."""
        return self.review is not None and self.review.status == ReviewStatus.VERIFIED

    @property
    def views(self) -> list[ScoreView]:
        """The scores there are."""
        return [view for view in (self.own, self.verified) if view]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of the instrument version, the same for both scores."""
        return self.views[0].explanation.rules

    @property
    def ticks(self) -> list[Decimal]:
        """Where the bands begin on a scale of 0..100."""
        return [band.lower for band in self.bands if band.lower > 0]

    @property
    def finding(self) -> str:
        """What the chart shows, in a sentence."""
        scored = [
            (figure.rounded, each.name, figure.text)
            for each in self.pillars
            if (figure := each.figures.verified or each.figures.own) and figure.rounded is not None
        ]
        if not scored:
            return _("Belum ada pilar yang mempunyai nilai")
        low, high = min(scored), max(scored)
        if low[0] == high[0]:
            return _("Semua pilar bernilai %(score)s") % {"score": high[2]}
        return _("%(high)s paling tinggi (%(top)s), %(low)s paling rendah (%(bottom)s)") % {
            "high": high[1],
            "top": high[2],
            "low": low[1],
            "bottom": low[2],
        }


def bands_of(instrument_id: int) -> tuple[BandRange, ...]:
    """The instrument's bands, highest first."""
    bands = list(Band.objects.filter(instrument=instrument_id).order_by("-lower"))
    above = [None, *(band.lower for band in bands)]
    return tuple(
        BandRange(band.code, band.label, band.lower, below)
        for band, below in zip(bands, above, strict=False)
    )


def result_of(assessment: Assessment) -> Result | None:
    """The result of the submission that counts; None while nothing is handed in."""
    submission = assessment.submission
    if submission is None or assessment.status not in SHOWN:
        return None
    review = review_of(assessment)
    bands = bands_of(assessment.cycle.instrument_id)
    scores = {each.kind: each for each in Score.objects.filter(submission=submission)}
    own = _view(assessment, scores.get(ScoreKind.SELF), submission.answers, bands)
    ratings = review.ratings if review else {}
    verified = _view(assessment, scores.get(ScoreKind.VERIFIED), ratings, bands)
    jobs = list(ScoringJob.objects.filter(submission=submission))
    return Result(
        submission=submission,
        review=review,
        own=own,
        verified=verified,
        is_waiting=any(job.failed_at is None for job in jobs),
        is_failed=any(job.failed_at is not None for job in jobs),
        total=Pair(
            own.explanation.total if own else None, verified.explanation.total if verified else None
        ),
        pillars=_pillars(_public_sheet(assessment, review), own, verified),
        bands=bands,
    )


def history_of(assessment: Assessment) -> list[Submission]:
    """Every submission with its receipt, newest first; the answers are not read."""
    return list(
        assessment.submissions.select_related("review").defer("answers").order_by("-sequence")
    )


def _public_sheet(assessment: Assessment, review: Review | None) -> ReviewSheet:
    """The sheet without levels that the supervisor is still working on."""
    decided = review if review and review.status != ReviewStatus.OPEN else None
    return sheet_of(assessment, decided)


def _view(
    assessment: Assessment, score: Score | None, document: Document, bands: Sequence[BandRange]
) -> ScoreView | None:
    if score is None:
        return None
    explanation = explain(
        card_of(score, document),
        scheme_of(score.instrument_id),
        questionnaire_of(assessment),
        bands,
    )
    return ScoreView(score, explanation)


def _pillars(
    sheet: ReviewSheet, own: ScoreView | None, verified: ScoreView | None
) -> tuple[PillarResult, ...]:
    own_parts, verified_parts = _by_code(own), _by_code(verified)
    return tuple(
        _pillar(part, own_parts.get(part.pillar.code), verified_parts.get(part.pillar.code))
        for part in sheet.pillars
    )


def _pillar(
    part: PillarReview, own: PillarText | None, verified: PillarText | None
) -> PillarResult:
    return PillarResult(
        code=part.pillar.code,
        name=part.pillar.name,
        weight=plain(part.pillar.weight),
        figures=Pair(own.figure if own else None, verified.figure if verified else None),
        items=tuple(
            ItemResult(each, _item(own, each.code), _item(verified, each.code))
            for each in part.comparisons
        ),
    )


def _by_code(view: ScoreView | None) -> dict[str, PillarText]:
    return {each.code: each for each in view.explanation.pillars} if view else {}


def _item(pillar: PillarText | None, code: str) -> ItemText | None:
    if pillar is None:
        return None
    return next(each for each in pillar.items if each.code == code)
