"""Headers that no library sets."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse


class ResponseHeadersMiddleware:
    """Puts the request's id on every response, and keeps signed-in pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if _is_signed_in(request):
            response.setdefault("Cache-Control", "no-store")
        return response


def _is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is; a page that never asked who it is for is for nobody in particular."""
    session = getattr(request, "session", None)
    return session is not None and session.accessed and request.user.is_authenticated
