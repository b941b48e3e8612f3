""" "Ini bukan atasan saya": recorded for the personnel office to mend, while work goes on."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clock import portal_today
from accounts.models import User
from assessments.enums import ReportStatus
from assessments.errors import ReportOpen, ReportSettled, ReviewerRefused
from assessments.models import Assessment, SupervisorReport
from assessments.operations.locking import Held, hold
from assessments.operations.notices import tell_report_settled
from assessments.queries import reviewer_of
from audit.operations import record
from organization.queries import posting_of, units_below, units_led_by


@transaction.atomic
def report_supervisor(*, assessment: Assessment, message: str, by: User) -> SupervisorReport:
    """Report that the supervisor shown is not the right one.

    Raises ReportOpen while an earlier report waits.
    """
    held = hold(assessment.pk)
    if held.assessment.supervisor_reports.filter(status=ReportStatus.OPEN).exists():
        raise ReportOpen
    report = SupervisorReport.objects.create(
        assessment=held.assessment,
        shown_supervisor=reviewer_of(held.assessment),
        message=message,
    )
    record("report.filed", by=by, subject=report)
    return report


@transaction.atomic
def resolve_report(
    *, report: SupervisorReport, reviewer: User | None, resolution: str, by: User
) -> SupervisorReport:
    """Name who reviews instead, or nobody: then the reviewer follows from the mended postings.

    The person is told by mail. `resolution` stands in the report alone, not in the event, which others
    read. Raises ReportSettled, ReviewerRefused.
    """
    held, waiting = _hold_open(report)
    if reviewer is not None:
        _require_possible(held.assessment, reviewer, by)
    held.assessment.named_reviewer = reviewer
    held.assessment.save(update_fields=["named_reviewer"])
    _settle(held, waiting, ReportStatus.RESOLVED, resolution, by)
    record(
        "report.resolved",
        by=by,
        subject=waiting,
        reviewer=reviewer.pk if reviewer else None,
        assessment=waiting.assessment_id,
    )
    return waiting


@transaction.atomic
def reject_report(*, report: SupervisorReport, resolution: str, by: User) -> SupervisorReport:
    """Say that the supervisor shown is the right one. The person is told by mail.

    Raises ReportSettled.
    """
    held, waiting = _hold_open(report)
    _settle(held, waiting, ReportStatus.REJECTED, resolution, by)
    record("report.rejected", by=by, subject=waiting)
    return waiting


def _hold_open(report: SupervisorReport) -> tuple[Held, SupervisorReport]:
    held = hold(report.assessment_id)
    waiting = SupervisorReport.objects.select_for_update().get(pk=report.pk)
    if waiting.status != ReportStatus.OPEN:
        raise ReportSettled
    return held, waiting


def _require_possible(assessment: Assessment, reviewer: User, by: User) -> None:
    if reviewer.pk == assessment.person_id:
        raise ReviewerRefused(_("Pegawai tidak meninjau dirinya sendiri. Tetapkan orang lain."))
    if reviewer.pk == by.pk:
        # The personnel office reads no answers; naming itself would be the way to them.
        raise ReviewerRefused(
            _("Anda tidak dapat menetapkan diri sendiri. Minta pengelola kepegawaian lain.")
        )
    if _works_below(reviewer, assessment.person):
        raise ReviewerRefused(_("Bawahan tidak meninjau atasannya. Tetapkan orang lain."))
    if not reviewer.is_active:
        raise ReviewerRefused(_("Akun pegawai ini tidak aktif. Tetapkan orang lain."))


def _works_below(reviewer: User, person: User) -> bool:
    """Whether the person leads the unit in which the other has a post, or one above it."""
    today = portal_today()
    own = posting_of(reviewer, today)
    led = units_led_by(person, today).values_list("pk", flat=True)
    return own is not None and own.position.unit_id in units_below(led)


def _settle(
    held: Held, report: SupervisorReport, status: ReportStatus, resolution: str, by: User
) -> None:
    report.status = status
    report.resolution = resolution
    report.resolved_by = by
    report.resolved_at = held.arrived_at
    report.save(update_fields=["status", "resolution", "resolved_by", "resolved_at"])
    tell_report_settled(report, held.assessment)
