"""Everything that assessments hold about a person, for that person alone."""

from fractions import Fraction
from typing import Any

from django.db.models import F, Prefetch, Q

from accounts.models import User
from assessments.enums import ReviewStatus
from assessments.models import (
    Answer,
    Assessment,
    Evidence,
    LegalHold,
    Reopening,
    Review,
    Score,
    Submission,
    SupervisorReport,
    Tombstone,
)
from assessments.queries.schemes import fractions_of, scheme_of

_DECIDED = (ReviewStatus.RETURNED, ReviewStatus.VERIFIED)


def personal_data_of(user: User) -> dict[str, Any]:
    """The person's assessments with all that hangs on them, by the keys of docs/data.md.

    A review is the person's to read once it is decided. Of reviews that the person wrote about others
    it says which and when, not what: that is the data of the others. A fixed number of queries.
    """
    assessments = (
        Assessment.objects.of(user)
        .select_related("cycle", "unit", "named_reviewer")
        .prefetch_related(
            Prefetch(
                "answers", Answer.objects.select_related("indicator").order_by("indicator__code")
            ),
            Prefetch("submissions", Submission.objects.select_related("review__reviewer")),
            Prefetch(
                "submissions__scores", Score.objects.select_related("instrument").order_by("kind")
            ),
            Prefetch("evidence", Evidence.objects.select_related("indicator").order_by("pk")),
            Prefetch(
                "supervisor_reports",
                SupervisorReport.objects.select_related("shown_supervisor"),
            ),
            Prefetch("reopenings", Reopening.objects.select_related("submission")),
        )
        .order_by("pk")
    )
    written = (
        Review.objects.filter(reviewer=user)
        .order_by("pk")
        .values("status", "opened_at", "completed_at", receipt=F("submission__number"))
    )
    return {
        "assessments": [_assessment(each) for each in assessments],
        "reviews_written": list(written),
        "destroyed": [
            {
                "cycle": each.cycle.code,
                "what": each.get_kind_display(),
                "destroyed_at": each.destroyed_at,
                "proof": each.destruction_id,
            }
            for each in Tombstone.objects.of(user).select_related("cycle")
        ],
        "legal_holds": list(LegalHold.objects.filter(person=user).values("placed_at", "lifted_at")),
    }


def subjects_of(user: User) -> list[tuple[str, list[int]]]:
    """Rows that are about the person, as (label, keys) pairs of audit events."""

    def keys(model: Any, **about: object) -> tuple[str, list[int]]:
        found = model.objects.filter(Q(**about)).order_by()
        return model._meta.label, list(found.values_list("pk", flat=True))

    gone = Tombstone.objects.of(user).order_by().values_list("assessment_id", flat=True)
    return [
        (Assessment._meta.label, list(gone)),
        keys(Assessment, person=user),
        keys(Submission, assessment__person=user),
        keys(Review, submission__assessment__person=user),
        keys(SupervisorReport, assessment__person=user),
    ]


def _assessment(assessment: Assessment) -> dict[str, Any]:
    return {
        "cycle": assessment.cycle.code,
        "unit": assessment.unit.name,
        "position": assessment.position_title,
        "status": assessment.status,
        "started_at": assessment.started_at,
        "status_changed_at": assessment.status_changed_at,
        "evidence_files": [
            {
                "indicator": file.indicator.code,
                "file_name": file.name,
                "size_in_bytes": file.size,
                "sha256": file.sha256,
                "uploaded_at": file.uploaded_at,
                "removed_at": file.removed_at,
            }
            for file in assessment.evidence.all()
        ],
        "extended_until": assessment.extended_until,
        "named_reviewer": str(assessment.named_reviewer or ""),
        "working_answers": [_answer(each) for each in assessment.answers.all()],
        "submissions": [_submission(each) for each in assessment.submissions.all()],
        "supervisor_reports": [_report(each) for each in assessment.supervisor_reports.all()],
        "reopenings": [_reopening(each) for each in assessment.reopenings.all()],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "indicator": answer.indicator.code,
        "value": answer.value,
        "not_applicable": answer.not_applicable,
        "reason": answer.reason,
        "note": answer.note,
        "evidence": answer.evidence,
        "saved_at": answer.saved_at,
    }


def _submission(submission: Submission) -> dict[str, Any]:
    review = getattr(submission, "review", None)
    return {
        "receipt": submission.number,
        "submitted_at": submission.submitted_at,
        "answers": submission.answers,
        "answers_hash": submission.answers_hash,
        "review": _review(review) if review else None,
        "scores": [_score(each) for each in submission.scores.all()],
    }


def _review(review: Review) -> dict[str, Any]:
    known = {
        "reviewer": str(review.reviewer),
        "status": review.status,
        "opened_at": review.opened_at,
        "completed_at": review.completed_at,
    }
    if review.status in _DECIDED:
        known |= {"ratings": review.ratings, "note": review.note}
    return known


def _score(score: Score) -> dict[str, Any]:
    """With the exact figure of the total and of each pillar: with answers and version, all that explains it."""
    pillars = scheme_of(score.instrument_id).pillars
    exact = fractions_of(score.numerators, score.denominators)
    slots = ("total", *(pillar.code for pillar in pillars))
    return {
        "kind": score.kind,
        "total": score.total,
        "band": score.band,
        "method": score.method,
        "scored_at": score.scored_at,
        "instrument": f"{score.instrument.code} {score.instrument.version}",
        "trace": dict(zip(slots, map(_fraction, exact), strict=True)),
    }


def _fraction(exact: Fraction | None) -> str | None:
    return None if exact is None else str(exact)


def _report(report: SupervisorReport) -> dict[str, Any]:
    return {
        "shown_supervisor": str(report.shown_supervisor or ""),
        "message": report.message,
        "status": report.status,
        "reported_at": report.reported_at,
        "resolved_at": report.resolved_at,
        "resolution": report.resolution,
    }


def _reopening(reopening: Reopening) -> dict[str, Any]:
    return {
        "receipt": reopening.submission.number,
        "reason": reopening.reason,
        "until": reopening.until,
        "status": reopening.status,
        "proposed_at": reopening.proposed_at,
        "decided_at": reopening.decided_at,
    }
