"""Pages of the dashboards: where one starts reading, one unit, and its table as a file."""

from collections.abc import Callable
from itertools import groupby

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access, signed_in
from assessments.queries.retention import destroyed_at
from dashboards import exports
from dashboards.access import reader
from dashboards.forms import BoardFilter
from dashboards.queries import (
    Board,
    board_of,
    entrances,
    named_people,
    people_told,
    visible_units,
)
from exchange.files import CSV, XLSX

FILES: dict[str, tuple[str, Callable[[Board], bytes]]] = {
    "csv": (CSV, exports.to_csv),
    "xlsx": (XLSX, exports.to_xlsx),
}
PEOPLE = 60
"""People on a page: the teachers of a school."""


@access(reader)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Units where the person starts reading, by cycle, latest first; straight on where it is one."""
    units = list(entrances(request.user).annotate(people=people_told("subtree")))
    if len(units) == 1:
        return redirect("dashboards:unit", units[0].cycle.code, units[0].pk)
    cycles = [(cycle, list(those)) for cycle, those in groupby(units, lambda unit: unit.cycle)]
    return render(request, "dashboards/index.html", {"cycles": cycles})


@access(signed_in)
@require_safe
def unit(request: PersonRequest, cycle: str, pk: int) -> HttpResponse:
    """One unit: participation, heatmap, distribution, self against verified, trend."""
    choice = BoardFilter(request.GET)
    board = _board(request, cycle, pk, choice)
    people = named_people(request.user, board.unit)
    if choice.chosen_status:
        people = people.filter(status=choice.chosen_status)
    # Whom one person reviews fits in memory; counting them first would be one more query.
    page = Paginator(list(people), PEOPLE).get_page(request.GET.get("page"))
    nobody = not page and not choice.chosen_status
    context = {
        "board": board,
        "choice": choice,
        "page": page,
        "min_group": settings.MIN_GROUP,
        "destroyed_at": destroyed_at(board.unit.cycle) if nobody else None,
    }
    return render(request, "dashboards/unit.html", context)


@access(signed_in)
@require_safe
def export(request: PersonRequest, cycle: str, pk: int, extension: str) -> HttpResponse:
    """The heatmap of the page as CSV or XLSX."""
    if extension not in FILES:
        raise Http404
    board = _board(request, cycle, pk, BoardFilter(request.GET))
    content_type, write = FILES[extension]
    name = exports.file_name(board, extension)
    return HttpResponse(
        write(board),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _board(request: PersonRequest, cycle: str, pk: int, choice: BoardFilter) -> Board:
    """The dashboard asked for; 404 for a unit that is not the reader's, like one that does not exist."""
    visible = visible_units(request.user)
    found = get_object_or_404(visible.select_related("cycle__instrument", "parent"), pk=pk)
    if found.cycle.code != cycle:  # compared here: an address may hold what no database takes
        raise Http404
    return board_of(found, visible=visible, source=choice.source)
