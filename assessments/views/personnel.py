"""How far people are, for the personnel office: cycles, and the people of each as a file."""

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, access
from accounts.clock import portal_today
from accounts.operations import note_reading
from assessments import exports
from assessments.queries.personnel import cycles_for, people_for
from exchange.files import CSV, XLSX
from organization.access import personnel_officer


@access(personnel_officer)
@require_safe
def personnel(request: PersonRequest) -> HttpResponseBase:
    """Cycles with people whose personnel data the person mends, each with its files."""
    context = {"cycles": cycles_for(request.user, portal_today())}
    return render(request, "assessments/personnel.html", context)


@access(personnel_officer)
@require_safe
def personnel_file(request: PersonRequest, pk: int, extension: str) -> HttpResponseBase:
    """Names, posts and states of those people in one cycle. Who is named was read, and is recorded."""
    if extension not in ("csv", "xlsx"):
        raise Http404
    today = portal_today()
    cycle = get_object_or_404(cycles_for(request.user, today), pk=pk)
    people = people_for(request.user, today).filter(cycle=cycle)
    note_reading(
        by=request.user,
        people=people.order_by().values_list("person", flat=True),
        where="assessments:personnel_file",
    )
    name = f"pegawai-{slugify(cycle.code)}.{extension}"
    if extension == "xlsx":
        workbook = exports.people_as_xlsx(people)
        return FileResponse(workbook, as_attachment=True, filename=name, content_type=XLSX)
    return StreamingHttpResponse(
        exports.people_as_csv(people),
        content_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
