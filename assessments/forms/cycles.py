"""Forms with which curators open and keep cycles."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.forms.moments import DayField, DeadlineField, MomentField
from assessments.queries.cycles import UnitChoice
from organization.models import Unit
from pillars.models import Instrument, code_validator

MAX_CODES_NAMED = 5


class UnitCheckboxes(forms.CheckboxSelectMultiple):
    """A box for each unit, read out with the unit above it: many units have the same name."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The box of one unit; `choices` carry `UnitChoice` as labels."""
        option = super().create_option(*args, **kwargs)
        unit = option["label"]
        if unit.parent:
            option["attrs"]["aria-label"] = f"{unit.name}, {unit.parent}"
        option["attrs"]["data-depth"] = unit.depth
        return {**option, "label": unit.name}


class CycleForm(forms.Form):
    """A cycle before it is opened."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Nama periode"),
        max_length=150,
        help_text=_("Seperti yang dibaca pegawai, misalnya: PRIMA Semester I 2027."),
        error_messages={"required": _("Tulis nama periode.")},
    )
    code = forms.CharField(
        label=_("Kode"),
        max_length=40,
        validators=[code_validator],
        help_text=_("Pendek dan tetap, misalnya: PRIMA-2027-S1. Dipakai pada nomor tanda terima."),
        error_messages={"required": _("Tulis kode periode.")},
    )
    instrument = forms.ModelChoiceField(
        label=_("Instrumen"),
        queryset=Instrument.objects.none(),
        empty_label=_("Pilih versi yang sudah terbit"),
        help_text=_("Tidak dapat diganti setelah periode dibuka."),
        error_messages={
            "required": _("Pilih instrumen yang dipakai."),
            "invalid_choice": _("Pilih versi yang sudah terbit."),
        },
    )
    opens_at = MomentField(label=_("Dibuka"))
    closes_at = DeadlineField(label=_("Ditutup"))
    census_date = DayField(
        label=_("Tanggal sensus"),
        help_text=_(
            "Unit dan jabatan pegawai pada tanggal ini dipakai sepanjang periode, "
            "juga bila kemudian ada mutasi."
        ),
    )
    population = forms.ModelMultipleChoiceField(
        label=_("Populasi"),
        queryset=Unit.objects.none(),
        required=False,
        widget=UnitCheckboxes,
        help_text=_("Unit yang dipilih dan semua di bawahnya. Tanpa pilihan: seluruh organisasi."),
    )
    unit_codes = forms.CharField(
        label=_("Kode unit lain"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Untuk unit yang lebih dalam: kode UNOR, dipisah koma atau baris."),
    )

    def __init__(self, *args: Any, units: Sequence[UnitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument: Any = self.fields["instrument"]
        instrument.queryset = Instrument.objects.published()
        instrument.label_from_instance = lambda version: f"{version.title} ({version})"
        population: Any = self.fields["population"]
        population.queryset = _active_units()
        population.choices = [(unit.pk, unit) for unit in units]

    def clean_unit_codes(self) -> list[Unit]:
        """The units of the codes; unknown ones are named."""
        codes = set(re.split(r"[\s,;]+", self.cleaned_data["unit_codes"])) - {""}
        found = list(_active_units().filter(code__in=codes))
        if unknown := sorted(codes - {unit.code for unit in found}):
            raise ValidationError(
                _("Kode unit ini tidak ada: %(codes)s. Periksa ejaannya."),
                params={"codes": ", ".join(unknown[:MAX_CODES_NAMED])},
            )
        return found

    def facts(self) -> dict[str, Any]:
        """What `open_cycle` takes, of a valid form."""
        data = dict(self.cleaned_data)
        typed = data.pop("unit_codes")
        return {**data, "population": [*data["population"], *typed]}


def _active_units() -> QuerySet[Unit]:
    """With the unit above, by which namesakes are told apart."""
    return Unit.objects.without_tree_fields().select_related("parent").filter(is_active=True)


class RescheduleForm(forms.Form):
    """Another end for everybody."""

    use_required_attribute = False

    closes_at = DeadlineField(label=_("Ditutup"))
