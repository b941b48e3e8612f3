"""The interface for other programs: what the apps offer, behind the same gate; its errors and its description."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

import accounts.api
import assessments.api
import dashboards.api
import pillars.api
from accounts.access import access, public
from accounts.api import Trouble
from accounts.errors import Refused
from prima_portal.problems import KINDS, MEDIA_TYPE, Problem, body_of, fault_of, put_into

ROUTERS: tuple[Router, ...] = (
    accounts.api.router,
    *assessments.api.routers,
    pillars.api.router,
    dashboards.api.router,
)
DESCRIPTION = (
    "What the portal's pages show and take, for other programs. How to use it: docs/api.md."
)

api = NinjaAPI(
    title="PRIMA Portal",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


def _answer_head(router: Router) -> None:
    """Whatever can be read can be asked for without its body; the library knows GET alone."""
    for view in router.path_operations.values():
        for operation in view.operations:
            if "GET" in operation.methods:
                operation.methods.append("HEAD")


for _router in ROUTERS:
    _answer_head(_router)
    api.add_router("v1", _router)


@access(public)
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of the interface, the same as docs/openapi.json."""
    return JsonResponse(document())


def _gated() -> Iterator[URLPattern]:
    """The library's addresses with the rule of their function: the gate and the guards see through to it."""
    functions: dict[str | None, Any] = {
        operation.url_name: operation.view_func
        for router in ROUTERS
        for view in router.path_operations.values()
        for operation in view.operations
    }
    for pattern in api.urls[0]:
        function = functions.get(pattern.name) if isinstance(pattern, URLPattern) else None
        if isinstance(pattern, URLPattern) and function:
            view: Any = pattern.callback
            view.access_rule = function.access_rule
            view.csrf_exempt = False
            view.__wrapped__ = function
            yield pattern


urlpatterns = [path("openapi.json", openapi, name="openapi"), *_gated()]


# --- Errors


def _problem(
    request: HttpRequest, status: int, kind: str, detail: str = "", **members: Any
) -> HttpResponse:
    response = HttpResponse()
    request_id: str = request.request_id  # type: ignore[attr-defined]
    put_into(response, body_of(status, kind, request_id, detail, **members))
    return response


@api.exception_handler(Trouble)
def _trouble(request: HttpRequest, error: Trouble) -> HttpResponse:
    return _problem(request, error.status, error.kind, str(error), **error.members)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """`DeadlinePassed` is `deadline-passed`, in the words that its page shows."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    return _problem(request, 409, kind, str(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong where; what was sent is not repeated."""
    errors = [
        {"pointer": _pointer(each["loc"]), "detail": fault_of(each["type"], each.get("ctx", {}))}
        for each in error.errors
    ]
    detail = _("Permintaan ini tidak sesuai uraiannya. Perbaiki yang disebutkan, lalu kirim lagi.")
    return _problem(request, 422, "invalid", detail, errors=errors)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(request, 404, KINDS[404])


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(request, error.status_code, KINDS[error.status_code])


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _problem(request, 413, KINDS[413])


def _pointer(place: tuple[str | int, ...]) -> str:
    """Where in what was sent: `#/revision` in a body, `limit` in an address.

    The library names body, query or path first, then the argument of our function, then the way within it.
    """
    where, *steps = map(str, place)
    within = steps[1:]
    return "#/" + "/".join(within) if where == "body" else "/".join(within or steps)


# --- Description


@cache
def document() -> dict[str, Any]:
    """The OpenAPI description: the library's, with the session, the token and the problems added."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/")))
    components = found["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sessionid"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    }
    problem = {
        "description": "Refused; says why and what to do next",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in found["paths"].values():
        operations.pop("head", None)  # said by HTTP itself
        for method, operation in operations.items():
            writes = method != "get"
            operation["security"] = [{"session": [], **({"csrf": []} if writes else {})}]
            statuses = [400, 401, 403, 404, 422, 503, *([409, 413] if writes else [])]
            operation["responses"] |= {str(status): problem for status in sorted(statuses)}
    return found
