"""Pages on which a review comes to its end: sending back, or verifying."""

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access, signed_in
from accounts.errors import Refused
from accounts.views.answers import posted, respond, see_other
from assessments.forms.reviewing import ReturnForm, VerifyForm
from assessments.models import Assessment
from assessments.operations import return_assessment, time_to_redo, verify
from assessments.permissions import rates
from assessments.queries import database_now, review_of, sheet_of
from assessments.queries.caseload import next_waiting
from assessments.views.reviewing import case_of


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def review_return(request: PersonRequest, pk: int) -> HttpResponse:
    """Send back what is marked, after a look at the list of it."""
    assessment = case_of(request, pk)
    form = ReturnForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            return_assessment(
                assessment=assessment, note=form.cleaned_data["note"], by=request.user
            )
        except Refused as error:
            refusal = str(error)
        else:
            done = _("Penilaian %(name)s dikembalikan dengan catatan Anda.")
            return _go_on(request, assessment, done)
    current = review_of(assessment)
    sheet = sheet_of(assessment, current)
    context = {
        "assessment": assessment,
        "review": current,
        "may_rate": rates(request.user, assessment, current),
        "sheet": sheet,
        "silent": any(not each.rating.note for each in sheet.marked),
        "until": _until(assessment),
    }
    return respond(request, "assessments/review_return.html", context, form=form, refusal=refusal)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def review_verify(request: PersonRequest, pk: int) -> HttpResponse:
    """Freeze the supervisor's levels, after a look at where they differ."""
    assessment = case_of(request, pk)
    form = VerifyForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            verify(assessment=assessment, note=form.cleaned_data["note"], by=request.user)
        except Refused as error:
            refusal = str(error)
        else:
            return _go_on(request, assessment, _("Penilaian %(name)s sudah diverifikasi."))
    current = review_of(assessment)
    context = {
        "assessment": assessment,
        "review": current,
        "may_rate": rates(request.user, assessment, current),
        "sheet": sheet_of(assessment, current),
    }
    return respond(request, "assessments/review_verify.html", context, form=form, refusal=refusal)


def _until(assessment: Assessment) -> datetime.datetime:
    """Until when the person could mend it, were it sent back now."""
    return max(assessment.deadline, time_to_redo(database_now()))


def _go_on(request: PersonRequest, assessment: Assessment, done: str) -> HttpResponse:
    """Say what was done, and go to whoever waits next."""
    messages.success(request, done % {"name": assessment.person.full_name})
    following = next_waiting(request.user, after=assessment)
    if following is None:
        messages.info(request, _("Tidak ada lagi yang menunggu tinjauan Anda."))
        return see_other("assessments:review_list")
    whose = {"name": following.person.full_name, "cycle": following.cycle.name}
    messages.info(request, _("Berikutnya: %(name)s, %(cycle)s") % whose)
    return see_other("assessments:review", following.pk)
