"""Working answers live exactly while they can be edited: frozen into a submission, and put back from it.

Both are called with the assessment held, in the transaction that moves its state.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pgtrigger

from assessments.models import Answer, Submission
from assessments.operations.evidence import keep_named, named_files
from assessments.operations.locking import Held
from assessments.queries import questionnaire_of
from assessments.queries.documents import frozen, thawed
from audit.triggers import SKIPPABLE


def freeze(held: Held, answers: Mapping[str, Answer]) -> Submission:
    """Make all answers one document with a receipt, and delete the working rows it was made of."""
    files = named_files(held.assessment)
    document = frozen(answers, files)
    sequence = Submission.objects.filter(assessment=held.assessment).count() + 1
    submission = Submission.objects.create(
        assessment=held.assessment,
        sequence=sequence,
        number=f"{held.assessment.cycle.code}-{held.assessment.pk:07d}-{sequence}",
        submitted_at=held.arrived_at,
        answers=document,
        answers_hash=hash_of(document),
        last_revision=max((answer.revision for answer in answers.values()), default=0),
    )
    if files:
        keep_named(submission)
    # Their history needs no line for it: the submission of the same transaction holds what is removed.
    with pgtrigger.ignore(SKIPPABLE):
        Answer.objects.filter(assessment=held.assessment).delete()
    return submission


def put_back(held: Held) -> None:
    """Give the person the answers of the submission that counts to go on from.

    Their revisions are above every earlier one: a page from before shows a conflict and overwrites
    nothing. Where the working rows are still there, from before they were deleted at submission (ADR 0015),
    they are left as they are.
    """
    working = thawed(held.assessment.submission, questionnaire_of(held.assessment))
    Answer.objects.bulk_create(working.values(), ignore_conflicts=True)


def hash_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of an answers document: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
