"""Handing in and taking back."""

import hashlib
import json
from typing import Any

from django.db import transaction

from accounts.models import User
from assessments.enums import HANDED_IN, ScoreKind, Status
from assessments.errors import Incomplete, NotSubmitted, ReviewStarted
from assessments.models import Answer, Assessment, Review, ScoringJob, Submission
from assessments.operations.dispatching import announce
from assessments.operations.locking import Held, hold
from assessments.queries import answers_of, gaps
from audit.operations import record
from pillars.files.document import plain


@transaction.atomic
def submit(
    *, assessment: Assessment, by: User | None, require_complete: bool = True, urgent: bool = True
) -> Submission:
    """Freeze the answers and give a receipt; asking again gives the same receipt.

    `require_complete=False` hands in what there is (an import cannot ask the person). `urgent=False`
    leaves scoring to the sweep instead of announcing it at once.
    Raises NotOpenYet, DeadlinePassed, Incomplete; then the draft is kept as it was.
    """
    held = hold(assessment.pk)
    if (accepted := held.assessment.submission) and held.assessment.status in HANDED_IN:
        return accepted
    held.require_open()
    answers = answers_of(held.assessment)
    if require_complete and (missing := gaps(held.assessment, answers)):
        raise Incomplete(missing)

    submission = _freeze(held, answers)
    if held.assessment.status == Status.INVITED:
        held.move(Status.DRAFT, started_at=held.arrived_at)
    held.move(Status.SUBMITTED, submission=submission)
    # The row is the queue: whatever happens to the announcement, the sweep finds it.
    job = ScoringJob.objects.create(submission=submission, kind=ScoreKind.SELF)
    record(
        "assessment.submitted",
        by=by,
        subject=held.assessment,
        receipt=submission.number,
        answers_hash=submission.answers_hash,
    )
    if urgent:
        transaction.on_commit(lambda: announce(job.pk), robust=True)
    return submission


@transaction.atomic
def withdraw(*, assessment: Assessment, by: User) -> None:
    """Take a submission back into a draft; it stays on record with its receipt.

    Raises NotSubmitted, ReviewStarted, or DeadlinePassed, after which it could not be handed in again.
    """
    held = hold(assessment.pk)
    if held.assessment.status != Status.SUBMITTED:
        raise ReviewStarted if held.assessment.status in HANDED_IN else NotSubmitted
    if Review.objects.filter(submission=held.assessment.submission).exists():
        raise ReviewStarted
    held.require_open()
    held.move(Status.DRAFT)
    record(
        "assessment.withdrawn",
        by=by,
        subject=held.assessment,
        submission=held.assessment.submission_id,
    )


def _freeze(held: Held, answers: dict[str, Answer]) -> Submission:
    document = {code: _entry(answer) for code, answer in answers.items()}
    sequence = Submission.objects.filter(assessment=held.assessment).count() + 1
    return Submission.objects.create(
        assessment=held.assessment,
        sequence=sequence,
        number=f"{held.assessment.cycle.code}-{held.assessment.pk:07d}-{sequence}",
        submitted_at=held.arrived_at,
        answers=document,
        answers_hash=hash_of(document),
    )


def _entry(answer: Answer) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if answer.value is not None:
        entry["value"] = plain(answer.value)
    if answer.not_applicable:
        entry |= {"na": True, "reason": answer.reason}
    if answer.note:
        entry["note"] = answer.note
    if answer.evidence:
        entry["evidence"] = answer.evidence
    return entry


def hash_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of an answers document: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
