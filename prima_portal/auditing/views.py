"""Search, one event, files, and the report for a breach. Each reading is itself an event."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access
from accounts.operations import note_reading
from audit.models import Event
from audit.operations import record
from prima_portal.auditing.access import auditor
from prima_portal.auditing.exports import events_file, readings_file
from prima_portal.auditing.forms import BreachForm, SearchForm
from prima_portal.auditing.queries import (
    ROWS,
    Search,
    chain_state,
    changes_of,
    events_matching,
)
from prima_portal.auditing.words import VERBS

MAX_EXPORTED = 10_000
MAX_NUMBER = 2**63 - 1
SHOWN = 200
"""People on the page of a report; its file has all."""


@access(auditor)
@require_safe
def events(request: PersonRequest) -> HttpResponse:
    """Events that match, fifty a page, the latest first; the next page begins below a number."""
    form = SearchForm(request.GET)
    valid = form.is_valid()
    search = form.search() if valid else Search()
    found = (
        list(events_matching(search).filter(pk__lt=_before(request))[: ROWS + 1]) if valid else []
    )
    older = request.GET.copy()
    if len(found) > ROWS:
        older["before"] = str(found[ROWS - 1].pk)
    _note(request, search, "audit:events")
    context = {
        "filter": {"form": form},
        "events": found[:ROWS],
        "older": older.urlencode() if len(found) > ROWS else "",
        "chain": chain_state(),
        "query": request.GET.urlencode(),
        "verbs": VERBS.items(),
        "has_errors": not valid,
    }
    return render(request, "audit/events.html", context)


@access(auditor)
@require_safe
def event(request: PersonRequest, pk: int) -> HttpResponse:
    """One event, and what it changed by the row's history."""
    found = get_object_or_404(Event, pk=min(pk, MAX_NUMBER))
    _note(request, Search(), "audit:event", event=found.pk)
    return render(request, "audit/event.html", {"event": found, "rows": changes_of(found)})


@access(auditor)
@require_safe
def export_events(request: PersonRequest) -> HttpResponse:
    """The same search as a file, the latest ten thousand at most."""
    form = SearchForm(request.GET)
    search = form.search() if form.is_valid() else Search(verb="-")
    found = list(events_matching(search)[:MAX_EXPORTED])
    _note(request, search, "audit:export_events", lines=len(found))
    return events_file(found)


@access(auditor)
@require_safe
def breach(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Whose data did this account read between two days, as a page or as a file."""
    form = BreachForm(request.GET or None)
    readings = None
    if form.is_valid():
        readings = form.readings()
        note_reading(by=request.user, people=readings.keys, where="audit:breach")
        if request.GET.get("format") == "csv":
            return readings_file(readings)
    context = {
        "filter": {"form": form},
        "readings": readings,
        "shown": readings.first(SHOWN) if readings else [],
        "query": request.GET.urlencode(),
        "has_errors": bool(form.errors),
    }
    return render(request, "audit/breach.html", context)


def _before(request: PersonRequest) -> int:
    """The number below which the page begins; anything else begins at the latest."""
    typed = request.GET.get("before", "")
    return min(int(typed), MAX_NUMBER) if typed.isascii() and typed.isdigit() else MAX_NUMBER


def _note(request: PersonRequest, search: Search, where: str, **data: object) -> None:
    """Say what the auditor read: of a person, or of the record as a whole."""
    if search.person:
        note_reading(by=request.user, people=[search.person.pk], where=where)
    else:
        record("audit.read", by=request.user, subject=request.user, where=where, **data)
