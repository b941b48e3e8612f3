"""Pages on which cycle managers give some people more time, and take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.forms.cases import ExtensionEndForm, ExtensionForm
from assessments.queries.cycles import cycle_unit_choices, cycles
from assessments.queries.extensions import extensions_in


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_extend(request: PersonRequest, pk: int) -> HttpResponse:
    """Give one person or one unit more time."""
    cycle = get_object_or_404(cycles(), pk=pk)
    form = ExtensionForm(posted(request), cycle=cycle, units=cycle_unit_choices(cycle))
    if form.is_valid():
        extended = operations.extend(**form.facts(), by=request.user)
        text = ngettext(
            "%(count)d pegawai mendapat waktu tambahan.",
            "%(count)d pegawai mendapat waktu tambahan.",
            extended,
        )
        messages.success(request, text % {"count": extended})
        return see_other("assessments:cycle", pk)
    context = {"cycle": cycle, "extensions": extensions_in(cycle)}
    return respond(request, "assessments/cycle_extend.html", context, form=form)


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_extension_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Take more time back: from then on the end for everybody holds."""
    cycle = get_object_or_404(cycles(), pk=pk)
    form = ExtensionEndForm(posted(request), cycle=cycle, units=cycle_unit_choices(cycle))
    if form.is_valid():
        ended = operations.end_extension(**form.facts(), by=request.user)
        text = ngettext(
            "Waktu tambahan %(count)d pegawai dicabut.",
            "Waktu tambahan %(count)d pegawai dicabut.",
            ended,
        )
        messages.success(request, text % {"count": ended})
        return see_other("assessments:cycle_extend", pk)
    context = {"cycle": cycle, "extensions": extensions_in(cycle)}
    return respond(request, "assessments/cycle_extension_end.html", context, form=form)
