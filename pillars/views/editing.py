"""Editing a draft as a whole: general facts, the order of pillars, the scale, the bands."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, access
from accounts.views.answers import posted
from pillars import operations
from pillars.access import curator
from pillars.forms.parts import InstrumentForm
from pillars.forms.rows import BandsForm, ScaleForm
from pillars.views.ordering import pillar_rows
from pillars.views.saving import Page, draft_of, save_page


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """The first page of a draft: what holds for all of it, and its pillars in order."""
    draft = draft_of(pk)
    form = InstrumentForm.of(draft.document, posted(request), revision=draft.revision)
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.edit_instrument(**form.values(), **edit),
        Page(
            template="pillars/edit.html",
            context={"here": "edit", "rows": pillar_rows(request, draft)},
            done=_("Keterangan umum tersimpan."),
            url=lambda: reverse("pillars:edit", args=(pk,)),
            stored=InstrumentForm.of,
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_scale(request: PersonRequest, pk: int) -> HttpResponse:
    """The shared scale."""
    draft = draft_of(pk)
    form = ScaleForm.of(draft.document, posted(request), revision=draft.revision)
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.edit_scale(scale=form.scale(), **edit),
        Page(
            template="pillars/edit_scale.html",
            context={"here": "scale"},
            done=_("Skala tersimpan. Periksa deskriptor indikator bila jumlah titiknya berubah."),
            url=lambda: reverse("pillars:edit_scale", args=(pk,)),
            stored=ScaleForm.of,
        ),
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_bands(request: PersonRequest, pk: int) -> HttpResponse:
    """The bands."""
    draft = draft_of(pk)
    form = BandsForm.of(draft.document, posted(request), revision=draft.revision)
    return save_page(
        request,
        draft,
        form,
        lambda **edit: operations.edit_bands(bands=form.bands(), **edit),
        Page(
            template="pillars/edit_bands.html",
            context={"here": "bands"},
            done=_("Predikat tersimpan."),
            url=lambda: reverse("pillars:edit_bands", args=(pk,)),
            stored=BandsForm.of,
        ),
    )
