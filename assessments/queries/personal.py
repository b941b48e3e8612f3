"""Everything that assessments hold about a person, for that person alone."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils.text import get_valid_filename, slugify

from accounts.models import User
from assessments.enums import ReviewStatus, ScanState
from assessments.files import vault
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
from assessments.queries.documents import Document, opened
from assessments.queries.schemes import fractions_of, scheme_of
from pillars.queries import Questionnaire, questionnaire

NAME_IN_ARCHIVE: Final = 80
"""Letters of a file's own name that are kept: with its folders it fits every file system."""
_DECIDED = (ReviewStatus.RETURNED, ReviewStatus.VERIFIED)


def personal_data_of(user: User) -> dict[str, Any]:
    """The person's assessments with all that hangs on them, by the keys of docs/data.md.

    A review is the person's to read once it is decided. Of reviews that the person wrote about others
    it says which and when, not what: that is the data of the others. A fixed number of queries.
    """
    assessments = (
        Assessment.objects.of(user)
        .select_related("cycle", "unit", "named_reviewer", "submission")
        .prefetch_related(
            Prefetch(
                "answers", Answer.objects.select_related("indicator").order_by("indicator__code")
            ),
            Prefetch("submissions", Submission.objects.select_related("review__reviewer")),
            Prefetch(
                "submissions__scores",
                Score.objects.select_related("instrument")
                .prefetch_related("instrument__bands")
                .order_by("kind"),
            ),
            Prefetch("evidence", _files()),
            Prefetch(
                "supervisor_reports",
                SupervisorReport.objects.select_related("shown_supervisor"),
            ),
            Prefetch("reopenings", Reopening.objects.select_related("submission")),
        )
        .order_by("pk")
    )
    written = Review.objects.filter(reviewer=user).select_related("submission").order_by("pk")
    return {
        "assessments": [_assessment(each) for each in assessments],
        "reviews_written": [
            {"receipt": each.submission.number, **_standing(each)} for each in written
        ],
        "destroyed": [
            {
                "cycle": each.cycle.code,
                "kind": each.kind,
                "kind_label": each.get_kind_display(),
                "destroyed_at": each.destroyed_at,
                "proof": each.destruction_id,
            }
            for each in Tombstone.objects.of(user).select_related("cycle")
        ],
        "legal_holds": _holds(user),
    }


def _holds(user: User) -> list[dict[str, Any]]:
    """What keeps the person's data from being destroyed, or did: a hold of them, or of a cycle that they are in."""
    cycles = Assessment.objects.of(user).order_by().values("cycle")
    holds = LegalHold.objects.filter(Q(person=user) | Q(cycle__in=cycles)).select_related("cycle")
    return [
        {
            "cycle": each.cycle.code if each.cycle else "",
            "cycle_label": each.cycle.name if each.cycle else "",
            "placed_at": each.placed_at,
            "lifted_at": each.lifted_at,
        }
        for each in holds
    ]


def files_of_person(user: User) -> QuerySet[Evidence]:
    """Every file of the person's assessments whose bytes there may be, in the order of `personal_data_of`."""
    return _files().filter(assessment__person=user).exclude(scan_state=ScanState.INFECTED)


def path_in_archive(file: Evidence) -> str:
    """Where the person finds the file among what they take away: safe on every system, never twice the same."""
    stem, _, extension = file.name.rpartition(".")
    name = get_valid_filename(f"x{stem}")[1:][:NAME_IN_ARCHIVE].strip("._-") or "berkas"
    suffix = get_valid_filename(extension or "bin")[:8]
    folders = (slugify(file.assessment.cycle.code), slugify(file.indicator.code))
    return "/".join(("bukti", *(each or "lain" for each in folders), f"{file.pk}-{name}.{suffix}"))


def _files() -> QuerySet[Evidence]:
    return Evidence.objects.select_related("indicator", "assessment__cycle", "submission").order_by(
        "pk"
    )


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
        keys(Evidence, assessment__person=user),
        keys(LegalHold, person=user),
    ]


def untold_steps_of(user: User) -> Q:
    """Events that say how a review which is still open goes on: the person's to read once it is decided."""
    undecided = Review.objects.filter(submission__assessment__person=user).exclude(
        status__in=_DECIDED
    )
    keys = [str(pk) for pk in undecided.order_by().values_list("pk", flat=True)]
    return Q(verb="review.agreed", subject_type=Review._meta.label, subject_id__in=keys)


