"""The page on which cycle managers choose when people are reminded."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.forms.reminding import RemindersForm
from assessments.queries.cycles import cycles
from assessments.queries.reminding import reminder_days, rounds_of


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_reminders(request: PersonRequest, pk: int) -> HttpResponse:
    """On which days the people of a cycle are reminded, and what went out so far."""
    found = get_object_or_404(cycles(), pk=pk)
    form = RemindersForm(posted(request), initial={"days": reminder_days(found)})
    if form.is_valid():
        operations.plan_reminders(cycle=found, days=form.cleaned_data["days"], by=request.user)
        messages.success(request, _("Jadwal surat pengingat sudah disimpan."))
        return see_other("assessments:cycle", found.pk)
    context = {"cycle": found, "form": form, "rounds": rounds_of(found)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "assessments/cycle_reminders.html", context, status=status)
