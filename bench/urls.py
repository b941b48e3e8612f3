"""The portal's addresses and the bare view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.access import access, signed_in
from prima_portal.urls import urlpatterns as portal


@access(signed_in)
def bare(request: HttpRequest) -> HttpResponse:
    """Session, person, nothing else."""
    return HttpResponse("ok")


handler500 = "prima_portal.views.server_error"

urlpatterns = [*portal, path("bench/bare/", bare)]
