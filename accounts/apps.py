"""App configuration."""

import time
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what this app answers."""

    name = "accounts"
    verbose_name = _("Akun")

    def ready(self) -> None:
        """Note when each session begins: every way of signing in passes Django's signal, and no other place."""
        user_logged_in.connect(_begin_session, dispatch_uid="accounts.begin_session")


def _begin_session(request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        request.session["session_began"] = request.session["session_seen"] = time.time()
