"""The result page: what an assessment came to, and how."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access, signed_in
from assessments.permissions import owns
from assessments.queries import readable_by
from assessments.queries.reopening import as_established, earlier_of, reopened_now
from assessments.queries.results import history_of, result_of
from assessments.views.own import crumbs_of, found_or_missing


@access(signed_in)
@require_safe
def result(request: PersonRequest, pk: int) -> HttpResponse:
    """The scores of one assessment with their explanation, for its person and the reviewer."""
    readable = readable_by(request.user).select_related("person", "unit", "cycle", "submission")
    assessment = found_or_missing(request, readable, pk)
    found = result_of(assessment)
    is_own = owns(request.user, assessment)
    if found is None and not is_own:
        raise Http404
    context = {
        "assessment": assessment,
        "result": found,
        "is_own": is_own,
        "crumbs": crumbs_of(assessment),
        "history": history_of(assessment) if is_own else [],
        "earlier": earlier_of(assessment),
        "reopened": reopened_now(assessment),
    }
    return render(request, "assessments/result.html", context)


@access(signed_in)
@require_safe
def earlier_result(request: PersonRequest, pk: int, sequence: int) -> HttpResponse:
    """What was established once and then opened again, as it was; for the same people."""
    readable = readable_by(request.user).select_related("person", "unit", "cycle", "submission")
    assessment = as_established(get_object_or_404(readable, pk=pk), sequence)
    if assessment is None:
        raise Http404
    context = {
        "assessment": assessment,
        "result": result_of(assessment),
        "is_own": owns(request.user, assessment),
        "crumbs": crumbs_of(assessment),
    }
    return render(request, "assessments/earlier_result.html", context)
