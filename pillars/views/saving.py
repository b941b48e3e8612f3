"""What the pages of a draft share: finding it, saving an edit, showing two edits that met, asking before an act."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from accounts.errors import Refused
from accounts.views.answers import posted, respond, see_other
from pillars.errors import InstrumentInvalid, NotADraft, PartMissing, StaleRevision
from pillars.files import InstrumentDocument
from pillars.forms.fields import DraftForm
from pillars.forms.versions import ConfirmForm
from pillars.models import Instrument
from pillars.queries import document_of

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "revision"})

Act = Callable[..., object]
"""An operation on a draft that still wants `instrument`, `revision` and `by`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version with what it says. Its pages are for drafts; a published one is refused on saving."""

    instrument: Instrument
    document: InstrumentDocument

    @property
    def revision(self) -> int:
        """What a form that is opened now is built on."""
        return self.instrument.revision


@dataclass(frozen=True, slots=True)
class Side:
    """One field in two states: as typed by this person, as stored by somebody else."""

    label: str
    typed: str
    stored: str

    @property
    def differs(self) -> bool:
        """Whether the person has to choose."""
        return self.typed != self.stored


@dataclass(frozen=True, slots=True)
class Page:
    """How one edit is shown, and where it leads, which is asked once it is made. `stored` is its form as
    filled from the draft now, None where the part is gone."""

    template: str
    context: Mapping[str, Any]
    done: str
    url: Callable[[], str]
    stored: Callable[[InstrumentDocument], DraftForm | None]


def draft_of(pk: int) -> Draft:
    """The version of a key; 404 where there is none."""
    instrument = get_object_or_404(Instrument.objects.select_related("based_on"), pk=pk)
    return Draft(instrument, document_of(instrument))


def save_page(
    request: PersonRequest, draft: Draft, form: DraftForm, act: Act, page: Page
) -> HttpResponse:
    """Show a form, or make its edit: then go on, or say at each field what to mend.

    An edit that met another one answers 409 with both texts; nothing that was typed is lost.
    """
    if not form.is_bound and not draft.instrument.is_draft:
        return _not_a_draft(request, draft)
    if form.is_valid():
        try:
            _run(act, request, draft, form)
        except InstrumentInvalid as refusal:
            form.add_faults(refusal.faults)
        except (StaleRevision, NotADraft, PartMissing) as refusal:
            return _conflict(request, draft, form, page, refusal)
        else:
            messages.success(request, page.done)
            return see_other(page.url())
    if form.is_bound and page.stored(draft.document) is None:
        # What is wrong in the form need not be mended: the part is gone.
        code = request.resolver_match.kwargs["code"]  # type: ignore[union-attr]
        return _conflict(request, draft, form, page, PartMissing(code))
    context = {"draft": draft, "instrument": draft.instrument, **page.context}
    return respond(request, page.template, context, form=form)


def confirm_page(
    request: PersonRequest,
    draft: Draft,
    act: Act,
    *,
    template: str,
    context: Mapping[str, Any],
    done: str,
    url: str,
) -> HttpResponse:
    """Ask before an act that nothing leads back from, then do it on the revision that was agreed to.

    A refusal answers 409 and asks again, about the draft as it is now.
    """
    form = ConfirmForm(posted(request), initial={"revision": draft.revision})
    refusal = ""
    if not form.is_bound and not draft.instrument.is_draft:
        return _not_a_draft(request, draft)
    if form.is_valid():
        try:
            _run(act, request, draft, form)
        except Refused as error:
            refusal = _reason(error)
            form = ConfirmForm(initial={"revision": draft.revision})
        else:
            messages.success(request, done)
            return see_other(url)
    asked = {"draft": draft, "instrument": draft.instrument, **context}
    return respond(request, template, asked, form=form, refusal=refusal)


def press_button(
    request: PersonRequest, draft: Draft, form: DraftForm, act: Act, *, done: str, url: str
) -> HttpResponse:
    """Make an edit whose button has no page of its own; the page it leads to says what came of it."""
    try:
        _run(act, request, draft, form)
    except Refused as refusal:
        messages.error(request, _reason(refusal))
    else:
        messages.success(request, done)
    return see_other(url)


def _run(act: Act, request: PersonRequest, draft: Draft, form: DraftForm) -> None:
    act(instrument=draft.instrument, revision=form.cleaned_data["revision"], by=request.user)


def _not_a_draft(request: PersonRequest, draft: Draft) -> HttpResponse:
    messages.info(request, str(NotADraft()))
    return redirect("pillars:detail", draft.instrument.pk)


def _reason(refusal: Refused) -> str:
    """Why an act without a text of its own was refused: there are no two texts to choose from."""
    match refusal:
        case InstrumentInvalid():
            return " ".join([str(refusal), *(fault.reason for fault in refusal.faults)])
        case StaleRevision():
            return _(
                "Rancangan ini berubah sejak Anda membuka halaman ini, jadi tidak ada yang dilakukan. "
                "Periksa isinya yang sekarang, lalu ulangi bila masih sesuai."
            )
        case _:
            return str(refusal)


def _conflict(
    request: PersonRequest, draft: Draft, form: DraftForm, page: Page, refusal: Refused
) -> HttpResponse:
    stored = page.stored(document_of(draft.instrument))
    now = Instrument.objects.get(pk=draft.instrument.pk)
    sides = _sides(form, stored)
    if stored is not None and now.is_draft and not any(side.differs for side in sides):
        # Somebody else changed another part, or sent the same: there is nothing to choose.
        messages.success(request, page.done)
        return see_other(page.url())
    context = {
        "instrument": now,
        "refusal": refusal,
        "sides": sides,
        "gone": stored is None,
        "may_save": now.is_draft and stored is not None,
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in NOT_TYPED
        ],
    }
    return render(request, "pillars/conflict.html", context, status=HTTPStatus.CONFLICT)


def _sides(form: DraftForm, stored: DraftForm | None) -> list[Side]:
    def pairs() -> Iterator[Side]:
        theirs = stored.sides() if stored else []
        for mine, other in zip_longest(form.sides(), theirs, fillvalue=("", "")):
            yield Side(mine[0] or other[0], mine[1], other[1])

    return sorted(pairs(), key=lambda side: not side.differs)
