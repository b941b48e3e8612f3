"""Pages around handing in: checking, confirming, the receipt, taking back, a wrong supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access, signed_in
from accounts.errors import Refused
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.enums import EDITABLE, ReportStatus
from assessments.errors import Incomplete
from assessments.forms.filling import PROBLEM_OF, DeclarationForm, SupervisorReportForm
from assessments.models import Answer, Assessment, Evidence
from assessments.queries import (
    Gap,
    GapKind,
    answers_of,
    gaps,
    marked_notes,
    questionnaire_of,
    return_of,
    reviewer_of,
)
from assessments.queries.evidence import files_of
from assessments.queries.reopening import reopened_now
from assessments.queries.standing import standing
from assessments.views.own import crumbs_of, fill_url, gap_url, own_assessment
from pillars.queries import IndicatorItem, LevelItem

HASH_SHOWN = 16


@access(signed_in)
@require_safe
def check(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything that was answered, to be checked; `?gaps` lists what is missing, as errors."""
    assessment = own_assessment(request, pk)
    stands = standing(assessment)
    answers = answers_of(assessment)
    files = files_of(assessment)
    missing = gaps(assessment, answers)
    lacking = {gap.code: gap.kind for gap in missing}
    remarks = marked_notes(return_of(assessment))
    parts = []
    for pillar in questionnaire_of(assessment).pillars:
        section_url = fill_url(assessment, pillar)
        rows = [
            Row(
                item=item,
                answer=answers.get(item.code),
                lacks=lacking.get(item.code),
                remark=remarks.get(item.code, ""),
                files=files.get(item.code, ()),
                url=f"{section_url}?change={item.code}#butir-{item.code}",
            )
            for item in pillar.indicators
        ]
        parts.append((pillar, rows))
    errors = _lines(assessment, missing) if stands.may_fill and "gaps" in request.GET else []
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": stands,
        "parts": parts,
        "missing": len(missing),
        "first_gap_url": gap_url(assessment, missing[0]) if missing else "",
        "errors": errors,
        "has_errors": bool(errors),
    }
    return render(request, "assessments/check.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm and hand in; asked again, the same receipt."""
    assessment = own_assessment(request, pk)
    gaps_url = reverse("assessments:check", args=(pk,)) + "?gaps"
    if assessment.status not in EDITABLE:
        return see_other("assessments:receipt", pk)
    form = DeclarationForm(posted(request))
    if not form.is_bound and gaps(assessment):
        return redirect(gaps_url)
    refusal = ""
    if form.is_valid():
        try:
            operations.submit(assessment=assessment, by=request.user)
        except Incomplete:
            return see_other(gaps_url)
        except Refused as error:
            refusal = str(error)
        else:
            return see_other("assessments:receipt", pk)
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": standing(assessment),
        "reviewer": reviewer_of(assessment),
    }
    return respond(request, "assessments/submit.html", context, form=form, refusal=refusal)


@access(signed_in)
@require_safe
def receipt(request: PersonRequest, pk: int) -> HttpResponse:
    """The receipt of what was handed in last; it stays readable whatever follows."""
    assessment = own_assessment(request, pk)
    if assessment.submission is None:
        raise Http404
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": standing(assessment),
        "submission": assessment.submission,
        "short_hash": assessment.submission.answers_hash[:HASH_SHOWN],
        "reviewer": reviewer_of(assessment),
        "reopened": reopened_now(assessment),
    }
    return render(request, "assessments/receipt.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
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
                request,
                _("Penilaian ditarik kembali. Anda dapat mengubahnya, lalu mengajukannya lagi."),
            )
            return see_other("assessments:tasks", pk)
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": standing(assessment),
    }
    return respond(request, "assessments/withdraw.html", context, refusal=refusal)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def report_supervisor(request: PersonRequest, pk: int) -> HttpResponse:
    """ "Ini bukan atasan saya": tell the personnel office, and go on filling in."""
    assessment = own_assessment(request, pk)
    form = SupervisorReportForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            operations.report_supervisor(
                assessment=assessment, message=form.cleaned_data["message"], by=request.user
            )
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(
                request, _("Laporan Anda diteruskan ke kepegawaian. Silakan lanjutkan mengisi.")
            )
            return see_other("assessments:tasks", pk)
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "recorded": _recorded(assessment),
        "open_report": assessment.supervisor_reports.filter(status=ReportStatus.OPEN).first(),
    }
    return respond(
        request, "assessments/report_supervisor.html", context, form=form, refusal=refusal
    )


def _recorded(assessment: Assessment) -> list[dict[str, str]]:
    """What the records say about unit and supervisor."""
    supervisor = reviewer_of(assessment)
    name = supervisor.full_name if supervisor else _("Belum ada atasan yang tercatat")
    return [
        {"key": _("Unit kerja"), "value": assessment.unit.name},
        {"key": _("Atasan yang tercatat"), "value": name},
    ]


def _lines(assessment: Assessment, missing: list[Gap]) -> list[dict[str, str]]:
    """Error summary: a line for each gap, and one for a whole pillar that nobody has begun."""
    lines = []
    for pillar, group in groupby(missing, key=attrgetter("pillar")):
        found = list(group)
        if len(found) > 1 and all(gap.kind is GapKind.ANSWER for gap in found):
            texts = {"pillar": pillar.name, "count": len(found)}
            text = _("%(pillar)s: %(count)s pernyataan belum dijawab.") % texts
            lines.append({"url": gap_url(assessment, found[0]), "text": text})
            continue
        for gap in found:
            text = f"{gap.code}: {PROBLEM_OF[gap.kind].text}"
            lines.append({"url": gap_url(assessment, gap), "text": text})
    return lines


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of the check page: what was chosen and written, and what it still lacks."""

    item: IndicatorItem
    answer: Answer | None
    lacks: GapKind | None
    remark: str
    files: Sequence[Evidence]
    url: str

    @property
    def level(self) -> LevelItem | None:
        """The level that was chosen."""
        return self.item.level(self.answer.value) if self.answer else None

    @property
    def problem(self) -> str:
        """What is to be mended, in words."""
        return str(PROBLEM_OF[self.lacks].text) if self.lacks else ""
