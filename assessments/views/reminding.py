"""The page on which cycle managers choose when people are reminded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, respond, see_other
from assessments import operations
from assessments.access import cycle_manager
from assessments.forms.reminding import RemindersForm
from assessments.queries.cycles import cycles
from assessments.queries.reminding import reminder_days, rounds_of


@access(cycle_manager)
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_reminders(request: PersonRequest, pk: int) -> HttpResponse:
    """On which days the people of a cycle are reminded, and what went out so far."""
    cycle = get_object_or_404(cycles(), pk=pk)
    form = RemindersForm(posted(request), initial={"days": reminder_days(cycle)})
    if form.is_valid():
        operations.plan_reminders(cycle=cycle, days=form.cleaned_data["days"], by=request.user)
        messages.success(request, _("Jadwal surat pengingat sudah disimpan."))
        return see_other("assessments:cycle", pk)
    context = {"cycle": cycle, "rounds": rounds_of(cycle)}
    return respond(request, "assessments/cycle_reminders.html", context, form=form)