def _assessment(assessment: Assessment) -> dict[str, Any]:
    questions = questionnaire(assessment.cycle.instrument_id)
    valid = assessment.submission
    return {
        "cycle": assessment.cycle.code,
        "cycle_label": assessment.cycle.name,
        "instrument": f"{questions.code} {questions.version}",
        "unit": assessment.unit.name,
        "position": assessment.position_title,
        "status": assessment.status,
        "status_label": assessment.get_status_display(),
        "started_at": assessment.started_at,
        "status_changed_at": assessment.status_changed_at,
        "extended_until": assessment.extended_until,
        "reminded_at": assessment.reminded_at,
        "named_reviewer": str(assessment.named_reviewer or ""),
        "valid_receipt": valid.number if valid else "",
        "evidence_files": [_file(each) for each in assessment.evidence.all()],
        "working_answers": [_answer(each, questions) for each in assessment.answers.all()],
        "submissions": [_submission(each, questions) for each in assessment.submissions.all()],
        "supervisor_reports": [_report(each) for each in assessment.supervisor_reports.all()],
        "reopenings": [_reopening(each) for each in assessment.reopenings.all()],
    }


def _file(file: Evidence) -> dict[str, Any]:
    """`path` is empty where there are no bytes: the scanner found a virus, or the disk lost them."""
    has_bytes = not file.is_infected and vault.holds(file.key)
    return {
        "indicator": file.indicator.code,
        "file_name": file.name,
        "path": path_in_archive(file) if has_bytes else "",
        "media_type": file.media_type,
        "size_in_bytes": file.size,
        "sha256": file.sha256,
        "scan_state": file.scan_state,
        "scan_state_label": file.get_scan_state_display(),
        "receipt": file.submission.number if file.submission else "",
        "uploaded_at": file.uploaded_at,
        "removed_at": file.removed_at,
    }


def _in_words(code: str, value: Decimal | None, questions: Questionnaire) -> dict[str, str]:
    """The statement, and the level that was chosen, as the person read them."""
    item = questions.indicators.get(code)
    level = item.level(value) if item else None
    words = {"indicator": code, "indicator_label": item.statement if item else ""}
    if level:
        words["value_label"] = f"{level.label}: {level.descriptor}"
    return words


def _answer(answer: Answer, questions: Questionnaire) -> dict[str, Any]:
    return {
        **_in_words(answer.indicator.code, answer.value, questions),
        "value": answer.value,
        "not_applicable": answer.not_applicable,
        "reason": answer.reason,
        "note": answer.note,
        "evidence": answer.evidence,
        "revision": answer.revision,
        "saved_at": answer.saved_at,
    }


def _document_in_words(document: Document, questions: Questionnaire) -> list[dict[str, Any]]:
    """What a frozen document says, entry by entry, with the words that were on the page."""
    entries = []
    for code, stored in document.items():
        entry = opened(stored)
        value = Decimal(entry["value"]) if entry.get("value") is not None else None
        files = [each["name"] for each in entry.get("files", ())]
        rest = {key: each for key, each in entry.items() if key != "files"}
        entries.append(
            _in_words(code, value, questions) | rest | ({"file_names": files} if files else {})
        )
    return entries


def _submission(submission: Submission, questions: Questionnaire) -> dict[str, Any]:
    """`answers` is the very document that the hash is of; `answers_in_words` is the same for people."""
    review = getattr(submission, "review", None)
    return {
        "receipt": submission.number,
        "sequence": submission.sequence,
        "submitted_at": submission.submitted_at,
        "answers": submission.answers,
        "answers_in_words": _document_in_words(submission.answers, questions),
        "answers_hash": submission.answers_hash,
        "review": _review(review, questions) if review else None,
        "scores": [_score(each) for each in submission.scores.all()],
    }


def _standing(review: Review) -> dict[str, Any]:
    return {
        "status": review.status,
        "status_label": review.get_status_display(),
        "opened_at": review.opened_at,
        "completed_at": review.completed_at,
    }


def _review(review: Review, questions: Questionnaire) -> dict[str, Any]:
    known = {"reviewer": str(review.reviewer), **_standing(review)}
    if review.status in _DECIDED:
        known |= {
            "ratings": review.ratings,
            "ratings_in_words": _document_in_words(review.ratings, questions),
            "note": review.note,
        }
    return known


def _score(score: Score) -> dict[str, Any]:
    """With the exact figure of the total and of each pillar: with answers and version, all that explains it."""
    pillars = scheme_of(score.instrument_id).pillars
    exact = fractions_of(score.numerators, score.denominators)
    slots = ("total", *(pillar.code for pillar in pillars))
    bands = {band.code: band.label for band in score.instrument.bands.all()}
    return {
        "kind": score.kind,
        "kind_label": score.get_kind_display(),
        "total": score.total,
        "band": score.band,
        "band_label": bands.get(score.band, ""),
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
        "status_label": report.get_status_display(),
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
        "status_label": reopening.get_status_display(),
        "proposed_at": reopening.proposed_at,
        "decided_at": reopening.decided_at,
    }
