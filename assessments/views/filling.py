"""Pages on which a person fills in: own assessments, the task list, a section, one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, access, signed_in
from accounts.clock import hour_in_words
from accounts.errors import Refused
from accounts.views.answers import see_other
from assessments.enums import ReportStatus
from assessments.errors import UnknownIndicator
from assessments.forms.filling import FILES, PROBLEM_OF, SectionForm, Sheet, field_id
from assessments.forms.shell import messages_of, render_section
from assessments.models import Answer, Assessment
from assessments.operations import SaveResult, save_held
from assessments.operations.locking import Held
from assessments.queries import (
    GapKind,
    PillarProgress,
    answers_of,
    gaps_at,
    marked_notes,
    progress,
    questionnaire_of,
    return_of,
    reviewer_of,
)
from assessments.queries.evidence import files_of
from assessments.queries.reopening import reopened_now
from assessments.queries.retention import tombstones_of
from assessments.queries.standing import (
    Standing,
    lines_of,
    own_assessments,
    standing,
    with_answered,
)
from assessments.views.own import (
    Section,
    crumbs_of,
    fill_url,
    gap_url,
    own_assessment,
    own_held,
    section_of,
)
from pillars.queries import PillarItem


@access(signed_in)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """The person's own assessments: those that wait first, then what is past."""
    own = lines_of(with_answered(own_assessments(request.user)))
    current = [each for each in own if each.standing.is_current]
    past = [each for each in own if not each.standing.is_current]
    context = {"current": current, "past": past, "destroyed": tombstones_of(request.user)}
    return render(request, "assessments/index.html", context)


@access(signed_in)
@require_safe
def tasks(request: PersonRequest, pk: int) -> HttpResponse:
    """One assessment at its start and at each return: whose it is, what is done, what is next."""
    assessment = own_assessment(request, pk)
    stands = standing(assessment)
    parts = progress(assessment)
    missing = [gap for part in parts for gap in part.gaps]
    back = return_of(assessment)
    remarks = marked_notes(back)
    report = assessment.supervisor_reports.order_by("-reported_at", "-pk").first()
    context = {
        "assessment": assessment,
        "standing": stands,
        "crumbs": crumbs_of(),
        "tasks": [_task(assessment, stands, part, remarks) for part in parts],
        "answered": sum(part.answered for part in parts),
        "total": sum(part.total for part in parts),
        "started": any(part.is_started for part in parts),
        "next_url": gap_url(assessment, missing[0]) if missing else "",
        "returned": back,
        "reopened": reopened_now(assessment),
        "remark_url": _first_remark_url(assessment, parts, remarks),
        "supervisor": reviewer_of(assessment),
        "report": report,
        "may_report": report is None or report.status != ReportStatus.OPEN,
    }
    return render(request, "assessments/tasks.html", context)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: PersonRequest, pk: int, pillar: str) -> HttpResponse:
    """One section: read it with what is stored, or send the whole of it.

    What is valid is stored even where something else is not. `?gaps` marks what is still missing.
    """
    if request.method == "POST":
        with transaction.atomic():
            held = own_held(request, pk)
            return _save_section(request, held, section_of(held.assessment, pillar))
    assessment = own_assessment(request, pk)
    section = section_of(assessment, pillar)
    if not standing(assessment).may_fill:
        return redirect("assessments:check", assessment.pk)
    answers = answers_of(assessment, among=section.codes)
    sheets = {code: Sheet.of(answer) for code, answer in answers.items()}
    if "gaps" in request.GET:
        for code, gap in gaps_at(assessment, section.pillar.indicators, answers).items():
            sheet = sheets.get(code, Sheet())
            sheets[code] = replace(sheet, problems=(PROBLEM_OF[gap],))
    return _section_page(request, assessment, section, sheets)


