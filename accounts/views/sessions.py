"""Where one is signed in, and ending it there."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, access, entering, not_a_use, signed_in
from accounts.limits import note_use, time_left
from accounts.operations import end_other_sessions, end_session
from accounts.operations.sessions import relist_session
from accounts.queries import devices_of, sessions_of
from accounts.views.answers import see_other
from accounts.views.proof import is_freshly_proved, proof_first


def stay_signed_in(request: PersonRequest) -> None:
    """Let this session alone take on the person's new generation, under another key."""
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    relist_session(user=request.user, before=before, after=request.session.session_key)


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: PersonRequest) -> HttpResponse:
    """All devices; sent, the form ends all sessions but this one, once it is proved who asks."""
    is_proved = is_freshly_proved(request)
    if request.method == "POST":
        if not is_proved:
            return proof_first(reverse("accounts:sessions"))
        ended = end_other_sessions(user=request.user, session_key=request.session.session_key)
        stay_signed_in(request)
        text = ngettext("%(count)d sesi lain diakhiri.", "%(count)d sesi lain diakhiri.", ended)
        messages.success(request, text % {"count": ended})
        return see_other("accounts:sessions")
    devices = devices_of(request.user, request.session.session_key)
    context = {"devices": devices, "is_proved": is_proved}
    return render(request, "accounts/sessions.html", context)


@access(signed_in)
@require_POST
def end_device(request: PersonRequest, pk: int) -> HttpResponse:
    """End one session, once it is proved who asks; somebody else's does not exist."""
    session = get_object_or_404(sessions_of(request.user), pk=pk)
    if not is_freshly_proved(request):
        return proof_first(reverse("accounts:sessions"))
    end_session(user=request.user, session=session)
    messages.success(request, _("Sesi di perangkat itu diakhiri."))
    return see_other("accounts:sessions")


@access(entering)
@not_a_use
@require_http_methods(["GET", "HEAD", "POST"])
def session_time(request: PersonRequest) -> JsonResponse:
    """How long the session lasts; sent, it is used now.

    With the token that forms of an open page need after signing in anew elsewhere.
    """
    if request.method == "POST":
        note_use(request.session, at_once=True)
    left = time_left(request.session)
    return JsonResponse(
        {
            "person": request.user.pk,
            "idle": left.idle,
            "absolute": left.absolute,
            "token": get_token(request),
        }
    )
