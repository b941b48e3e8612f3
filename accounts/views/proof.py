"""Who is there? What only the account's owner may do asks for the password, or a code, typed of late."""

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse

from accounts.access import PersonRequest

PROOF_LASTS = 15 * 60
"""Seconds for which a password or code that was typed counts as a proof of who is there."""
View = Callable[..., HttpResponse]


def is_freshly_proved(request: PersonRequest) -> bool:
    """Whether this session typed a password or code, or came from the provider, within `PROOF_LASTS`."""
    proofs = get_authentication_records(request, request.user)
    return any(time.time() - proof["at"] < PROOF_LASTS for proof in proofs)


def proof_first(back_to: str) -> HttpResponse:
    """Ask for the proof, and lead back to that path afterwards."""
    return redirect_to_login(back_to, reverse("account_reauthenticate"))


def freshly_proved(view: View) -> View:
    """Let nobody at a page whose last proof is too old: it leads there and back."""

    @functools.wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_freshly_proved(request):
            return view(request, *args, **kwargs)
        return proof_first(request.get_full_path())

    return guarded
