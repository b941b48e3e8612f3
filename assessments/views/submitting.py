"""Pages around handing in: checking, confirming, the receipt, taking back, a wrong supervisor."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access, signed_in
from accounts.errors import Refused
from assessments import operations
from assessments.enums import EDITABLE, ReportStatus
from assessments.errors import Incomplete
from assessments.forms.filling import PROBLEM_OF, DeclarationForm, SupervisorReportForm
from assessments.models import Answer, Assessment
from assessments.queries import answers_of, gap_of, gaps, questionnaire_of, reviewer_of
from assessments.queries.standing import returned, standing
from assessments.views.filling import CONFLICT, UNPROCESSABLE
from assessments.views.own import fill_url, own_assessment, see_other
from pillars.queries import IndicatorItem, PillarItem

HASH_SHOWN = 16


@access(signed_in)
@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was answered, to be checked; `?gaps` lists what is missing, as errors."""
    assessment = own_assessment(request, pk)
    stands = standing(assessment)
    answers = answers_of(assessment)
    back = returned(assessment)
    remarks = back.remarks if back else {}
    parts = [
        {
            "pillar": pillar,
            "rows": [
                _row(assessment, pillar, item, answers.get(item.code), remarks)
                for item in pillar.indicators
            ],
        }
        for pillar in questionnaire_of(assessment).pillars
    ]
    missing = [row for part in parts for row in part["rows"] if row["problem"]]
    listed = stands.may_fill and "gaps" in request.GET
    errors = [
        {"anchor": f"jawaban-{row['item'].code}", "text": f"{row['item'].code}: {row['problem']}"}
        for row in missing
        if listed
    ]
    context = {
        "assessment": assessment,
        "standing": stands,
        "parts": parts,
        "missing": len(missing),
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "assessments/check.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm and hand in; asked again, the same receipt."""
    assessment = own_assessment(request, pk)
    receipt_url = reverse("assessments:receipt", args=(assessment.pk,))
    gaps_url = reverse("assessments:check", args=(assessment.pk,)) + "?gaps"
    if assessment.status not in EDITABLE:
        return see_other(receipt_url)
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                operations.submit(assessment=assessment, by=request.user)
            except Incomplete:
                return see_other(gaps_url)
            except Refused as error:
                refusal, status = str(error), CONFLICT
            else:
                return see_other(receipt_url)
        else:
            status = UNPROCESSABLE
    elif gaps(assessment):
        return redirect(gaps_url)
    context = {
        "assessment": assessment,
        "standing": standing(assessment),
        "form": form,
        "reviewer": reviewer_of(assessment),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    return render(request, "assessments/submit.html", context, status=status)


@access(signed_in)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of what was handed in last; it stays readable whatever follows."""
    assessment = own_assessment(request, pk)
    if assessment.submission is None:
        raise Http404
    context = {
        "assessment": assessment,
        "standing": standing(assessment),
        "submission": assessment.submission,
        "short_hash": assessment.submission.answers_hash[:HASH_SHOWN],
        "reviewer": reviewer_of(assessment),
    }
    return render(request, "assessments/receipt.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submission back, after a question."""
    assessment = own_assessment(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            operations.withdraw(assessment=assessment, by=request.user)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(
                request, _("Penilaian ditarik kembali. Anda dapat mengubahnya, lalu mengajukannya lagi.")
            )
            return see_other(reverse("assessments:tasks", args=(assessment.pk,)))
    context = {
        "assessment": assessment,
        "standing": standing(assessment),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    return render(
        request, "assessments/withdraw.html", context, status=CONFLICT if refusal else 200
    )


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def report_supervisor(request: HttpRequest, pk: int) -> HttpResponse:
    """"Ini bukan atasan saya": tell the personnel office, and go on filling in."""
    assessment = own_assessment(request, pk)
    form = SupervisorReportForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                operations.report_supervisor(
                    assessment=assessment, message=form.cleaned_data["message"], by=request.user
                )
            except Refused as error:
                refusal, status = str(error), CONFLICT
            else:
                messages.success(
                    request, _("Laporan Anda diteruskan ke kepegawaian. Silakan lanjutkan mengisi.")
                )
                return see_other(reverse("assessments:tasks", args=(assessment.pk,)))
    context = {
        "assessment": assessment,
        "supervisor": reviewer_of(assessment),
        "open_report": assessment.supervisor_reports.filter(status=ReportStatus.OPEN).first(),
        "form": form,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    return render(request, "assessments/report_supervisor.html", context, status=status)


def _row(
    assessment: Assessment,
    pillar: PillarItem,
    item: IndicatorItem,
    answer: Answer | None,
    remarks: Mapping[str, str],
) -> dict[str, Any]:
    """One statement of the check page: what was chosen and written, and what it still lacks."""
    gap = gap_of(item, answer)
    url = reverse("assessments:fill", args=(assessment.pk, pillar.code))
    return {
        "item": item,
        "answer": answer,
        "level": item.level(answer.value) if answer else None,
        "problem": PROBLEM_OF[gap].text if gap else "",
        "remark": remarks.get(item.code, ""),
        "url": f"{url}?change={item.code}#butir-{item.code}",
    }