@access(signed_in)
@require_POST
@transaction.atomic
def save_answer(request: PersonRequest, pk: int) -> HttpResponse:
    """One answer, sent by the page as soon as it is chosen; the same operation as the whole section."""
    held = own_held(request, pk)
    assessment = held.assessment
    code = request.POST.get("indicator", "")
    item = questionnaire_of(assessment).indicators.get(code)
    if item is None:
        return _told(
            "refused", HTTPStatus.UNPROCESSABLE_ENTITY, text=str(UnknownIndicator(code[:60]))
        )
    form = SectionForm(
        request.POST, items=[item], stored=lambda: answers_of(assessment, among=[code])
    )
    inputs = form.inputs() if form.is_valid() else {}
    if not inputs:
        sheet = form.sheets()[code]
        problems = sheet.problems or (PROBLEM_OF[GapKind.ANSWER],)
        html = messages_of(item, replace(sheet, problems=problems))
        return _told("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, messages=html)
    try:
        result = save_held(held=held, answers=inputs, by=request.user)
    except Refused as refusal:
        return _told("refused", HTTPStatus.CONFLICT, text=str(refusal))
    if code in result.conflicts:
        theirs = result.conflicts[code]
        html = messages_of(item, replace(form.sheets()[code], conflict=theirs))
        token = theirs.token.hex if theirs.token else ""
        return _told(
            "conflict", HTTPStatus.CONFLICT, messages=html, revision=theirs.revision, token=token
        )
    answer = result.saved[code]
    moment = hour_in_words(answer.saved_at)
    return _told("saved", revision=answer.revision, text=_("Tersimpan %(time)s") % {"time": moment})


def _told(state: str, status: int = 200, **facts: object) -> JsonResponse:
    return JsonResponse({"state": state, **facts}, status=status)


def _save_section(request: PersonRequest, held: Held, section: Section) -> HttpResponse:
    assessment = held.assessment
    form = SectionForm(
        request.POST,
        items=section.pillar.indicators,
        stored=lambda: answers_of(assessment, among=section.codes),
    )
    form.full_clean()
    try:
        result = save_held(held=held, answers=form.inputs(), by=request.user)
    except Refused as refusal:
        return _section_page(
            request,
            assessment,
            section,
            form.sheets(),
            refusal=str(refusal),
            status=HTTPStatus.CONFLICT,
        )
    if form.errors or result.conflicts:
        return _section_page(
            request,
            assessment,
            section,
            _after_saving(form, result),
            faults=form.non_field_errors(),
            status=HTTPStatus.CONFLICT if result.conflicts else HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    messages.success(
        request, _("Jawaban pilar %(pillar)s tersimpan.") % {"pillar": section.pillar.name}
    )
    sent_all = result.saved.keys() >= set(section.codes)
    answers = result.saved if sent_all else {**form.stored, **result.saved}
    return see_other(_next_url(request, assessment, section, answers))


def _after_saving(form: SectionForm, result: SaveResult) -> dict[str, Sheet]:
    """The statements as sent, those now stored with their revision, those in conflict with both."""
    sheets = form.sheets()
    sheets |= {code: Sheet.of(answer) for code, answer in result.saved.items()}
    for code, answer in result.conflicts.items():
        sheets[code] = replace(sheets[code], conflict=answer)
    return sheets


def _next_url(
    request: PersonRequest, assessment: Assessment, section: Section, answers: Mapping[str, Answer]
) -> str:
    """Where the button that was pressed leads; "lanjutkan" stays while something is missing."""
    check = reverse("assessments:check", args=(assessment.pk,))
    if request.POST.get("next") == "tasks":
        return reverse("assessments:tasks", args=(assessment.pk,))
    wanted = request.POST.get("next", "").removeprefix(FILES)
    if wanted in section.codes:
        return reverse("assessments:evidence", args=(assessment.pk, wanted))
    changed = request.POST.get("change", "")
    if changed in questionnaire_of(assessment).indicators:
        return f"{check}#jawaban-{changed}"
    if gaps_at(assessment, section.pillar.indicators, answers):
        return fill_url(assessment, section.pillar) + "?gaps"
    return fill_url(assessment, section.following) if section.following else check


def _section_page(
    request: PersonRequest,
    assessment: Assessment,
    section: Section,
    sheets: Mapping[str, Sheet],
    *,
    refusal: str = "",
    faults: Any = (),
    status: int = 200,
) -> HttpResponse:
    remarks = marked_notes(return_of(assessment))
    files = (
        files_of(assessment)
        if any(item.evidence_from for item in section.pillar.indicators)
        else {}
    )
    shown = {
        item.code: replace(
            sheets.get(item.code, Sheet()),
            remark=remarks.get(item.code, ""),
            files=None
            if refusal or not item.evidence_from
            else tuple(file.name for file in files.get(item.code, ())),
        )
        for item in section.pillar.indicators
    }
    errors = [{"anchor": "isi", "text": fault} for fault in faults]
    errors += _errors(section.pillar, shown)
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "section": section,
        "statements": render_section(section.pillar, shown),
        "errors": errors,
        "has_errors": bool(errors or refusal),
        "refusal": refusal,
        "change": request.GET.get("change", request.POST.get("change", "")),
    }
    return render(request, "assessments/fill.html", context, status=status)


def _errors(pillar: PillarItem, sheets: Mapping[str, Sheet]) -> list[dict[str, str]]:
    """The lines of the error summary, each leading to the field to mend."""
    lines = []
    for number, item in enumerate(pillar.indicators, start=1):
        sheet = sheets[item.code]
        where = _("Pernyataan %(number)s") % {"number": number}
        for problem in sheet.problems:
            anchor = field_id(item.code, problem.suffix)
            lines.append({"anchor": anchor, "text": f"{where}: {problem.text}"})
        if sheet.conflict:
            text = _("pilih jawaban yang dipakai.")
            lines.append({"anchor": f"pakai-{item.code}-saya", "text": f"{where}: {text}"})
    return lines


def _first_remark_url(
    assessment: Assessment, parts: Sequence[PillarProgress], remarks: Mapping[str, str]
) -> str:
    """Where the supervisor's first note is read and answered; nothing without a note."""
    for part in parts:
        for item in part.pillar.indicators:
            if item.code in remarks:
                return fill_url(assessment, part.pillar, item.code)
    return ""


def _task(
    assessment: Assessment, stands: Standing, part: PillarProgress, remarks: Mapping[str, str]
) -> dict[str, str]:
    """One line of the task list."""
    marked = sum(item.code in remarks for item in part.pillar.indicators)
    lacking = sum(gap.kind is not GapKind.ANSWER for gap in part.gaps)
    hints = []
    if marked:
        hints.append(_("Catatan atasan pada %(count)s pernyataan") % {"count": marked})
    if lacking:
        hints.append(
            _("Alasan atau bukti dukung belum ada pada %(count)s pernyataan") % {"count": lacking}
        )
    if part.is_complete:
        status, label = "COMPLETE", _("Selesai")
    elif part.is_started:
        status = "DRAFT"
        label = _("Sedang diisi %(answered)s dari %(total)s") % {
            "answered": part.answered,
            "total": part.total,
        }
    else:
        status, label = "NOT-STARTED", _("Belum dimulai")
    return {
        "title": part.pillar.name,
        "url": fill_url(assessment, part.pillar) if stands.may_fill else "",
        "hint": ". ".join(hints),
        "status": status,
        "label": label,
    }
