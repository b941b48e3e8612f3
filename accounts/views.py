"""Small pages around the account: the language, the zone, and leaving."""

from http import HTTPStatus

from allauth.account import views as account_views
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access, public, signed_in
from accounts.enums import TimeZone
from accounts.operations import choose_language, choose_time_zone

# Cookies are left: the session's is deleted anyway, and the goodbye travels in one.
LEFT_BEHIND = '"cache", "storage"'


@access(public)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read on in another language; of a signed-in person it is kept."""
    response: HttpResponse = i18n.set_language(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(user=request.user, language=language)
    return response


@access(signed_in)
@require_POST
def choose_zone(request: PersonRequest) -> HttpResponse:
    """Be shown moments in another zone; what is not among them changes nothing."""
    time_zone = request.POST.get("time_zone")
    if time_zone is not None and time_zone in {"", *TimeZone.values}:
        choose_time_zone(user=request.user, time_zone=time_zone)
        messages.success(request, _("Zona waktu sudah diganti."))
    return HttpResponseRedirect(reverse("accounts:profile"), status=HTTPStatus.SEE_OTHER)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: PersonRequest) -> HttpResponse:
    """Ask, then leave; what the browser stored of the portal is cleared."""
    response: HttpResponse = account_views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = LEFT_BEHIND
    return response
