"""How pages answer what was sent to them; docs/architecture.md has the rule."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data that was sent, even if empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def see_other(to: str, *args: object) -> HttpResponseRedirect:
    """303 to an address or a named view: what was sent is done, and a reload sends nothing again."""
    return HttpResponseRedirect(resolve_url(to, *args), status=HTTPStatus.SEE_OTHER)
