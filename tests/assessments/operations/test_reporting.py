""" "Ini bukan atasan saya": reported once, settled once, and told by mail."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Letter
from accounts.operations import deliver_letters
from assessments.enums import ReportStatus
from assessments.errors import ReportOpen, ReportSettled, ReviewerRefused
from assessments.models import Assessment, SupervisorReport
from assessments.operations import reject_report, report_supervisor, resolve_report
from assessments.queries import reviewer_of
from audit.models import Event
from tests.factories import make_user, post


@pytest.fixture
def hesti(db):
    """Mends personnel data."""
    return make_user("Hesti Rahmawati", serial=8)


@pytest.fixture
def report(assessment, ani):
    """Ani says that Budi is not the one."""
    return report_supervisor(assessment=assessment, message="Saya pindah tim", by=ani)


@pytest.fixture
def ani_reads_mail(ani):
    """Ani has an address."""
    ani.email = "ani@contoh.invalid"
    ani.save()
    return ani


def test_a_report_says_who_was_shown_and_is_made_once(assessment, ani, budi, report):
    assert (report.shown_supervisor, report.status) == (budi, ReportStatus.OPEN)
    with pytest.raises(ReportOpen):
        report_supervisor(assessment=assessment, message="Sekali lagi", by=ani)
    assert SupervisorReport.objects.count() == 1


def test_the_named_reviewer_reviews_from_now_on(assessment, report, hesti, fajar):
    settled = resolve_report(report=report, reviewer=fajar, resolution="Ketua tim", by=hesti)
    assessment.refresh_from_db()
    assert reviewer_of(assessment) == fajar
    assert (settled.status, settled.resolved_by, settled.resolution) == (
        ReportStatus.RESOLVED,
        hesti,
        "Ketua tim",
    )
    assert settled.resolved_at is not None
    event = Event.objects.get(verb="report.resolved")
    assert (event.actor_id, event.subject_id) == (hesti.pk, str(report.pk))
    assert event.data == {"reviewer": fajar.pk, "assessment": report.assessment_id}


@pytest.mark.parametrize("where", ["ani", "seksi"])
def test_nobody_is_named_for_who_leads_them(cycle, budi, citra, units, hesti, where):
    own = Assessment.objects.get(cycle=cycle, person=budi)
    below = make_user("Gita", serial=7)
    post(below, getattr(units, where))
    report = report_supervisor(assessment=own, message="Bukan", by=budi)
    with pytest.raises(ReviewerRefused, match="Bawahan tidak meninjau atasannya"):
        resolve_report(report=report, reviewer=below, resolution="Ketua tim", by=hesti)
    resolve_report(report=report, reviewer=citra, resolution="Ketua tim", by=hesti)
    own.refresh_from_db()
    assert reviewer_of(own) == citra


def test_without_a_name_the_reviewer_follows_from_postings_again(
    assessment, ani, budi, report, hesti, fajar
):
    resolve_report(report=report, reviewer=fajar, resolution="Sementara", by=hesti)
    again = report_supervisor(assessment=assessment, message="Sudah kembali", by=ani)
    resolve_report(report=again, reviewer=None, resolution="Data diperbaiki", by=hesti)
    assessment.refresh_from_db()
    assert assessment.named_reviewer is None
    assert reviewer_of(assessment) == budi


def test_a_rejected_report_changes_nobody(assessment, budi, report, hesti):
    settled = reject_report(report=report, resolution="SK tim belum terbit", by=hesti)
    assessment.refresh_from_db()
    assert (settled.status, reviewer_of(assessment)) == (ReportStatus.REJECTED, budi)
    assert Event.objects.get(verb="report.rejected").actor_id == hesti.pk


def test_nobody_is_named_for_themselves_nor_by_themselves_nor_anybody_who_is_gone(
    assessment, ani, report, hesti
):
    gone = make_user("Gita", serial=7, is_active=False)
    for reviewer in (ani, hesti, gone):
        with pytest.raises(ReviewerRefused):
            resolve_report(report=report, reviewer=reviewer, resolution="x", by=hesti)
    report.refresh_from_db()
    assessment.refresh_from_db()
    assert (report.status, assessment.named_reviewer) == (ReportStatus.OPEN, None)


@pytest.mark.parametrize("first", ["resolve", "reject"])
def test_a_settled_report_stays_settled(report, hesti, budi, first):
    if first == "resolve":
        resolve_report(report=report, reviewer=None, resolution="Pertama", by=hesti)
    else:
        reject_report(report=report, resolution="Pertama", by=hesti)
    with pytest.raises(ReportSettled):
        resolve_report(report=report, reviewer=budi, resolution="Kedua", by=hesti)
    with pytest.raises(ReportSettled):
        reject_report(report=report, resolution="Kedua", by=hesti)
    report.refresh_from_db()
    assert report.resolution == "Pertama"


def test_the_person_is_told_by_mail(ani_reads_mail, report, hesti, fajar):
    resolve_report(report=report, reviewer=fajar, resolution="Ketua tim <baru>", by=hesti)
    assert (len(mail.outbox), deliver_letters()) == (0, 1)
    (letter,) = mail.outbox
    assert letter.to == ["ani@contoh.invalid"]
    assert letter.subject == "Laporan Anda tentang atasan sudah ditindaklanjuti"
    for line in (
        "Yth. Ani Lestari,",
        "Hasil: Sudah diperbaiki",
        "Penjelasan: Ketua tim <baru>",
        "Yang meninjau penilaian Anda: Fajar Nugraha",
    ):
        assert line in letter.body.splitlines()


def test_that_the_supervisor_was_right_is_told_with_the_name(ani_reads_mail, report, hesti):
    reject_report(report=report, resolution="Benar", by=hesti)
    deliver_letters()
    (letter,) = mail.outbox
    assert "Hasil: Atasan sudah benar" in letter.body.splitlines()
    assert "Yang meninjau penilaian Anda: Drs. Budi Santosa, M.Si." in letter.body.splitlines()


def test_without_an_address_nobody_is_written_to(report, hesti):
    reject_report(report=report, resolution="Benar", by=hesti)
    deliver_letters()
    assert mail.outbox == []


def test_while_the_mail_server_is_away_the_letter_waits(ani_reads_mail, report, hesti, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    reject_report(report=report, resolution="Benar", by=hesti)
    assert deliver_letters() == 0
    settings.EMAIL_BACKEND = backend
    Letter.objects.update(next_at=timezone.now())
    assert (deliver_letters(), len(mail.outbox)) == (1, 1)
