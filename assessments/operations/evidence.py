"""Files as evidence: adding, taking out, naming in a submission, scanning later, sweeping up."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Sum

from accounts.models import User
from accounts.operations import note_denial
from assessments.enums import ScanState, Status
from assessments.errors import UnknownIndicator
from assessments.files import antivirus, vault
from assessments.files.evidence import CheckedFile, EvidenceRefused, Problem, check_evidence
from assessments.models import Assessment, Evidence, Submission
from assessments.operations.locking import Held, hold
from assessments.queries import questionnaire_of
from assessments.queries.documents import NamedFile
from assessments.queries.evidence import files_of
from audit.operations import record

logger = structlog.get_logger(__name__)
MAXIMUM_FILES = 10
"""For one indicator."""
QUOTA_BYTES = 100 * 1024 * 1024
"""For one person in one cycle."""
ORPHAN_SECONDS = 24 * 3600
"""A file without a row is left alone for a day: its transaction may still be under way."""
SCAN_BATCH = 20
SWEEP_BATCH = 1_000


def add_evidence(
    *, assessment: Assessment, code: str, content: bytes, name: str, by: User
) -> Evidence:
    """Check a file, keep it and bind it to an indicator of the draft.

    A file of the same name and bytes that is there already is the one: sent again, it changes nothing.
    Raises EvidenceRefused, UnknownIndicator, NotEditable, NotOpenYet or DeadlinePassed; then no file
    and no row remains. Without an answer from the scanner the file is kept and scanned later.
    """
    if code not in questionnaire_of(assessment).indicators:
        raise UnknownIndicator(code)
    try:
        return _add(assessment, code, _checked(content, name), by)
    except EvidenceRefused as refusal:
        note_denial(rule=f"upload.{refusal.problem.name.lower()}", assessment=assessment.pk)
        raise


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Take a file out of the draft. What a submission names is kept with it; the rest is deleted.

    Raises NotEditable, NotOpenYet or DeadlinePassed. Doing it again changes nothing.
    """
    held = _open(evidence.assessment)
    current = Evidence.objects.filter(pk=evidence.pk, removed_at=None).first()
    if current is None:
        return
    record(
        "evidence.removed",
        by=by,
        subject=current,
        sha256=current.sha256,
        assessment=current.assessment_id,
    )
    if current.submission_id is not None:
        Evidence.objects.filter(pk=current.pk).update(removed_at=held.arrived_at)
        return
    current.delete()
    transaction.on_commit(lambda: vault.discard(current.key), robust=True)


def named_files(assessment: Assessment) -> dict[str, list[NamedFile]]:
    """What a submission says of the files of the draft, by indicator code."""
    return {
        code: [NamedFile(file.pk, file.name, file.sha256) for file in files]
        for code, files in files_of(assessment).items()
    }


def keep_named(submission: Submission) -> None:
    """From now on the files of the draft belong to a submission; call it before the state moves."""
    Evidence.objects.current().filter(
        assessment_id=submission.assessment_id, submission=None
    ).update(submission=submission)


def scan_waiting() -> int:
    """Ask the scanner about files in quarantine; returns how many it decided on, `SCAN_BATCH` at most.

    A file that is not on disk is logged and passed over, so that lost ones never take the turn of others.
    """
    waiting = Evidence.objects.filter(scan_state=ScanState.WAITING).order_by("pk")
    decided = 0
    for evidence in waiting.iterator():
        if decided == SCAN_BATCH:
            break
        try:
            with vault.opened(evidence.key) as file:
                state = antivirus.scan(file.read())
        except FileNotFoundError:
            logger.exception("evidence.lost", evidence=evidence.pk)
            continue
        if state == ScanState.WAITING:
            break  # the scanner is away; the rest would wait for the same time-out
        _decide(evidence, state)
        decided += 1
    return decided


