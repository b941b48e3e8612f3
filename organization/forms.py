"""Asking for a correction and answering it; choosing whom to invite."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.enums import DECISIONS, CorrectionItem
from organization.models import CORRECTION_LENGTH, REFERENCE_LENGTH, Unit


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


class Reach(models.TextChoices):
    """How far down a choice of unit goes."""

    BELOW = "BELOW", _("Unit ini dan semua di bawahnya")
    ALONE = "ALONE", _("Unit ini saja")


class InvitingForm(forms.Form):
    """Which unit of the mandate, and how far down."""

    use_required_attribute = False

    unit = forms.TypedChoiceField(
        label=_("Unit"),
        error_messages={
            "required": _("Pilih unit."),
            "invalid_choice": _("Unit itu tidak ada dalam wewenang Anda. Pilih dari daftar."),
        },
    )
    reach = forms.ChoiceField(
        label=_("Cakupan"),
        choices=Reach.choices,
        error_messages={"invalid_choice": _("Pilih salah satu cakupan.")},
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["unit"])
        field.choices = [(unit.pk, "\u2003" * unit.tree_depth + unit.name) for unit in units]
        field.coerce = {str(unit.pk): unit for unit in units}.__getitem__
