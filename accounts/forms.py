"""Forms of signing in: the NIP, the second step, a new password."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.forms import LoginForm, ResetPasswordForm, SetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused
from accounts.operations import OLD_PASSWORDS, accept_code, forgive, take_turn
from accounts.validators import NIP_LENGTH, normalize_nip

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
        """The NIP as it is stored; a rater's name in small letters, however it is tried, is one name."""
        typed: str = self.cleaned_data["login"].strip()
        digits = normalize_nip(typed)
        if digits.isdigit() and len(digits) != NIP_LENGTH:
            raise forms.ValidationError(
                _("NIP terdiri dari %(right)s angka; yang tertulis %(count)s angka.")
                % {"right": NIP_LENGTH, "count": len(digits)}
            )
        self.cleaned_data["login"] = digits if digits.isdigit() else typed.lower()
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
            error_messages={"required": _("Tulis NIP atau surel dinas Anda.")},
        )

    def clean_email(self) -> str:
        """What was typed, a NIP without what people put between its digits."""
        typed: str = self.cleaned_data["email"].strip()
        digits = normalize_nip(typed)
        return digits if digits.isdigit() else typed

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Never: asking is an operation, which the view calls."""
        raise NotImplementedError


class SetUpForm(forms.Form):
    """The code that proves that the app on the phone holds the secret."""

    code = forms.CharField(
        label=_("Kode dari aplikasi"),
        max_length=12,
        help_text=_("Enam angka yang sedang ditampilkan aplikasi."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class CodeForm(BaseAuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Kode"),
            max_length=12,
            help_text=_("Enam angka dari aplikasi, atau satu kode cadangan."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        )

    def clean_code(self) -> str:
        """Use the code up; each counts once."""
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = accept_code(user=self.user, code=code)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return code

    def save(self) -> None:
        """Note in the session that the second step was taken."""
        post_authentication(context.request, self.authenticator)


class CodeAgainForm(CodeForm):
    """The same, to confirm an act of somebody who is signed in."""

    def save(self) -> None:
        """Note it as a confirmation."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Another password for the old one, which is not to be found out by trying in a session that stands open."""

    def clean_oldpassword(self) -> str:
        """The old one; few tries, however many sessions try."""
        key = str(self.user.pk)
        try:
            take_turn(limit=OLD_PASSWORDS, key=key)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        typed: str = super().clean_oldpassword()
        forgive(limit=OLD_PASSWORDS, key=key)
        return typed


class ChoosePasswordForm(SetPasswordForm):
    """A password by a link, typed twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Kata sandi baru")
        self.fields["password2"].label = _("Kata sandi baru, sekali lagi")
