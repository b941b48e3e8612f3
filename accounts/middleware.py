"""The language and the zone of each answer; and default deny: a view without a declared rule is refused."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from structlog.contextvars import bind_contextvars

from accounts.access import Rule, operator, public, signed_in
from accounts.clock import zone_of

# Views of libraries cannot carry our decorator; they are named here, and a guard test lists them.
LIBRARY_RULES: dict[str, Rule] = {
    "account_login": public,
    "account_change_password": signed_in,
    "account_set_password": signed_in,
    "account_reset_password": public,
    "account_reset_password_done": public,
    "account_reset_password_from_key": public,
    "account_reset_password_from_key_done": public,
    "account_inactive": public,
    "account_reauthenticate": signed_in,
}
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


class LanguageMiddleware:
    """Answers in the language that the person chose here, Indonesian until then.

    What the browser asks for is not read: many phones are set to English by people who read Indonesian.
    The choice is a cookie, which signing in sets anew from the account.
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


class AccessMiddleware:
    """Asks the rule before the view runs: anonymous people are sent to sign in, others get 404.

    404, not 403: whether a page exists is not for those to know who may not open it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision falls in `process_view`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse, send to sign in, or let the view run."""
        match = request.resolver_match
        rule = rule_of(view, match.url_name if match else None, match.namespaces if match else [])
        if rule is None:
            raise PermissionDenied("no access rule declared for this view")
        if rule(request):
            if rule is not public:
                bind_contextvars(user_id=request.user.pk)
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        raise Http404
