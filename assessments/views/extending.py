"""Pages on which cycle managers give some people more time, and take it back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.forms.cases import ExtensionEndForm, ExtensionForm, GroupForm
from assessments.models import Cycle
from assessments.queries.cycles import cycle_unit_choices, cycles
from assessments.queries.extensions import extensions_in


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_extend(request: PersonRequest, pk: int) -> HttpResponse:
    """Give one person or one unit more time."""
    found = get_object_or_404(cycles(), pk=pk)
    form = ExtensionForm(posted(request), cycle=found, units=cycle_unit_choices(found))
    if form.is_valid():
        extended = operations.extend(
            assessments=form.cleaned_data["assessments"],
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        text = ngettext(
            "%(count)d pegawai mendapat waktu tambahan.",
            "%(count)d pegawai mendapat waktu tambahan.",
            extended,
        )
        messages.success(request, text % {"count": extended})
        return see_other("assessments:cycle", found.pk)
    return _page(request, "assessments/cycle_extend.html", found, form)


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_extension_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Take more time back: from then on the end for everybody holds."""
    found = get_object_or_404(cycles(), pk=pk)
    form = ExtensionEndForm(posted(request), cycle=found, units=cycle_unit_choices(found))
    if form.is_valid():
        ended = operations.end_extension(
            assessments=form.cleaned_data["assessments"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        text = ngettext(
            "Waktu tambahan %(count)d pegawai dicabut.",
            "Waktu tambahan %(count)d pegawai dicabut.",
            ended,
        )
        messages.success(request, text % {"count": ended})
        return see_other("assessments:cycle_extend", found.pk)
    return _page(request, "assessments/cycle_extension_end.html", found, form)


def _page(request: PersonRequest, template: str, found: Cycle, form: GroupForm) -> HttpResponse:
    context = {"cycle": found, "form": form, "extensions": extensions_in(found)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)
