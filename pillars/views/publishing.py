"""The way out of a draft: what the checks say, what changes, publishing; and retiring."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access
from accounts.views.answers import respond, see_other
from pillars import operations, queries
from pillars.access import curator
from pillars.enums import InstrumentStatus
from pillars.errors import NotPublished
from pillars.files import content_hash, structure_hash
from pillars.models import Instrument
from pillars.queries import InstrumentDiff, document_of
from pillars.views.saving import Draft, confirm_page, draft_of


@access(curator)
@require_safe
def checks(request: PersonRequest, pk: int) -> HttpResponse:
    """What keeps a version from being published, and what deserves a second look."""
    draft = draft_of(pk)
    context = {
        "draft": draft,
        "instrument": draft.instrument,
        "findings": queries.findings_of(draft.document),
        "advice": queries.advice_on(draft.document),
        "here": "checks",
    }
    return render(request, "pillars/checks.html", context)


@access(curator)
@require_safe
def diff(request: PersonRequest, pk: int) -> HttpResponse:
    """What differs from the version this one is based on."""
    draft = draft_of(pk)
    context = {"draft": draft, "instrument": draft.instrument, "here": "diff"}
    return render(request, "pillars/diff.html", context | _compared(draft))


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask with everything that matters in view, then freeze the draft."""
    draft = draft_of(pk)
    context = {
        "findings": queries.findings_of(draft.document),
        "advice": queries.advice_on(draft.document),
        "content_hash": content_hash(draft.document),
        "structure_hash": structure_hash(draft.document),
        "here": "publish",
    }
    return confirm_page(
        request,
        draft,
        operations.publish,
        template="pillars/publish.html",
        context=context | _compared(draft),
        done=_("%(name)s terbit.") % {"name": draft.instrument},
        url=reverse("pillars:detail", args=(pk,)),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask, then close a published version to new cycles."""
    instrument = get_object_or_404(Instrument, pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            operations.retire(instrument=instrument, by=request.user)
        except NotPublished as error:
            refusal = str(error)
        else:
            done = _("%(name)s tidak dapat dipakai lagi untuk periode baru.")
            messages.success(request, done % {"name": instrument})
            return see_other("pillars:detail", pk)
    elif instrument.status != InstrumentStatus.PUBLISHED:
        raise Http404
    return respond(request, "pillars/retire.html", {"instrument": instrument}, refusal=refusal)


def _compared(draft: Draft) -> dict[str, Instrument | InstrumentDiff | None]:
    """The base and the difference; both None for the first version of a code."""
    base = queries.base_of(draft.instrument)
    if base is None:
        return {"base": None, "diff": None}
    return {"base": base, "diff": queries.diff(document_of(base), draft.document)}
