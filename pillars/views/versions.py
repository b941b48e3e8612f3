"""Whole versions: the list, one version to read, files in and out, the next version."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access
from accounts.errors import Refused
from accounts.views.answers import posted, respond, see_other
from pillars import operations
from pillars.access import curator
from pillars.errors import InstrumentInvalid
from pillars.exports import FORMATS, export
from pillars.forms.versions import NewVersionForm, UploadForm
from pillars.models import Instrument, Upload
from pillars.queries import document_of, findings_of, versions_by_code


@access(curator)
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Every instrument with its versions."""
    return render(request, "pillars/index.html", {"instruments": versions_by_code()})


@access(curator)
@require_safe
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    """One version to read: what is asked, how it is scored, why."""
    versions = Instrument.objects.select_related("based_on", "published_by", "created_by")
    instrument = get_object_or_404(versions, pk=pk)
    document = document_of(instrument)
    context = {
        "instrument": instrument,
        "document": document,
        "findings": findings_of(document) if instrument.is_draft else [],
        "indicator_count": sum(len(pillar.indicators) for pillar in document.pillars),
    }
    return render(request, "pillars/detail.html", context)


@access(curator)
@require_safe
def download(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """The version as a file that can be loaded again."""
    instrument = get_object_or_404(Instrument, pk=pk)
    if kind not in FORMATS:
        raise Http404
    try:
        content = export(instrument, kind)
    except InstrumentInvalid:
        messages.error(
            request, _("Rancangan ini belum lengkap, jadi belum dapat diunduh. Perbaiki dahulu.")
        )
        return redirect("pillars:checks", pk)
    name = f"{instrument.code}-{instrument.version}.{kind}".lower()
    return HttpResponse(
        content,
        content_type=FORMATS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: PersonRequest) -> HttpResponse:
    """A file is kept unopened; a worker reads it, and the next page says what came of it."""
    form = UploadForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        kept = operations.keep_upload(
            content=file.read(),
            name=file.name,
            replace=form.cleaned_data["replace"],
            by=request.user,
        )
        return see_other("pillars:upload_result", kept.pk)
    return respond(request, "pillars/upload.html", {}, form=form)


@access(curator)
@require_safe
def upload_result(request: PersonRequest, pk: int) -> HttpResponse:
    """What came of a file: still waiting, stored as a draft, or refused with every fault."""
    upload = get_object_or_404(Upload.objects.of(request.user).select_related("instrument"), pk=pk)
    return render(request, "pillars/upload_result.html", {"upload": upload})


@access(curator)
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: PersonRequest, pk: int) -> HttpResponse:
    """A copy of this version as a draft under a number of its own."""
    instrument = get_object_or_404(Instrument, pk=pk)
    form = NewVersionForm(posted(request))
    if form.is_valid():
        try:
            draft = operations.new_version(
                instrument=instrument, version=form.cleaned_data["version"], by=request.user
            )
        except Refused as refusal:
            form.add_error("version", str(refusal))
        else:
            messages.success(request, _("Rancangan %(name)s dibuat.") % {"name": draft})
            return see_other("pillars:edit", draft.pk)
    return respond(request, "pillars/new_version.html", {"instrument": instrument}, form=form)
