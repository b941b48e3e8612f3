"""Forms of sign-in."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import normalize_nip

MAX_ADDRESS = 254


class SignInForm(LoginForm):
    """Sign-in by NIP, written with or without spaces."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("NIP"),
            max_length=40,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "inputmode": "text", "spellcheck": "false"}
            ),
        )
        self.fields["password"].label = _("Kata sandi")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields.pop("remember", None)

    def clean_login(self) -> str:
        """The NIP as it is stored; a rater's name without NIP stays as typed."""
        typed: str = self.cleaned_data["login"].strip()
        digits = normalize_nip(typed)
        self.cleaned_data["login"] = digits if digits.isdigit() else typed
        return super().clean_login()


class PasswordForgottenForm(ResetPasswordForm):
    """Ask for a link by NIP or by address; the answer is the same whether there is such an account."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.CharField(
            label=_("NIP atau surel dinas"),
            max_length=MAX_ADDRESS,
            help_text=_("Tautan dikirim ke surel dinas yang tercatat pada akun itu."),
            widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        )

    def clean_email(self) -> str:
        """What was typed; finds the active accounts that have an address."""
        typed: str = self.cleaned_data["email"].strip()
        digits = normalize_nip(typed)
        meant = Q(nip=digits) if digits.isdigit() else Q(email__iexact=typed) | Q(username=typed)
        self.users = list(User.objects.filter(meant, is_active=True).exclude(email=""))
        return typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send each account's link to its own address."""
        typed: str = self.cleaned_data["email"]
        for user in list(self.users):
            self.users, self.cleaned_data["email"] = [user], user.email
            super().save(request, **kwargs)
        return typed
