"""Editing a draft as a whole: general facts, the order of pillars, the scale, the bands."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from pillars import operations
from pillars.access import curator
from pillars.files import InstrumentDocument
from pillars.forms.parts import InstrumentForm
from pillars.forms.rows import BandsForm, ScaleForm
from pillars.views.ordering import pillar_rows
from pillars.views.saving import Page, draft_of, posted, save_page


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """The first page of a draft: what holds for all of it, and its pillars in order."""
    draft = draft_of(pk)

    def stored(document: InstrumentDocument) -> InstrumentForm:
        return InstrumentForm(initial=InstrumentForm.initial_of(document))

    form = InstrumentForm(
        posted(request),
        initial=InstrumentForm.initial_of(draft.document) | {"revision": draft.instrument.revision},
    )
    return save_page(
        request,
        draft,
        form,
        lambda: operations.edit_instrument(
            instrument=draft.instrument,
            **form.values(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        Page(
            template="pillars/edit.html",
            context={"here": "edit", "rows": pillar_rows(request, draft)},
            done=_("Keterangan umum tersimpan."),
            url=lambda: reverse("pillars:edit", args=(pk,)),
            stored=stored,
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_scale(request: PersonRequest, pk: int) -> HttpResponse:
    """The shared scale."""
    draft = draft_of(pk)

    def stored(document: InstrumentDocument) -> ScaleForm:
        return ScaleForm(rows=ScaleForm.initial_rows(document.scale))

    form = ScaleForm(
        posted(request),
        rows=ScaleForm.initial_rows(draft.document.scale),
        initial={"revision": draft.instrument.revision},
    )
    return save_page(
        request,
        draft,
        form,
        lambda: operations.edit_scale(
            instrument=draft.instrument,
            scale=form.scale(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        Page(
            template="pillars/edit_scale.html",
            context={"here": "scale"},
            done=_("Skala tersimpan. Periksa deskriptor indikator bila jumlah titiknya berubah."),
            url=lambda: reverse("pillars:edit_scale", args=(pk,)),
            stored=stored,
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_bands(request: PersonRequest, pk: int) -> HttpResponse:
    """The bands."""
    draft = draft_of(pk)

    def stored(document: InstrumentDocument) -> BandsForm:
        return BandsForm(rows=BandsForm.initial_rows(document.bands))

    form = BandsForm(
        posted(request),
        rows=BandsForm.initial_rows(draft.document.bands),
        initial={"revision": draft.instrument.revision},
    )
    return save_page(
        request,
        draft,
        form,
        lambda: operations.edit_bands(
            instrument=draft.instrument,
            bands=form.bands(),
            revision=form.cleaned_data["revision"],
            by=request.user,
        ),
        Page(
            template="pillars/edit_bands.html",
            context={"here": "bands"},
            done=_("Predikat tersimpan."),
            url=lambda: reverse("pillars:edit_bands", args=(pk,)),
            stored=stored,
        ),
    )
