"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.addresses import counted_name
from accounts.limits import begin


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "accounts"
    verbose_name = _("Akun")

    def ready(self) -> None:
        """Note when and how each session begins, and what was refused: every way of signing in passes these signals."""
        from axes.signals import user_locked_out  # noqa: PLC0415  brings models along

        user_logged_in.connect(_begin_session, dispatch_uid="accounts.begin_session")
        user_logged_in.connect(_note_sign_in, dispatch_uid="accounts.note_sign_in")
        user_login_failed.connect(_note_refusal, dispatch_uid="accounts.note_refusal")
        user_locked_out.connect(_note_lockout, dispatch_uid="accounts.note_lockout")


def _begin_session(request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        begin(request.session)


def _note_sign_in(user: Any, request: HttpRequest | None = None, **_: Any) -> None:
    from accounts.operations import note_sign_in  # noqa: PLC0415  models are not loaded before

    if request is not None:
        note_sign_in(request=request, user=user)


def _note_refusal(credentials: dict[str, Any], **_: Any) -> None:
    from accounts.operations import note_denial, unreadable  # noqa: PLC0415  models are not loaded before

    name = counted_name(str(credentials.get("username", "")))
    note_denial(rule="sign_in", account=unreadable(typed=name))


def _note_lockout(username: str | None = None, **_: Any) -> None:
    from accounts.operations import note_denial, unreadable  # noqa: PLC0415  models are not loaded before

    note_denial(rule="lockout", account=unreadable(typed=username or ""))
