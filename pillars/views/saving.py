"""What every page of a draft shares: finding it, saving one edit, and showing two edits that met."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import PersonRequest
from accounts.errors import Refused
from pillars.errors import InstrumentInvalid, NotADraft, PartMissing, StaleRevision
from pillars.files import InstrumentDocument
from pillars.forms.fields import DraftForm
from pillars.models import Instrument
from pillars.queries import document_of

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "revision"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A version with what it says. Its pages are for drafts; a published one is refused on saving."""

    instrument: Instrument
    document: InstrumentDocument


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


def posted(request: PersonRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, were it nothing; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def draft_of(pk: int) -> Draft:
    """The version of a key; 404 where there is none."""
    instrument = get_object_or_404(Instrument.objects.select_related("based_on"), pk=pk)
    return Draft(instrument, document_of(instrument))


def save_page(
    request: PersonRequest, draft: Draft, form: DraftForm, act: Callable[[], object], page: Page
) -> HttpResponse:
    """Show a form, or make its edit: then go on, or say at each field what to mend.

    An edit that met another one answers 409 with both texts; nothing that was typed is lost.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except InstrumentInvalid as refusal:
            form.add_faults(refusal.faults)
        except (StaleRevision, NotADraft, PartMissing) as refusal:
            return _conflict(request, draft, form, page, refusal)
        else:
            messages.success(request, page.done)
            return redirect(page.url())
    elif request.method != "POST" and not draft.instrument.is_draft:
        messages.info(request, str(NotADraft()))
        return redirect("pillars:detail", draft.instrument.pk)
    context = {"draft": draft, "instrument": draft.instrument, "form": form, **page.context}
    context["has_errors"] = form.is_bound
    return render(
        request,
        page.template,
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else 200,
    )


def _conflict(
    request: PersonRequest, draft: Draft, form: DraftForm, page: Page, refusal: Refused
) -> HttpResponse:
    stored = page.stored(document_of(draft.instrument))
    now = Instrument.objects.get(pk=draft.instrument.pk)
    sides = _sides(form, stored)
    if now.is_draft and not any(side.differs for side in sides):
        # Somebody else changed another part, or sent the same: there is nothing to choose.
        messages.success(request, page.done)
        return redirect(page.url())
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


def act_and_return(
    request: PersonRequest, act: Callable[[], object], *, done: str, url: str
) -> HttpResponse:
    """Make an edit that has no text of its own (moving, removing); say what came of it."""
    try:
        act()
    except InstrumentInvalid as refusal:
        messages.error(request, " ".join(fault.reason for fault in refusal.faults))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(url)
