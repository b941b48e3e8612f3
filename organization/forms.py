"""Asking for a correction, and answering it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.enums import DECISIONS, CorrectionItem
from organization.models import CORRECTION_LENGTH, REFERENCE_LENGTH


class CorrectionForm(forms.Form):
    """Which item, what is right, and what shows it."""

    use_required_attribute = False

    item = forms.ChoiceField(
        label=_("Data mana yang keliru?"),
        choices=CorrectionItem.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih data yang keliru.")},
    )
    requested = forms.CharField(
        label=_("Yang benar"),
        max_length=CORRECTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tulis apa yang keliru dan bagaimana seharusnya."),
        error_messages={"required": _("Tulis bagaimana seharusnya.")},
    )
    reference = forms.CharField(
        label=_("Dasar, bila ada"),
        required=False,
        max_length=REFERENCE_LENGTH,
        help_text=_("Nomor SK atau surat, atau tautan berkasnya."),
    )


class CorrectionDecisionForm(forms.Form):
    """What the office did, and what the person is told."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        label=_("Apa hasilnya?"),
        choices=[(each.value, each.label) for each in DECISIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu hasil.")},
    )
    answer = forms.CharField(
        label=_("Jawaban bagi pegawai"),
        max_length=CORRECTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Tulis apa yang Anda perbaiki, atau mengapa tidak diperbaiki.")
        },
    )
