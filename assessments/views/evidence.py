"""Pages of evidence files: those of one statement, taking one out, opening one."""

from http import HTTPStatus

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access, signed_in
from accounts.errors import Refused
from accounts.views.answers import posted, respond, see_other
from assessments.files import vault
from assessments.files.evidence import EvidenceRefused
from assessments.forms.evidence import EvidenceForm
from assessments.models import Evidence
from assessments.operations.evidence import MAXIMUM_FILES, add_evidence, remove_evidence
from assessments.permissions import owns
from assessments.queries import questionnaire_of
from assessments.queries.evidence import evidence_readable_by, files_of
from assessments.queries.standing import standing
from assessments.views.own import crumbs_of, fill_url, own_assessment
from pillars.queries import PillarItem

logger = structlog.get_logger(__name__)
SANDBOX = "sandbox; default-src 'none'"


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """The files of one statement, and a form to add one; answers are on another page and stay there."""
    assessment = own_assessment(request, pk)
    questions = questionnaire_of(assessment)
    pillar = next((each for each in questions.pillars if code in _codes(each)), None)
    if pillar is None:
        raise Http404
    form = EvidenceForm(posted(request), request.FILES or None)
    refusal = ""
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            added = add_evidence(
                assessment=assessment,
                code=code,
                content=file.read(),
                name=file.name,
                by=request.user,
            )
        except EvidenceRefused as error:
            form.add_error("file", str(error))
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Berkas “%(name)s” tersimpan.") % {"name": added.name})
            return see_other("assessments:evidence", pk, code)
    files = files_of(assessment).get(code, [])
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": standing(assessment),
        "indicator": questions.indicators[code],
        "back_url": fill_url(assessment, pillar, code),
        "files": files,
        "is_full": len(files) >= MAXIMUM_FILES,
    }
    return respond(request, "assessments/evidence.html", context, form=form, refusal=refusal)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a file out of the draft, after a question."""
    own = Evidence.objects.of(request.user).filter(removed_at=None)
    file = get_object_or_404(own.select_related("assessment__cycle", "indicator"), pk=pk)
    assessment = own_assessment(request, file.assessment_id)
    back_url = reverse("assessments:evidence", args=(assessment.pk, file.indicator.code))
    refusal = ""
    if request.method == "POST":
        try:
            remove_evidence(evidence=file, by=request.user)
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Berkas “%(name)s” dihapus.") % {"name": file.name})
            return see_other(back_url)
    context = {
        "assessment": assessment,
        "crumbs": crumbs_of(assessment),
        "standing": standing(assessment),
        "file": file,
        "back_url": back_url,
    }
    return respond(request, "assessments/evidence_remove.html", context, refusal=refusal)


@access(signed_in)
@require_safe
def evidence_file(request: PersonRequest, pk: int) -> HttpResponse:
    """The file itself, to be saved and never shown in a page of the portal."""
    readable = evidence_readable_by(request.user).select_related("assessment")
    file = get_object_or_404(readable, pk=pk)
    if file.is_infected or (file.is_waiting and not owns(request.user, file.assessment)):
        context = {"file": file}
        return render(
            request, "assessments/evidence_file.html", context, status=HTTPStatus.CONFLICT
        )
    try:
        with vault.opened(file.key) as kept:
            content = kept.read()
    except FileNotFoundError:
        logger.exception("evidence.lost", evidence=file.pk)
        raise Http404 from None
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=file.name)
        or "attachment",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=file.media_type, headers=headers)


def _codes(pillar: PillarItem) -> set[str]:
    return {item.code for item in pillar.indicators}
