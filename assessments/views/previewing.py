"""An instrument version as the people who fill it in will see it. Nothing here is stored."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access
from assessments.forms.shell import FilledForm
from pillars.access import curator
from pillars.models import Instrument
from pillars.queries import questionnaire


@access(curator)
@require_safe
def preview_instrument(request: PersonRequest, pk: int) -> HttpResponse:
    """One section of a version, drawn by the very form of the filling pages; `?pilar=` names it."""
    instrument = get_object_or_404(Instrument, pk=pk)
    questions = questionnaire(instrument.pk)
    pillars = questions.pillars
    code = request.GET.get("pilar", pillars[0].code if pillars else "")
    pillar = questions.pillar(code)
    if pillar is None and code:
        raise Http404
    context = {
        "instrument": instrument,
        "pillars": pillars,
        "pillar": pillar,
        "form": FilledForm(pillar, {}) if pillar else None,
    }
    return render(request, "assessments/preview_instrument.html", context)
