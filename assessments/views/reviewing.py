"""Pages on which a supervisor reviews: the list, one assessment, one pillar of it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.access import PersonRequest, access, signed_in
from accounts.errors import Refused
from accounts.views.answers import see_other
from assessments.enums import STAGES, Stage
from assessments.filters.reviewing import CaseFilter
from assessments.forms.reviewing import RatingsForm
from assessments.models import Assessment, Review
from assessments.operations import agree_with_rest, open_review, save_ratings
from assessments.permissions import rates
from assessments.queries import ReviewSheet, return_notes, review_of, reviewable_by, sheet_of
from assessments.queries.caseload import behind, caseload, loads_of
from assessments.queries.reviewing import PillarReview, RatingGapKind
from assessments.tables.reviewing import CaseTable

ROWS = 25


@access(signed_in)
@require_safe
def review_list(request: PersonRequest) -> HttpResponse:
    """Whom the person reviews, one cycle at a time, the newest first."""
    cases = caseload(request.user)
    loads = loads_of(cases)
    if not loads:
        return render(request, "assessments/review_list.html", {"loads": loads})
    asked = request.GET.get("cycle")
    load = next((each for each in loads if each.cycle.code == asked), loads[0])
    data = request.GET.copy()
    data["cycle"] = load.cycle.code
    chosen = CaseFilter(data, queryset=cases, cycles=[each.cycle for each in loads])
    table = CaseTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    context = {
        "loads": loads,
        "load": load,
        "elsewhere": [each for each in loads if each is not load and each.waiting],
        "behind": behind(cases, load.cycle),
        "filter": chosen,
        "table": table,
    }
    return render(request, "assessments/review_list.html", context)


@access(signed_in)
@require_safe
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """One person's assessment: whose it is, how far the review is, what can be done."""
    assessment = case_of(request, pk)
    current = review_of(assessment)
    sheet = sheet_of(assessment, current)
    lacking = next((part for part in sheet.pillars if not part.is_done), None)
    context = {
        "assessment": assessment,
        "review": current,
        "sheet": sheet,
        "tasks": [_task(assessment, current, part) for part in sheet.pillars],
        "may_rate": rates(request.user, assessment, current),
        "handed_in": assessment.status not in STAGES[Stage.BEHIND],
        "lacking": lacking,
        "asked_before": return_notes(assessment),
    }
    return render(request, "assessments/review.html", context)


