"""The form with which the personnel office settles a report about a supervisor."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import normalize_nip
from assessments.models.assessment import NOTE_LENGTH


class Decision(models.TextChoices):
    """What the personnel office found."""

    NAMED = "NAMED", _("Tetapkan penilai yang benar")
    MENDED = "MENDED", _("Data pegawai sudah diperbaiki; penilai mengikuti struktur")
    REJECTED = "REJECTED", _("Atasan yang ditampilkan sudah benar")


class SettleForm(forms.Form):
    """Decision, the right reviewer where one is named, `among` whom, and what the person is told."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        label=_("Apa hasilnya?"),
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu hasil.")},
    )
    nip = forms.CharField(
        label=_("NIP penilai yang benar"),
        required=False,
        max_length=40,
        help_text=_(
            "Hanya bila Anda menetapkan penilai: pegawai di unit wewenang Anda, atau pimpinan unit mana pun."
        ),
    )
    resolution = forms.CharField(
        label=_("Penjelasan bagi pegawai"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tulis apa yang Anda temukan dan apa yang Anda ubah.")},
    )

    reviewer: User | None = None

    def __init__(self, *args: Any, among: models.QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among = among

    def clean_nip(self) -> str:
        """The digits; finds the account. Whom the office may not name does not exist for it."""
        digits = normalize_nip(self.cleaned_data["nip"])
        if digits:
            self.reviewer = self.among.filter(nip=digits).first()
            if self.reviewer is None:
                raise ValidationError(
                    _(
                        "Tidak ada pegawai dengan NIP ini di unit wewenang Anda, dan tidak ada pimpinan unit "
                        "dengan NIP ini. Periksa angkanya, atau minta bantuan kepegawaian unit di atasnya."
                    )
                )
        return digits

    def clean(self) -> dict[str, Any]:
        """A reviewer where one is to be named, and none otherwise."""
        data: dict[str, Any] = super().clean() or {}
        decision = data.get("decision")
        if "nip" in self.errors or decision is None:
            return data
        if decision == Decision.NAMED and not data["nip"]:
            self.add_error("nip", _("Tulis NIP penilai yang benar."))
        if decision != Decision.NAMED and data["nip"]:
            self.add_error("nip", _("Kosongkan NIP, atau pilih “Tetapkan penilai yang benar”."))
        return data
