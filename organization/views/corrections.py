"""Requests to correct personal data: of oneself, and as the personnel office answers them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, access, signed_in
from accounts.clock import portal_today
from accounts.errors import Refused
from accounts.operations import note_reading
from accounts.views.answers import posted, respond, see_other
from organization import operations
from organization.access import personnel_officer
from organization.enums import CorrectionItem, CorrectionStatus
from organization.errors import CorrectionSettled
from organization.forms import CorrectionDecisionForm, CorrectionForm
from organization.models import CorrectionRequest
from organization.queries import corrections_for, own_corrections

ROWS = 25


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: PersonRequest) -> HttpResponse:
    """One's own requests with state, deadline and answer, and the form for a new one."""
    form = CorrectionForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            operations.ask_for_correction(
                item=CorrectionItem(form.cleaned_data["item"]),
                requested=form.cleaned_data["requested"],
                reference=form.cleaned_data["reference"],
                by=request.user,
            )
        except Refused as error:
            refusal = str(error)
        else:
            messages.success(request, _("Permintaan Anda diterima kepegawaian."))
            return see_other("organization:corrections")
    context = {"corrections": own_corrections(request.user)}
    return respond(request, "organization/corrections.html", context, form=form, refusal=refusal)


@access(signed_in)
@require_POST
def correction_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's request back."""
    correction = get_object_or_404(own_corrections(request.user), pk=pk)
    try:
        operations.withdraw_correction(correction=correction, by=request.user)
    except CorrectionSettled as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Permintaan ditarik."))
    return see_other("organization:corrections")


@access(personnel_officer)
@require_safe
def correction_requests(request: PersonRequest) -> HttpResponse:
    """Requests of the units that the person answers for: what waits first, the nearest deadline at the top."""
    found = corrections_for(request.user, portal_today())
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    people = [each.person_id for each in page]
    note_reading(by=request.user, people=people, where="organization:correction_requests")
    return render(request, "organization/correction_requests.html", {"page": page})


@access(personnel_officer)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_request(request: PersonRequest, pk: int) -> HttpResponse:
    """One request: who asks for what by when, and the answer."""
    correction = get_object_or_404(corrections_for(request.user, portal_today()), pk=pk)
    form = CorrectionDecisionForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            _decide(request, correction, form)
        except CorrectionSettled as error:
            refusal = str(error)
        else:
            _say_answered(request, correction)
            return see_other("organization:correction_requests")
    note_reading(
        by=request.user, people=[correction.person_id], where="organization:correction_request"
    )
    context = {"correction": correction}
    return respond(
        request, "organization/correction_request.html", context, form=form, refusal=refusal
    )


def _say_answered(request: PersonRequest, correction: CorrectionRequest) -> None:
    """That the person is told by mail, or that there is no address to write to."""
    if correction.person.email:
        messages.success(request, _("Jawaban disimpan. Pegawai diberi tahu lewat surel."))
        return
    text = _(
        "Jawaban disimpan. %(name)s belum punya surel dinas: beri tahu langsung. Jawabannya terbaca di "
        "“Akun saya”, “Minta perbaikan data”."
    )
    messages.warning(request, text % {"name": correction.person.full_name})


def _decide(
    request: PersonRequest, correction: CorrectionRequest, form: CorrectionDecisionForm
) -> None:
    operations.decide_correction(
        correction=correction,
        status=CorrectionStatus(form.cleaned_data["decision"]),
        answer=form.cleaned_data["answer"],
        by=request.user,
    )
