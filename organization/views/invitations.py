"""The page on which the personnel office invites people to set their first password."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import PersonRequest, access
from accounts.clock import portal_today
from accounts.enums import Entry
from accounts.operations import note_reading
from accounts.views.answers import see_other
from organization.access import personnel_officer
from organization.forms import InvitingForm, Reach
from organization.models import Unit
from organization.operations import invite_people
from organization.queries import count_by_entry, units_below, units_to_choose, unreachable_in

ROWS = 25


@access(personnel_officer)
@require_safe
def invitations(request: PersonRequest) -> HttpResponse:
    """Choose units, and read how many of their people stand how before anything is sent."""
    today = portal_today()
    units = list(units_to_choose(request.user, today))  # once: the tree is walked for them
    at_first = {"unit": units[0].pk, "reach": Reach.BELOW} if units else {}
    form = InvitingForm(request.GET if "unit" in request.GET else at_first, units=units)
    if not form.is_valid():
        return render(request, "organization/invitations.html", {"form": form})
    unit, reach = form.cleaned_data["unit"], form.cleaned_data["reach"]
    chosen = _reached(unit, reach)
    counts = count_by_entry(chosen, today)
    unreachable = Paginator(unreachable_in(chosen, today), ROWS)
    unreachable.count = counts[
        Entry.UNREACHABLE
    ]  # known already; to count them is to read everybody
    page = unreachable.get_page(request.GET.get("page"))
    people = [person.pk for person in page]
    note_reading(by=request.user, people=people, where="organization:invitations")
    context = {"form": form, "unit": unit, "reach": reach, "counts": counts, "page": page}
    return render(request, "organization/invitations.html", context)


@access(personnel_officer)
@require_POST
def send_invitations(request: PersonRequest, pk: int) -> HttpResponse:
    """Queue the letters. Sending again after a reload sends nothing."""
    today = portal_today()
    unit = get_object_or_404(units_to_choose(request.user, today), pk=pk)
    reach = Reach.BELOW if request.POST.get("reach") == Reach.BELOW else Reach.ALONE
    again = "again" in request.POST
    sent = invite_people(units=_reached(unit, reach), on=today, again=again, by=request.user)
    text = ngettext(
        "%(count)d undangan masuk antrean surat dan dikirim bertahap.",
        "%(count)d undangan masuk antrean surat dan dikirim bertahap.",
        sent,
    )
    messages.success(request, text % {"count": sent})
    here = urlencode({"unit": unit.pk, "reach": reach.value})
    url = f"{reverse('organization:invitations')}?{here}"
    return see_other(url)


def _reached(unit: Unit, reach: str) -> set[int]:
    return units_below([unit.pk]) if reach == Reach.BELOW else {unit.pk}