def sweep_evidence(*, dry_run: bool = False) -> list[str]:
    """Delete files that no row names, a day old or more; returns their names on disk."""
    orphans: list[Path] = []
    files = vault.older_than(ORPHAN_SECONDS)
    # Listed before the query: a file that comes of age after it would look like one without a row.
    while old := {path.name: path for path in islice(files, SWEEP_BATCH)}:
        named = Evidence.objects.filter(key__in=old).values_list("key", flat=True)
        orphans += [old[name] for name in old.keys() - set(named)]
    orphans.sort()
    for path in orphans:
        if not dry_run:
            path.unlink(missing_ok=True)
    return [path.name for path in orphans]


def _add(
    assessment: Assessment, code: str, checked: tuple[CheckedFile, ScanState], by: User
) -> Evidence:
    file, state = checked
    with _kept(file) as key, transaction.atomic():
        held = _open(assessment)
        files = files_of(held.assessment).get(code, [])
        same = next((each for each in files if _is(each, file)), None)
        if same is not None:
            vault.discard(key)
            return same
        _check_room(held, files, file)
        evidence = Evidence.objects.create(
            assessment=held.assessment,
            indicator_id=questionnaire_of(held.assessment).indicators[code].id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            key=key,
            uploaded_at=held.arrived_at,
            uploaded_by=by,
            scan_state=state,
        )
        if held.assessment.status == Status.INVITED:
            held.move(Status.DRAFT, started_at=held.arrived_at)
        record("evidence.added", by=by, subject=evidence, **_facts(evidence, code))
    return evidence


@transaction.atomic
def _decide(evidence: Evidence, state: ScanState) -> None:
    changed = Evidence.objects.filter(pk=evidence.pk, scan_state=ScanState.WAITING).update(
        scan_state=state
    )
    if not changed:
        return
    record("evidence.scanned", by=None, subject=evidence, state=state.value)
    if state == ScanState.INFECTED:
        transaction.on_commit(lambda: vault.discard(evidence.key), robust=True)


@contextmanager
def _kept(file: CheckedFile) -> Iterator[str]:
    """The file on disk before its row, so that no row names what is not there; gone if the row is refused."""
    try:
        key = vault.keep(file.content)
    except OSError as error:
        logger.exception("evidence.not_kept")
        raise EvidenceRefused(Problem.FAILED) from error
    try:
        yield key
    except (OperationalError, InterfaceError):
        # The line may have broken after the row was stored. Where it was not, the sweep takes the file away.
        raise
    except BaseException:
        vault.discard(key)
        raise


def _checked(content: bytes, name: str) -> tuple[CheckedFile, ScanState]:
    file = check_evidence(content, name=name)
    state = antivirus.scan(file.content)
    if state == ScanState.INFECTED:
        raise EvidenceRefused(Problem.INFECTED)
    return file, state


def _open(assessment: Assessment) -> Held:
    held = hold(assessment.pk)
    held.require_editable()
    held.require_open()
    return held


def _is(kept: Evidence, file: CheckedFile) -> bool:
    return (kept.name, kept.sha256) == (file.name, file.sha256)


def _check_room(held: Held, files: list[Evidence], file: CheckedFile) -> None:
    if len(files) >= MAXIMUM_FILES:
        raise EvidenceRefused(Problem.TOO_MANY)
    # Also what was taken out but stays with an earlier submission lies on disk.
    on_disk = Evidence.objects.exclude(scan_state=ScanState.INFECTED)
    kept = on_disk.filter(assessment=held.assessment).aggregate(total=Sum("size"))["total"]
    if (kept or 0) + len(file.content) > QUOTA_BYTES:
        raise EvidenceRefused(Problem.QUOTA)


def _facts(evidence: Evidence, code: str) -> dict[str, object]:
    return {
        "assessment": evidence.assessment_id,
        "indicator": code,
        "sha256": evidence.sha256,
        "size": evidence.size,
        "scan": evidence.scan_state,
    }
