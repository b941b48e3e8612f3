"""The pillars of a draft: adding, editing, ordering, removing."""

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, see_other
from pillars import operations
from pillars.access import curator
from pillars.files import InstrumentDocument, PillarDocument
from pillars.forms.moves import MoveForm
from pillars.forms.parts import PillarForm
from pillars.views.ordering import indicator_rows, moved_message, with_focus
from pillars.views.saving import Page, confirm_page, draft_of, press_button, save_page


def find_pillar(document: InstrumentDocument, code: str) -> PillarDocument | None:
    """The pillar of a code, None where the draft has none."""
    return next((pillar for pillar in document.pillars if pillar.code == code), None)


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def add_pillar(request: PersonRequest, pk: int) -> HttpResponse:
    """A new pillar at the end."""
    draft = draft_of(pk)
    form = PillarForm.of(None, posted(request), revision=draft.revision)
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.add_pillar(pillar=form.pillar(), **edit),
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
        return PillarForm.of(found) if found else None

    form = PillarForm.of(pillar, posted(request), revision=draft.revision)
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.edit_pillar(code=code, pillar=form.pillar(), **edit),
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
        return see_other(url)
    direction = form.cleaned_data["direction"]
    return press_button(
        request,
        draft,
        form,
        partial(operations.move_pillar, code=code, direction=direction),
        done=moved_message(code, direction),
        url=with_focus(url, code, direction),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_pillar(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Ask, then remove a pillar with its indicators."""
    draft = draft_of(pk)
    pillar = find_pillar(draft.document, code)
    if pillar is None or not draft.instrument.is_draft:
        raise Http404
    return confirm_page(
        request,
        draft,
        partial(operations.remove_pillar, code=code),
        template="pillars/remove_pillar.html",
        context={"pillar": pillar},
        done=_("Pilar %(code)s dihapus.") % {"code": code},
        url=reverse("pillars:edit", args=(pk,)),
    )
