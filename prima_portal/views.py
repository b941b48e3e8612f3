"""Home by role, health, and error pages."""

import sys

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST, require_safe
from django_redis import get_redis_connection
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from accounts.access import PersonRequest, access, public, signed_in
from accounts.clock import portal_today
from accounts.enums import TimeZone
from accounts.operations import hand_over_data, note_refused_request
from assessments.views.own import Destroyed
from prima_portal.context_processors import installation
from prima_portal.metrics import exposition, what_lags
from prima_portal.middleware import DATABASE_AWAY, database_away
from prima_portal.navigation import relations_for
from prima_portal.patience import within
from prima_portal.personal_data import (
    ARCHIVE_NAME,
    Archive,
    personal_data_of,
    sections_of,
)
from prima_portal.queries import home_of, placement_of

READY_SECONDS = 4
"""How long the database may take to say whether it is there: less than what asks, Docker or a balancer, waits."""


@access(signed_in)
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """What waits for this person, most urgent first."""
    relations = relations_for(request, request.user)
    context = {"home": home_of(request.user, relations, portal_today())}
    return render(request, "home.html", context)


@access(signed_in)
@require_safe
def profile(request: PersonRequest) -> HttpResponse:
    """Who the person is to the portal, and what of it they can change."""
    context = {
        "placement": placement_of(request.user, portal_today()),
        "time_zones": TimeZone.choices,
    }
    return render(request, "accounts/profile.html", context)


@access(signed_in)
@require_safe
def personal_data(request: PersonRequest) -> HttpResponse:
    """Everything that the portal holds about the person, to read and to print."""
    context = {"sections": sections_of(personal_data_of(request.user))}
    return render(request, "accounts/personal_data.html", context)


@access(signed_in)
@require_POST
def personal_data_file(request: PersonRequest) -> StreamingHttpResponse:
    """All of it as an archive: a document for machines, and the files; taking it away is recorded."""
    hand_over_data(by=request.user)
    response = StreamingHttpResponse(Archive(request.user), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{ARCHIVE_NAME}"'
    return response


@access(public)
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; no database, no Redis."""
    return HttpResponse("ok", content_type="text/plain")


@access(public)
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether people can be served: without a database no (503), without Redis yes, degraded.

    With Redis up, "scoring" or "dashboards" says that a worker or the beat is missing, or has too much to do.
    A database that hangs is one that is away: whoever asks is told within seconds.
    """
    try:
        with within(READY_SECONDS):
            degraded = what_lags()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "down": ["database"]}, status=503)
    try:
        get_redis_connection("default").ping()
    except RedisError:
        degraded = ["redis"]  # the cause of the others
    return JsonResponse({"status": "degraded" if degraded else "ok", "degraded": degraded})


@access(public)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitor that knows the token; for everybody else there is no such page."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


@access(public)
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the design on one page; routed in development only."""
    return render(request, "styleguide.html")


@access(public)
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


@access(public)
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


@access(public)
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what does not exist and for what is not this person's.

    410 for one's own assessment that was destroyed by schedule.
    """
    if isinstance(exception, Destroyed):
        return render(request, "410.html", {"gone": exception.tombstone}, status=410)
    return render(request, "404.html", status=404)


@access(public)
def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the request's id to quote; asks nobody, since the database may be what failed.

    A database that is away outside of a view, in the gate or while the session is written, is a 503.
    """
    error = sys.exception()
    if isinstance(error, DATABASE_AWAY):
        return database_away(request, error)
    page = render_to_string("500.html", installation(request))
    return HttpResponse(page, status=500)


@access(public)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 after a form that outlived its session; says how to go on."""
    note_refused_request(request=request, rule="csrf", status=403)
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
