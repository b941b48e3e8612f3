"""The indicators of a draft: adding, editing, ordering, removing."""

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access
from accounts.views.answers import posted, see_other
from pillars import operations
from pillars.access import curator
from pillars.files import IndicatorDocument, InstrumentDocument, PillarDocument
from pillars.forms.moves import MoveForm
from pillars.forms.parts import IndicatorForm
from pillars.views.ordering import moved_message, with_focus
from pillars.views.pillars import find_pillar
from pillars.views.saving import (
    Draft,
    Page,
    confirm_page,
    draft_of,
    press_button,
    save_page,
)


def find_indicator(
    document: InstrumentDocument, code: str
) -> tuple[PillarDocument, IndicatorDocument] | None:
    """The indicator of a code with its pillar, None where the draft has none."""
    return next(
        (
            (pillar, indicator)
            for pillar in document.pillars
            for indicator in pillar.indicators
            if indicator.code == code
        ),
        None,
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def add_indicator(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """A new indicator at the end of the pillar of a code."""
    draft = draft_of(pk)
    pillar = find_pillar(draft.document, code)
    if pillar is None and request.method != "POST":
        raise Http404
    form = IndicatorForm(
        posted(request),
        document=draft.document,
        indicator=None,
        pillar=code,
        revision=draft.revision,
    )
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.add_indicator(
            pillar=form.cleaned_data["pillar"], indicator=form.indicator(), **edit
        ),
        Page(
            template="pillars/add_indicator.html",
            context={"here_pillar": code, "pillar": pillar},
            done=_("Indikator ditambahkan."),
            url=lambda: reverse("pillars:edit_pillar", args=(pk, form.cleaned_data["pillar"])),
            stored=lambda document: None if find_pillar(document, code) is None else _blank(draft),
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_indicator(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """One indicator with its levels and its reason."""
    draft = draft_of(pk)
    found = find_indicator(draft.document, code)
    if found is None and request.method != "POST":
        raise Http404
    pillar, indicator = found or (None, None)

    form = IndicatorForm(
        posted(request),
        document=draft.document,
        indicator=indicator,
        pillar=pillar.code if pillar else "",
        revision=draft.revision,
    )
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.edit_indicator(
            code=code, pillar=form.cleaned_data["pillar"], indicator=form.indicator(), **edit
        ),
        Page(
            template="pillars/edit_indicator.html",
            context={
                "here_pillar": pillar.code if pillar else "",
                "pillar": pillar,
                "indicator": indicator,
                "neighbours": _neighbours(draft.document, code),
            },
            done=_("Indikator tersimpan."),
            url=lambda: reverse("pillars:edit_indicator", args=(pk, form.cleaned_data["code"])),
            stored=lambda document: _stored(document, code),
        ),
    )


@access(curator)
@require_POST
def move_indicator(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Let an indicator change places with its neighbour."""
    draft = draft_of(pk)
    found = find_indicator(draft.document, code)
    form = MoveForm(request.POST)
    if found is None or not form.is_valid():
        return see_other("pillars:edit", pk)
    url = reverse("pillars:edit_pillar", args=(pk, found[0].code))
    direction = form.cleaned_data["direction"]
    return press_button(
        request,
        draft,
        form,
        partial(operations.move_indicator, code=code, direction=direction),
        done=moved_message(code, direction),
        url=with_focus(url, code, direction),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_indicator(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Ask, then remove an indicator."""
    draft = draft_of(pk)
    found = find_indicator(draft.document, code)
    if found is None or not draft.instrument.is_draft:
        raise Http404
    pillar, indicator = found
    return confirm_page(
        request,
        draft,
        partial(operations.remove_indicator, code=code),
        template="pillars/remove_indicator.html",
        context={"pillar": pillar, "indicator": indicator},
        done=_("Indikator %(code)s dihapus.") % {"code": code},
        url=reverse("pillars:edit_pillar", args=(pk, pillar.code)),
    )


def _stored(document: InstrumentDocument, code: str) -> IndicatorForm | None:
    found = find_indicator(document, code)
    if found is None:
        return None
    return IndicatorForm(document=document, indicator=found[1], pillar=found[0].code)


def _blank(draft: Draft) -> IndicatorForm:
    return IndicatorForm(document=draft.document, indicator=None, pillar="")


def _neighbours(document: InstrumentDocument, code: str) -> dict[str, str]:
    """Codes of the indicators before and after, over the borders of pillars; "" at the ends."""
    codes = [indicator.code for pillar in document.pillars for indicator in pillar.indicators]
    if code not in codes:
        return {"previous": "", "following": ""}
    place = codes.index(code)
    return {
        "previous": codes[place - 1] if place else "",
        "following": codes[place + 1] if place + 1 < len(codes) else "",
    }
