"""What no library does: headers of ours, and a page for the time the database is away."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import translation

from accounts.access import public
from accounts.addresses import address_of
from accounts.middleware import CSRF_FIELD, unsent_fields
from accounts.operations import note_denial
from prima_portal.context_processors import installation
from prima_portal.problems import KINDS, MEDIA_TYPE, SECOND_FACTOR, body_of, put_into

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 5
DATABASE_AWAY = (OperationalError, InterfaceError)


class WholeBody:
    """What a request sent, which must be as long as it announced; raises BadRequest where it ends earlier.

    A line that dies in the middle leaves a form that reads like any other: half a text would be stored, as if
    meant so.
    """

    def __init__(self, sent: BinaryIO, announced: int) -> None:
        self._sent, self._missing = sent, announced

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left."""
        wanted = min(size, self._missing)
        return self._counted(self._sent.read(wanted), at_least=wanted)

    def readline(self, size: int) -> bytes:
        """Up to the end of a line, at most so many bytes."""
        wanted = min(size, self._missing)
        return self._counted(self._sent.readline(wanted), at_least=min(wanted, 1))

    def _counted(self, data: bytes, *, at_least: int) -> bytes:
        if len(data) < at_least:
            raise BadRequest("the connection ended in the middle of the request")
        self._missing -= len(data)
        return data


class WholeBodies:
    """A WSGI application whose requests are whole. A proxy that buffers sees to it; not everybody has one."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Pass the request on, with its body counted."""
        announced = environ.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced[:20]):
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(announced[:20]))
        return self.application(environ, start_response)


class ProbesMiddleware:
    """Lets monitors and balancers ask a process by its own address, which no ALLOWED_HOSTS names.

    What these pages say depends on no name, so the portal's takes the place of the one that was claimed.
    """

    PATHS = frozenset(("/livez", "/readyz", "/metrics"))

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the name, then answer."""
        if request.path_info in self.PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".")
        return self.get_response(request)


class ResponseHeadersMiddleware:
    """Puts the request's id on every response, its address in the logs, and keeps signed-in pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(ip=address_of(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if _is_signed_in(request):
            response.setdefault("Cache-Control", "no-store")
        return response


def _is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is; a page that never asked who it is for is for nobody in particular.

    Looks at what was already found out: asking now would fail again where the database is away.
    """
    user = getattr(request, "_cached_user", None)
    return user is not None and user.is_authenticated


class ProblemsMiddleware:
    """Answers under /api/ are never pages: whoever refused a request, the refusal becomes a problem.

    Where a page would lead to signing in, or to setting up a second factor, this says 401 or 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then translate what is not for programs."""
        response = self.get_response(request)
        if not request.path_info.startswith("/api/") or not _is_page_of_refusal(response):
            return response
        status, kind = response.status_code, KINDS.get(response.status_code, KINDS[400])
        if status == HTTPStatus.FOUND:
            signs_in = response["Location"].startswith(resolve_url(settings.LOGIN_URL))
            status, kind = (401, KINDS[401]) if signs_in else (403, SECOND_FACTOR)
        with translation.override(response.get("Content-Language", settings.LANGUAGE_CODE)):
            problem = body_of(status, kind, request.request_id)  # type: ignore[attr-defined]
            put_into(response, problem)
        if status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = 'Cookie realm="PRIMA"'
        return response


def _is_page_of_refusal(response: HttpResponse) -> bool:
    refused = response.status_code >= 400 or response.status_code == HTTPStatus.FOUND
    return refused and response.get("Content-Type") != MEDIA_TYPE


class BodyLimitMiddleware:
    """Answers 413 to a body that announces more than the largest file and what surrounds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Decide by the announced length, before a byte is read."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced[:20]) > settings.MAXIMUM_BODY_BYTES:
            note_denial(rule="body_limit", method=request.method, status=413)
            page = render_to_string("413.html", installation(request))
            return HttpResponse(page, status=413)
        return self.get_response(request)


class MethodPageMiddleware:
    """Explains a 405, which Django leaves blank: people meet it by signing in after a form was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then fill what is empty."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response


class DatabaseAwayMiddleware:
    """Says "belum terkirim, coba lagi" (503) where the database is away, full or restarting.

    Whatever was acknowledged is stored; whatever gets this page is not known to be. Sending again is
    always safe, since every operation recognises a repetition. What fails outside of a view, where no
    middleware is asked, arrives at `views.server_error`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; see the hooks below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Find out who asks here, where a failure can still be answered."""
        if getattr(view, "access_rule", None) is public:
            return None
        try:
            _ = request.user.is_authenticated
        except DATABASE_AWAY as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view whose database failed; leave every other failure alone."""
        if not isinstance(exception, DATABASE_AWAY):
            return None
        return database_away(request, exception)


def database_away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The page for the time the database is away."""
    logger.error("database_away", error=str(error).strip())
    unsent = request.method not in ("GET", "HEAD")
    fields = unsent_fields(request)
    context = {
        **installation(request),
        "unsent": unsent,
        "csrf_token": fields.pop(CSRF_FIELD, [""])[0],
    }
    context["unsent_fields"] = [
        (name, value) for name, values in fields.items() for value in values
    ]
    page = render_to_string("503.html", context)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)
