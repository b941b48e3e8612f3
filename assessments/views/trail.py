"""What happened with one's own assessment."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access, signed_in
from assessments.queries.trail import trail_of
from assessments.views.own import crumbs_of, own_assessment


@access(signed_in)
@require_safe
def trail(request: PersonRequest, pk: int) -> HttpResponse:
    """Who did what, and when; of others' assessments there is no such page."""
    assessment = own_assessment(request, pk)
    context = {
        "assessment": assessment,
        "steps": trail_of(assessment),
        "crumbs": crumbs_of(assessment),
    }
    return render(request, "assessments/trail.html", context)
