"""How pages answer what was sent to them; docs/architecture.md has the rule."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data that was sent, even if empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def see_other(to: str, *args: object) -> HttpResponseRedirect:
    """303 to an address or a named view: what was sent is done, and a reload sends nothing again."""
    return HttpResponseRedirect(resolve_url(to, *args), status=HTTPStatus.SEE_OTHER)


def respond(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    form: BaseForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Render a page that takes a form: 409 with a refusal, 422 with a form that has faults, else 200.

    A view gets here with a bound form only if it could not do what the form asks. The template finds
    `form`, `refusal`, and `has_errors`, which marks the title of the page.
    """
    has_faults = form is not None and form.is_bound
    if refusal:
        status = HTTPStatus.CONFLICT
    elif has_faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    shown = {"form": form, "refusal": refusal, "has_errors": bool(refusal) or has_faults}
    return render(request, template, {**context, **shown}, status=status)
