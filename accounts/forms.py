"""Forms of sign-in."""

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import normalize_nip


class SignInForm(LoginForm):  # type: ignore[misc]
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
        return super().clean_login()  # type: ignore[no-any-return]
