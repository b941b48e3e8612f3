"""Pages on which curators open cycles and keep them: dates, extensions, establishing results."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access
from accounts.clock import portal_today
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.enums import Status
from assessments.errors import CycleRefused, CycleStillOpen
from assessments.forms.cycles import CycleForm, RescheduleForm
from assessments.queries.cycles import (
    counts_of,
    cycles,
    phase_of,
    unit_choices,
)
from assessments.queries.reminding import rounds_of
from assessments.queries.retention import destroyed_at

ROWS = 20
PREVIEW, EDIT, OPEN = "preview", "edit", "open"


@access(cycle_manager)
@require_safe
def cycle_list(request: PersonRequest) -> HttpResponse:
    """Every cycle, latest first, with how many were asked and have handed in."""
    page = Paginator(cycles(), ROWS).get_page(request.GET.get("page"))
    counts = counts_of([each.pk for each in page])
    rows = [{"cycle": each, "phase": phase_of(each), "counts": counts[each.pk]} for each in page]
    return render(request, "assessments/cycle_list.html", {"rows": rows, "page": page})


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_open(request: PersonRequest) -> HttpResponse:
    """Write a cycle down, read how many would be invited, and only then open it."""
    step = request.POST.get("step", PREVIEW)
    units = unit_choices()
    if request.method != "POST":
        initial = {"census_date": portal_today(), "instrument": request.GET.get("instrument")}
        return _form_page(request, CycleForm(units=units, initial=initial))
    if step == EDIT:
        typed = {**request.POST.dict(), "population": request.POST.getlist("population")}
        return _form_page(request, CycleForm(units=units, initial=typed))
    form = CycleForm(request.POST, units=units)
    if not form.is_valid():
        return _form_page(request, form)
    facts = form.facts()
    try:
        if step == OPEN:
            return _opened(request, facts)
        planned = {name: value for name, value in facts.items() if name != "name"}
        invited = operations.plan_cycle(**planned)
    except CycleRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _form_page(request, form)
    context = {"plan": form, "facts": facts, "invited": invited}
    return render(request, "assessments/cycle_confirm.html", context)


def _form_page(request: PersonRequest, form: CycleForm) -> HttpResponse:
    return respond(request, "assessments/cycle_open.html", {}, form=form)


def _opened(request: PersonRequest, facts: dict[str, Any]) -> HttpResponse:
    """Open the cycle; a request sent again leads to the one it opened."""
    same = {name: value for name, value in facts.items() if name != "population"}
    cycle = cycles().filter(**same, opened_by=request.user).first()
    if cycle is None:
        cycle = operations.open_cycle(**facts, by=request.user)
        messages.success(request, _("Periode %(name)s sudah dibuka.") % {"name": cycle.name})
    return see_other("assessments:cycle", cycle.pk)


@access(cycle_manager)
@require_safe
def cycle(request: PersonRequest, pk: int) -> HttpResponse:
    """One cycle: what it asks, of whom, until when, and how far it has come."""
    found = get_object_or_404(cycles(), pk=pk)
    counts = counts_of([found.pk])[found.pk]
    context = {
        "cycle": found,
        "phase": phase_of(found),
        "counts": counts,
        "statuses": [(status, status.label, counts.of(status)) for status in Status],
        "population": found.population.select_related("parent").order_by("name", "pk"),
        "verified": counts.of(Status.VERIFIED),
        "destroyed_at": destroyed_at(found),
        "counts_final": counts.of(Status.FINAL),
        "rounds": rounds_of(found),
    }
    return render(request, "assessments/cycle.html", context)


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_reschedule(request: PersonRequest, pk: int) -> HttpResponse:
    """Move the end of a cycle for everybody."""
    found = get_object_or_404(cycles(), pk=pk)
    form = RescheduleForm(posted(request), initial={"closes_at": found.closes_at})
    if form.is_valid():
        try:
            operations.reschedule(cycle=found, by=request.user, **form.cleaned_data)
        except CycleRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Waktu tutup periode sudah diganti."))
            return see_other("assessments:cycle", pk)
    return respond(request, "assessments/cycle_reschedule.html", {"cycle": found}, form=form)


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_establish(request: PersonRequest, pk: int) -> HttpResponse:
    """Make verified results final, after a question: only two people together lead back."""
    found = get_object_or_404(cycles(), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            established = operations.establish(cycle=found, by=request.user)
        except CycleStillOpen as error:
            refusal = str(error)
        else:
            text = ngettext(
                "Hasil %(count)d pegawai ditetapkan.",
                "Hasil %(count)d pegawai ditetapkan.",
                established,
            )
            messages.success(request, text % {"count": established})
            return see_other("assessments:cycle", pk)
    counts = counts_of([found.pk])[found.pk]
    context = {
        "cycle": found,
        "phase": phase_of(found),
        "counts": counts,
        "verified": counts.of(Status.VERIFIED),
        "waiting": counts.of(Status.SUBMITTED) + counts.of(Status.RETURNED),
    }
    return respond(request, "assessments/cycle_establish.html", context, refusal=refusal)
