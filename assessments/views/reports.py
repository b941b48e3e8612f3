"""Pages on which the personnel office settles reports "ini bukan atasan saya"."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access
from accounts.clock import portal_today
from accounts.operations import note_reading
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.enums import ReportStatus
from assessments.errors import ReportSettled, ReviewerRefused
from assessments.filters.reports import ReportFilter
from assessments.forms.reports import Decision, SettleForm
from assessments.models import SupervisorReport
from assessments.queries import reviewer_of
from assessments.queries.reports import chain_of, reports_for
from organization.access import personnel_officer
from organization.queries import nameable_by

ROWS = 25


@access(personnel_officer)
@require_safe
def supervisor_reports(request: PersonRequest) -> HttpResponse:
    """Reports of people whose data the person mends: what waits first, the oldest at the top."""
    reports = reports_for(request.user, portal_today()).order_by("reported_at", "pk")
    data = (
        request.GET
        if "status" in request.GET
        else {"status": ReportStatus.OPEN, **request.GET.dict()}
    )
    chosen = ReportFilter(data, queryset=reports)
    page = Paginator(chosen.qs, ROWS).get_page(request.GET.get("page"))
    people = [report.assessment.person_id for report in page]
    note_reading(by=request.user, people=people, where="assessments:supervisor_reports")
    context = {"filter": chosen, "page": page}
    return render(request, "assessments/supervisor_reports.html", context)


@access(personnel_officer)
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_report(request: PersonRequest, pk: int) -> HttpResponse:
    """One report: who says what, how the supervisor was found, and what is to be done."""
    report = get_object_or_404(reports_for(request.user, portal_today()), pk=pk)
    form = SettleForm(posted(request), among=nameable_by(request.user, portal_today()))
    refusal = ""
    if form.is_valid():
        try:
            _settle(request, report, form)
        except ReviewerRefused as error:
            form.add_error("nip", str(error))
        except ReportSettled as error:
            refusal = str(error)
            report.refresh_from_db()
        else:
            messages.success(request, _("Laporan sudah ditindaklanjuti."))
            return see_other("assessments:supervisor_reports")
    context = {
        "report": report,
        "assessment": report.assessment,
        "is_open": report.status == ReportStatus.OPEN,
        "chain": chain_of(report.assessment, portal_today()),
        "reviewer": reviewer_of(report.assessment),
    }
    person = report.assessment.person_id
    note_reading(by=request.user, people=[person], where="assessments:supervisor_report")
    return respond(
        request, "assessments/supervisor_report.html", context, form=form, refusal=refusal
    )


def _settle(request: PersonRequest, report: SupervisorReport, form: SettleForm) -> None:
    resolution = form.cleaned_data["resolution"]
    if form.cleaned_data["decision"] == Decision.REJECTED:
        operations.reject_report(report=report, resolution=resolution, by=request.user)
    else:
        operations.resolve_report(
            report=report, reviewer=form.reviewer, resolution=resolution, by=request.user
        )