@access(signed_in)
@require_POST
def review_open(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin, or take over: from now on the person cannot take it back."""
    assessment = case_of(request, pk)
    try:
        opened = open_review(assessment=assessment, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return see_other(reverse("assessments:review", args=(pk,)))
    sheet = sheet_of(assessment, opened)
    first = next((part for part in sheet.pillars if not part.is_done), sheet.pillars[0])
    return see_other(pillar_url(assessment, first))


@access(signed_in)
@require_POST
def review_agree(request: PersonRequest, pk: int) -> HttpResponse:
    """Give the person's own choice wherever the supervisor gave nothing yet."""
    assessment = case_of(request, pk)
    try:
        result = agree_with_rest(assessment=assessment, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(count)s pernyataan disamakan dengan pilihan pegawai.")
            % {"count": len(result.saved)},
        )
    return see_other(reverse("assessments:review", args=(pk,)))


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def review_pillar(request: PersonRequest, pk: int, pillar: str) -> HttpResponse:
    """One pillar: the person's answers beside the supervisor's own levels.

    Whatever is valid is stored, a difference without its reason too; `?gaps` marks what is missing.
    """
    assessment = case_of(request, pk)
    current = review_of(assessment)
    sheet = sheet_of(assessment, current)
    part = sheet.pillar(pillar)
    if part is None or assessment.status in STAGES[Stage.BEHIND]:
        raise Http404
    if request.method == "POST":
        return _rate(request, assessment, sheet, part)
    form = RatingsForm(
        part=part, asked_before=return_notes(assessment), show_gaps="gaps" in request.GET
    )
    return _pillar_page(request, assessment, sheet, form)


def case_of(request: PersonRequest, pk: int) -> Assessment:
    """An assessment that the person reviews today; anybody else's answers 404."""
    cases = reviewable_by(request.user).select_related("person", "unit", "cycle", "submission")
    return get_object_or_404(cases, pk=pk)


def pillar_url(assessment: Assessment, part: PillarReview) -> str:
    """The page of one pillar."""
    return reverse("assessments:review_pillar", args=(assessment.pk, part.pillar.code))


def _rate(
    request: PersonRequest, assessment: Assessment, sheet: ReviewSheet, part: PillarReview
) -> HttpResponse:
    form = RatingsForm(request.POST, part=part, asked_before=return_notes(assessment))
    if not form.is_valid():
        return _pillar_page(
            request, assessment, sheet, form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    inputs = form.inputs()
    agree = request.POST.get("next") == "agree"
    try:
        if agree:
            code = part.pillar.code
            result = agree_with_rest(
                assessment=assessment, pillar_code=code, ratings=inputs, by=request.user
            )
        else:
            result = save_ratings(assessment=assessment, ratings=inputs, by=request.user)
    except Refused as refusal:
        return _pillar_page(
            request, assessment, sheet, form, refusal=str(refusal), status=HTTPStatus.CONFLICT
        )
    if result.conflicts:
        form.conflicts = result.conflicts
        return _pillar_page(request, assessment, sheet, form, status=HTTPStatus.CONFLICT)
    messages.success(
        request,
        _("Penilaian Anda untuk pilar %(pillar)s tersimpan.") % {"pillar": part.pillar.name},
    )
    return see_other(_next_url(request, assessment, part, stay=agree))


def _next_url(
    request: PersonRequest, assessment: Assessment, part: PillarReview, *, stay: bool
) -> str:
    """Where the pressed button leads; "lanjut" stays while something here is missing."""
    overview = reverse("assessments:review", args=(assessment.pk,))
    if request.POST.get("next") == "review":
        return overview
    here = pillar_url(assessment, part)
    sheet = sheet_of(assessment, review_of(assessment))
    now = sheet.pillar(part.pillar.code)
    if now is not None and not now.is_done:
        return f"{here}?gaps"
    if stay:
        return here
    place = [each.pillar.code for each in sheet.pillars].index(part.pillar.code) + 1
    return pillar_url(assessment, sheet.pillars[place]) if place < len(sheet.pillars) else overview


def _pillar_page(
    request: PersonRequest,
    assessment: Assessment,
    sheet: ReviewSheet,
    form: RatingsForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    current = review_of(assessment)
    errors = form.problems()
    context: dict[str, Any] = {
        "assessment": assessment,
        "review": current,
        "sheet": sheet,
        "part": form.part,
        "rows": form.rows(),
        "errors": errors,
        "has_errors": bool(errors or refusal),
        "refusal": refusal,
        "may_rate": rates(request.user, assessment, current),
    }
    return render(request, "assessments/review_pillar.html", context, status=status)


def _task(assessment: Assessment, current: Review | None, part: PillarReview) -> dict[str, Any]:
    """One line of the overview."""
    hints = []
    different = sum(each.is_different for each in part.comparisons)
    if different:
        hints.append(_("%(count)s berbeda dari pilihan pegawai") % {"count": different})
    unexplained = sum(gap.kind is RatingGapKind.REASON for gap in part.gaps)
    if unexplained:
        hints.append(_("%(count)s alasan belum ditulis") % {"count": unexplained})
    if part.marked:
        hints.append(_("%(count)s diminta diperbaiki") % {"count": part.marked})
    if current is None:
        status, label = "NOT-STARTED", _("%(total)s pernyataan") % {"total": part.total}
    elif part.is_done:
        status, label = "COMPLETE", _("Selesai")
    else:
        status = "DRAFT" if part.rated else "NOT-STARTED"
        label = _("%(rated)s dari %(total)s dinilai") % {"rated": part.rated, "total": part.total}
    return {
        "title": part.pillar.name,
        "url": pillar_url(assessment, part),
        "hint": ". ".join(hints),
        "status": status,
        "label": label,
    }
