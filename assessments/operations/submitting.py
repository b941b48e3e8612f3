"""Handing in and taking back."""

from django.db import transaction

from accounts.models import User
from assessments.enums import HANDED_IN, ScoreKind, Status
from assessments.errors import Incomplete, NotSubmitted, ReviewStarted
from assessments.models import Assessment, Review, ScoringJob, Submission
from assessments.operations.dispatching import announce
from assessments.operations.freezing import freeze, put_back
from assessments.operations.locking import hold
from assessments.operations.notices import mail_receipt
from assessments.queries import answers_of, gaps
from audit.operations import record


@transaction.atomic
def submit(
    *, assessment: Assessment, by: User | None, require_complete: bool = True, urgent: bool = True
) -> Submission:
    """Freeze the answers into a submission with a receipt; asking again gives the same receipt.

    `require_complete=False` hands in what there is (an import cannot ask the person). `urgent=False`
    leaves scoring to the sweep instead of announcing it at once.
    Raises NotOpenYet, DeadlinePassed, Incomplete; then the draft is kept as it was.
    """
    held = hold(assessment.pk)
    # Exactly once: whoever asked second waited for the lock, and is given the same receipt.
    if (accepted := held.assessment.submission) and held.assessment.status in HANDED_IN:
        return accepted
    held.require_open()
    answers = answers_of(held.assessment)
    if require_complete and (missing := gaps(held.assessment, answers)):
        raise Incomplete(missing)

    submission = freeze(held, answers)
    if held.assessment.status == Status.INVITED:
        held.move(Status.DRAFT, started_at=held.arrived_at)
    held.move(Status.SUBMITTED, submission=submission)
    # Scored for certain: the row is durable with the receipt, and the sweep finds it whatever
    # happens to the announcement.
    job = ScoringJob.objects.create(submission=submission, kind=ScoreKind.SELF)
    record(
        "assessment.submitted",
        by=by,
        subject=held.assessment,
        receipt=submission.number,
        answers_hash=submission.answers_hash,
    )
    mail_receipt(submission, to=by)
    if urgent:
        transaction.on_commit(lambda: announce(job.pk), robust=True)
    return submission


@transaction.atomic
def withdraw(*, assessment: Assessment, by: User) -> None:
    """Take a submission back into a draft with its answers; it stays on record with its receipt.

    Raises NotSubmitted, ReviewStarted, or DeadlinePassed, after which it could not be handed in again.
    """
    held = hold(assessment.pk)
    if held.assessment.status != Status.SUBMITTED:
        raise ReviewStarted if held.assessment.status in HANDED_IN else NotSubmitted
    if Review.objects.filter(submission=held.assessment.submission).exists():
        raise ReviewStarted
    held.require_open()
    held.move(Status.DRAFT)
    put_back(held)
    record(
        "assessment.withdrawn",
        by=by,
        subject=held.assessment,
        submission=held.assessment.submission_id,
    )
