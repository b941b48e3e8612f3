"""The pillars of a draft: adding, editing, ordering, removing."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access
from pillars import operations
from pillars.access import curator
from pillars.files import InstrumentDocument, PillarDocument
from pillars.forms.moves import MoveForm
from pillars.forms.parts import PillarForm
from pillars.forms.versions import ConfirmForm
from pillars.views.ordering import indicator_rows, moved_message, with_focus
from pillars.views.saving import Page, act_and_return, draft_of, posted, save_page


def find_pillar(document: InstrumentDocument, code: str) -> PillarDocument | None:
    """The pillar of a code, None where the draft has none."""
    return next((pillar for pillar in document.pillars if pillar.code == code), None)


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def add_pillar(request: PersonRequest, pk: int) -> HttpResponse:
    """A new pillar at the end."""
    draft = draft_of(pk)
    form = PillarForm(
        posted(request),
        initial=PillarForm.initial_of(None) | {"revision": draft.instrument.revision},
    )
    return save_page(
        request,
        draft,
        form,
        lambda: operations.add_pillar(
            instrument=draft.instrument,
            pillar=form.pillar(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        Page(
            template="pillars/add_pillar.html",
            context={"here": "add_pillar"},
            done=_("Pilar ditambahkan. Sekarang tambahkan indikatornya."),
            url=lambda: reverse("pillars:edit_pillar", args=(pk, form.cleaned_data["code"])),
            stored=lambda document: PillarForm(),
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_pillar(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """A pillar's own facts, and its indicators in order."""
    draft = draft_of(pk)
    pillar = find_pillar(draft.document, code)
    if pillar is None and request.method != "POST":
        raise Http404

    def stored(document: InstrumentDocument) -> PillarForm | None:
        found = find_pillar(document, code)
        return PillarForm(initial=PillarForm.initial_of(found)) if found else None

    form = PillarForm(
        posted(request),
        initial=PillarForm.initial_of(pillar) | {"revision": draft.instrument.revision},
    )
    return save_page(
        request,
        draft,
        form,
        lambda: operations.edit_pillar(
            instrument=draft.instrument,
            code=code,
            pillar=form.pillar(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        Page(
            template="pillars/edit_pillar.html",
            context={
                "here_pillar": code,
                "pillar": pillar,
                "rows": indicator_rows(request, draft, pillar) if pillar else [],
            },
            done=_("Pilar tersimpan."),
            url=lambda: reverse("pillars:edit_pillar", args=(pk, form.cleaned_data["code"])),
            stored=stored,
        ),
    )


@access(curator)
@require_POST
def move_pillar(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Let a pillar change places with its neighbour."""
    draft = draft_of(pk)
    form = MoveForm(request.POST)
    url = reverse("pillars:edit", args=(pk,))
    if not form.is_valid():
        return redirect(url)
    direction = form.cleaned_data["direction"]
    return act_and_return(
        request,
        lambda: operations.move_pillar(
            instrument=draft.instrument,
            code=code,
            direction=direction,
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        done=moved_message(code, direction),
        url=with_focus(url, code, direction),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_pillar(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Ask, then remove a pillar with its indicators."""
    draft = draft_of(pk)
    form = ConfirmForm(posted(request), initial={"revision": draft.instrument.revision})
    if request.method == "POST" and form.is_valid():
        return act_and_return(
            request,
            lambda: operations.remove_pillar(
                instrument=draft.instrument,
                code=code,
                revision=form.cleaned_data["revision"],
                by=request.user,
            ),
            done=_("Pilar %(code)s dihapus.") % {"code": code},
            url=reverse("pillars:edit", args=(pk,)),
        )
    pillar = find_pillar(draft.document, code)
    if pillar is None or not draft.instrument.is_draft:
        raise Http404
    context = {"draft": draft, "instrument": draft.instrument, "form": form, "pillar": pillar}
    return render(request, "pillars/remove_pillar.html", context)
