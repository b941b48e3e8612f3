"""Pages of the second step: setting it up, the codes for paper, taking it off."""

import io

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, access, entering
from accounts.clock import portal_today
from accounts.errors import FactorRequired, Refused
from accounts.forms import SetUpForm
from accounts.operations import remove_second_factor, renew_recovery_codes, set_up_second_factor
from accounts.queries import has_second_factor, must_have_second_factor, recovery_codes_of
from accounts.views.answers import posted, respond, see_other
from accounts.views.proof import freshly_proved
from accounts.views.sessions import stay_signed_in

SECRET = "second_factor_sealed"  # noqa: S105  # nosec B105  # the name of a place in the session


@access(entering)
@require_safe
def second_factor(request: PersonRequest) -> HttpResponse:
    """Whether it is on, and what can be done."""
    context = {
        "is_on": has_second_factor(request.user),
        "must": must_have_second_factor(request.user, portal_today()),
    }
    return render(request, "accounts/second_factor.html", context)


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def set_up_totp(request: PersonRequest) -> HttpResponse:
    """Show the secret as a picture and as text; take the code that proves it arrived."""
    if has_second_factor(request.user):
        return redirect("accounts:second_factor")
    secret = _secret_of(request)
    if secret is None:
        secret = generate_totp_secret()
        request.session[SECRET] = encrypt(secret)
    form = SetUpForm(posted(request))
    if form.is_valid():
        try:
            set_up_second_factor(
                user=request.user,
                secret=secret,
                code=form.cleaned_data["code"],
                session_key=request.session.session_key,
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[SECRET]
            stay_signed_in(request)
            record_authentication(request, request.user, "mfa")
            messages.success(request, _("Verifikasi dua langkah sudah aktif."))
            return see_other("accounts:recovery_codes")
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    must = must_have_second_factor(request.user, portal_today())
    context = {"secret": " ".join(groups), "must": must}
    return respond(request, "accounts/set_up_totp.html", context, form=form)


def _secret_of(request: PersonRequest) -> str | None:
    """The secret that is being set up; unreadable where sessions lie, like the one that is in use."""
    sealed = request.session.get(SECRET)
    return decrypt(sealed) if sealed else None


@access(entering)
@require_safe
@freshly_proved
def totp_image(request: PersonRequest) -> HttpResponse:
    """The secret as a QR code: a picture of its own, since the policy allows none inside the page."""
    secret = _secret_of(request)
    if secret is None:
        raise Http404
    # With what draws it come 6 MB, which a process needs only for this picture.
    import qrcode  # noqa: PLC0415
    from qrcode.image.svg import SvgPathFillImage  # noqa: PLC0415

    buffer = io.BytesIO()
    address = get_adapter().build_totp_url(request.user, secret)
    qrcode.make(address, image_factory=SvgPathFillImage).save(buffer)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def recovery_codes(request: PersonRequest) -> HttpResponse:
    """The codes for paper; new ones on demand."""
    if not has_second_factor(request.user):
        return redirect("accounts:second_factor")
    if request.method == "POST":
        renew_recovery_codes(user=request.user)
        messages.success(request, _("Kode cadangan baru sudah dibuat; yang lama tidak berlaku."))
        return see_other("accounts:recovery_codes")
    context = {"codes": recovery_codes_of(request.user)}
    return render(request, "accounts/recovery_codes.html", context)


@access(entering)
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proved
def remove_totp(request: PersonRequest) -> HttpResponse:
    """Ask, then take it off, where no duty asks for it."""
    if not has_second_factor(request.user):
        return redirect("accounts:second_factor")
    refusal = ""
    if request.method == "POST":
        try:
            remove_second_factor(user=request.user)
        except FactorRequired as error:
            refusal = str(error)
        else:
            messages.success(request, _("Verifikasi dua langkah dilepas."))
            return see_other("accounts:second_factor")
    context = {"must": must_have_second_factor(request.user, portal_today())}
    return respond(request, "accounts/remove_totp.html", context, refusal=refusal)
