"""Pages around signing in: the language, confirming, a forgotten or first password, leaving."""

from allauth.account import views as account_views
from allauth.account.authentication import get_authentication_records
from allauth.mfa.base import views as mfa_views
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access, entering, public, signed_in
from accounts.addresses import place_of
from accounts.enums import TimeZone
from accounts.errors import LinkDead, Refused
from accounts.forms import ChoosePasswordForm, PasswordForgottenForm
from accounts.operations import (
    ask_for_reset,
    choose_language,
    choose_password,
    choose_time_zone,
)
from accounts.queries import has_second_factor, live_link
from accounts.views.answers import posted, respond, see_other
from accounts.views.single_sign_on import SINGLE_SIGN_ON

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
    return see_other("accounts:profile")


@access(public)
@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Give up between the two steps: somebody else wants to sign in here, or this was another account."""
    if not request.user.is_authenticated:
        request.session.flush()
    return see_other("account_login")


@access(public)
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Take a NIP or an address; the answer is the same whether there is such an account."""
    form = PasswordForgottenForm(posted(request))
    if form.is_valid():
        try:
            ask_for_reset(typed=form.cleaned_data["email"], address=place_of(request))
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            return see_other("account_reset_password_done")
    return respond(request, "account/password_reset.html", {}, form=form)


@access(public)
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def password_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by the link of a mail. Looking does not use it up: mail programs look, too."""
    link = live_link(token)
    form = ChoosePasswordForm(user=link.user if link else None, data=posted(request))
    if link and form.is_valid():
        try:
            choose_password(token=token, password=form.cleaned_data["password1"])
        except LinkDead:
            link = None  # used in the meantime
        else:
            messages.success(
                request, _("Kata sandi sudah tersimpan. Masuklah dengan kata sandi itu.")
            )
            return see_other("account_login")
    refusal = str(LinkDead()) if link is None and form.is_bound else ""
    context = {"link": link}
    return respond(request, "accounts/password_by_link.html", context, form=form, refusal=refusal)


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: PersonRequest) -> HttpResponse:
    """Ask for the password again, or for a code; who has neither is told to sign in anew."""
    if request.user.has_usable_password():
        response: HttpResponse = account_views.reauthenticate(request)
        return response
    if has_second_factor(request.user):
        return redirect(f"{reverse('mfa_reauthenticate')}?{request.GET.urlencode()}")
    return render(request, "accounts/without_password.html")


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
def mfa_reauthenticate(request: PersonRequest) -> HttpResponse:
    """Ask for a code again; who has no second factor is asked for the password instead."""
    if not has_second_factor(request.user):
        return redirect("account_reauthenticate")
    response: HttpResponse = mfa_views.reauthenticate(request)
    return response


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: PersonRequest) -> HttpResponse:
    """Ask, then leave; what the browser stored of the portal is cleared. The provider's session goes on."""
    proofs = get_authentication_records(request, request.user)
    response: HttpResponse = account_views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = LEFT_BEHIND
        if any(proof["method"] == SINGLE_SIGN_ON for proof in proofs):
            text = _(
                "Anda tadi masuk lewat %(name)s. Di komputer bersama, keluar juga dari sana: "
                "tanpa itu, orang lain dapat masuk lagi sebagai Anda."
            )
            messages.warning(request, text % {"name": settings.OIDC_NAME})
    return response
