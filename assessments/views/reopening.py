"""Pages on which one curator asks for an established result to be opened again, and another decides."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.errors import Refused
from accounts.operations import note_reading
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.enums import ReopeningStatus
from assessments.forms.cases import ReopeningForm
from assessments.forms.reopening import APPROVE, DecisionForm
from assessments.models import Cycle, Reopening
from assessments.queries.reopening import cycles_with_results, reopenings, waiting_in


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a result to be opened again; and what waits for a second person."""
    cycle = get_object_or_404(cycles_with_results(), pk=pk)
    form = ReopeningForm(posted(request), cycle=cycle)
    if form.is_valid():
        try:
            operations.propose_reopening(
                assessment=form.assessment,
                reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("nip", str(refusal))
        else:
            messages.success(request, _("Usulan tersimpan. Pengelola lain perlu menyetujuinya."))
            return see_other("assessments:cycle_reopen", cycle.pk)
    context = {"cycle": cycle, "waiting": _read(request, cycle)}
    return respond(request, "assessments/cycle_reopen.html", context, form=form)


def _read(request: PersonRequest, cycle: Cycle) -> list[Reopening]:
    """What waits in the cycle; that the people of it were read goes on record."""
    waiting = list(waiting_in(cycle))
    people = [each.assessment.person_id for each in waiting]
    note_reading(by=request.user, people=people, where="assessments:cycle_reopen")
    return waiting


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def reopening(request: PersonRequest, pk: int) -> HttpResponse:
    """One proposal: whose result, why, until when; the second person agrees or does not."""
    found = get_object_or_404(reopenings(), pk=pk)
    form = DecisionForm(posted(request))
    refusal = ""
    if form.is_valid():
        try:
            said = _decide(request, found, approves=form.cleaned_data["decision"] == APPROVE)
        except Refused as error:
            refusal = str(error)
            found = reopenings().get(pk=pk)
        else:
            messages.success(request, said)
            return see_other("assessments:cycle_reopen", found.assessment.cycle_id)
    note_reading(
        by=request.user, people=[found.assessment.person_id], where="assessments:reopening"
    )
    waits = found.status == ReopeningStatus.PROPOSED
    context = {
        "reopening": found,
        "cycle": found.assessment.cycle,
        "may_decide": waits
        and request.user.pk not in (found.proposed_by_id, found.assessment.person_id),
        "waits": waits,
    }
    return respond(request, "assessments/reopening.html", context, form=form, refusal=refusal)


def _decide(request: PersonRequest, found: Reopening, *, approves: bool) -> str:
    """Decide, and say what was decided."""
    if approves:
        operations.approve_reopening(reopening=found, by=request.user)
        return _("Hasil dibuka kembali.")
    operations.reject_reopening(reopening=found, by=request.user)
    return _("Usulan ditolak.")
