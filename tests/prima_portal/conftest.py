"""Ani with what is held about people: handed in, with files, with something of every kind."""

import time
from decimal import Decimal

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import LetterKind, LinkPurpose, Role
from accounts.models import FormerNip, Letter, PasswordLink, RoleGrant
from accounts.operations import note_reading, set_up_second_factor
from assessments.models import Assessment, Reopening, Review, ScoringJob, Tombstone
from assessments.operations import (
    AnswerInput,
    agree_with_rest,
    open_review,
    place_hold,
    report_supervisor,
    save_answers,
    score_jobs,
    submit,
    verify,
)
from assessments.operations.evidence import add_evidence
from organization.enums import CorrectionItem
from organization.models import HrMandate, Unit
from organization.operations import ask_for_correction
from tests.assessments import papers
from tests.factories import LONG_AGO
from tests.prima_portal.archives import SECRET


@pytest.fixture
def handed_in(assessment, ani, budi):
    """Ani's assessment, handed in, scored and being reviewed."""
    answers = {
        code: AnswerInput(value=Decimal(3), note="Catatan Ani")
        for code in ("ALF-01", "ALF-02", "BET-01", "BET-02")
    }
    save_answers(assessment=assessment, answers=answers, by=ani)
    report_supervisor(assessment=assessment, message="Atasan saya lain.", by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    assessment.refresh_from_db()
    open_review(assessment=assessment, by=budi)
    FormerNip.objects.create(user=ani, nip="198609262015051999")
    return assessment


@pytest.fixture
def everything(handed_in, ani, budi, dewi, eko, settings, tmp_path):
    """Ani with something of every kind that is held about people."""
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    cycle, root = handed_in.cycle, Unit.objects.get(parent=None)
    theirs = Assessment.objects.get(person=budi, cycle=cycle)
    save_answers(assessment=theirs, answers={"ALF-01": AnswerInput(value=Decimal(2))}, by=budi)
    submit(assessment=theirs, by=budi, require_complete=False, urgent=False)
    theirs.refresh_from_db()
    Review.objects.create(submission=theirs.submission, reviewer=ani)
    agree_with_rest(assessment=handed_in, by=budi)
    verify(assessment=handed_in, note="Baik", by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    Reopening.objects.create(
        assessment=handed_in,
        submission=handed_in.submission,
        reason="Salah pilih",
        until=cycle.closes_at,
        proposed_by=eko,
    )
    Unit.objects.filter(pk=root.pk).update(head_nip=ani.nip)
    RoleGrant.objects.create(user=ani, role=Role.AUDITOR, valid=DateRange(LONG_AGO, None))
    HrMandate.objects.create(user=ani, unit=root, valid=DateRange(LONG_AGO, None))
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 - 1))
    set_up_second_factor(user=ani, secret=SECRET, code=code, session_key=None)
    Letter.objects.create(kind=LetterKind.RESET, addressee=ani.nip)
    Letter.objects.create(kind=LetterKind.RESET, addressee=budi.nip)
    PasswordLink.objects.create(
        user=ani, purpose=LinkPurpose.RESET, digest="d", state="s", expires_at=cycle.closes_at
    )
    ask_for_correction(item=CorrectionItem.RANK, requested="IV/a", reference="SK 1", by=ani)
    place_hold(reason="Keberatan rahasia", person=ani, by=None)
    Tombstone.objects.create(
        assessment_id=9, kind="ASSESSMENTS", person=ani, cycle=cycle, destruction_id=1
    )
    note_reading(by=eko, people=[ani.pk, dewi.pk], where="audit:events")
    note_reading(by=ani, people=[budi.pk, dewi.pk], where="organization:invitations")
    return handed_in


@pytest.fixture
def with_files(client, assessment, ani, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    names = ("SK 800 «akhir».pdf", "SK 800 «akhir».pdf", "CON.pdf")
    return [
        add_evidence(
            assessment=assessment,
            code="ALF-01",
            content=papers.pdf(f"{number} {name}".encode()),
            name=name,
            by=ani,
        )
        for number, name in enumerate(names)
    ]
