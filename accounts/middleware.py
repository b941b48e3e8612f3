"""The language and the zone of each answer, how long a session lasts; and default deny, with the second factor."""

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from structlog.contextvars import bind_contextvars

from accounts.access import Rule, entering, operator, public, signed_in
from accounts.clock import portal_today, zone_of
from accounts.limits import note_use, time_left
from accounts.operations import note_refused_request
from accounts.queries import lacks_second_factor

# What an address that exists answers where the object is not this person's, or the act is not.
REFUSING = {404: "object", 403: "permission"}

# Views of libraries cannot carry our decorator; they are named here, and a guard test lists them.
LIBRARY_RULES: dict[str, Rule] = {
    "account_login": public,
    "account_change_password": signed_in,
    "account_set_password": signed_in,
    "account_reset_password_done": public,
    "account_inactive": public,
    "mfa_authenticate": public,
}
CSRF_FIELD = "csrfmiddlewaretoken"
LIBRARY_NAMESPACES: dict[str, Rule] = {"admin": operator}


def rule_of(
    view: Callable[..., object], url_name: str | None, namespaces: list[str]
) -> Rule | None:
    """The declared rule of a resolved view, or None where nobody declared one."""
    declared: Rule | None = getattr(view, "access_rule", None)
    if declared is not None:
        return declared
    if namespaces:
        return LIBRARY_NAMESPACES.get(namespaces[0])
    return LIBRARY_RULES.get(url_name or "")


def _way_back(request: HttpRequest) -> str:
    """Where signing in leads back to: after a form that came too late, the page on which it stood."""
    came_from = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl()
    return request.get_full_path()


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page, which says so where something was sent that is not stored."""
    response = redirect_to_login(_way_back(request), settings.LOGIN_URL)
    if request.method == "POST":
        response["Location"] += "&unsaved=1"
    return response


def unsent_fields(request: HttpRequest) -> dict[str, list[str]]:
    """What a form sent, for the button that sends it again; nothing where it holds a file, a password or a code."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        fields = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    except (BadRequest, SuspiciousOperation, OSError):
        return {}
    is_secret = any("password" in name or name == "code" for name in fields)
    return {} if is_secret else fields


def _to_set_up(request: HttpRequest) -> HttpResponse:
    """The way to the second factor; where a page's form was sent, a page that keeps it for afterwards."""
    fields = unsent_fields(request)
    if not fields.pop(CSRF_FIELD, None) or not fields:
        return redirect("accounts:set_up_totp")
    unsent = [(name, value) for name, values in fields.items() for value in values]
    return render(request, "accounts/set_up_first.html", {"unsent_fields": unsent}, status=409)


def _must_set_up(request: HttpRequest) -> bool:
    """Whether this person must have a second factor and has none. Costs nothing once a code was shown."""
    if not settings.MFA_REQUIRED or not request.user.is_authenticated:
        return False
    shown = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in shown):
        return False
    return lacks_second_factor(request.user, portal_today())


class LanguageMiddleware:
    """Answers in the language that the person chose here, Indonesian until then.

    What the browser asks for is not read: many phones are set to English by people who read Indonesian.
    The choice is a cookie, which signing in sets anew from the account; no cache between gives one's
    language to another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language and name it in the response."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class TimeZoneMiddleware:
    """Shows moments in the person's own zone, the portal's until they choose one.

    Comes after the person is known and asks nobody who it is for a public page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let no zone outlive its request: threads serve many people."""
        with timezone.override(None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> None:
        """Show this request in the person's zone."""
        if getattr(view, "access_rule", None) is not public:
            timezone.activate(zone_of(request.user))


class SessionLimitsMiddleware:
    """Ends a session some hours after it began, and sooner where nothing is asked for.

    Both are counted here, not by the cookie: whoever stole it may keep it as long as they like.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls in `process_view`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> None:
        """Sign out whose time is over; the gate then sends them to sign in and back again."""
        if getattr(view, "access_rule", None) is public or not request.user.is_authenticated:
            return
        if time_left(request.session).is_over:
            logout(request)
        elif getattr(view, "is_use", True):
            note_use(request.session)


class AccessMiddleware:
    """Asks the rule before the view runs: anonymous people are sent to sign in, others get 404.

    404, not 403: whether a page exists is not for those to know who may not open it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls in `process_view`. What was refused is a line in the log."""
        response = self.get_response(request)
        match = request.resolver_match
        is_public = match is None or getattr(match.func, "access_rule", None) is public
        if response.status_code in REFUSING and not is_public:
            rule = REFUSING[response.status_code]
            note_refused_request(request=request, rule=rule, status=response.status_code)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse, send to sign in, or let the view run."""
        match = request.resolver_match
        rule = rule_of(view, match.url_name if match else None, match.namespaces if match else [])
        if rule is None:
            raise PermissionDenied("no access rule declared for this view")
        if rule(request):
            if rule is public:
                return None
            bind_contextvars(user_id=request.user.pk)
            if rule is not entering and _must_set_up(request):
                return _to_set_up(request)
            return None
        anonymous = not request.user.is_authenticated
        refused = getattr(rule, "__name__", "rule")
        note_refused_request(request=request, rule=refused, status=302 if anonymous else 404)
        if anonymous:
            return _to_sign_in(request)
        raise Http404
