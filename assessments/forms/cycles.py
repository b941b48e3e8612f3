"""Forms with which curators open and keep cycles."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import normalize_nip
from assessments.enums import DECIDED
from assessments.forms.moments import DayField, DeadlineField, MomentField
from assessments.models import Assessment, Cycle, CycleUnit
from assessments.queries.cycles import UnitChoice, assessments_below
from organization.models import Unit
from pillars.models import Instrument, code_validator

REASON_LENGTH = 500
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


class ExtensionForm(forms.Form):
    """More time for one person, or for a unit with all below it."""

    use_required_attribute = False
    TARGETS = ("nip", "unit", "unit_code")

    nip = forms.CharField(
        label=_("NIP pegawai"),
        required=False,
        max_length=40,
        help_text=_("Untuk satu orang; boleh dengan spasi. Kosongkan bila untuk satu unit."),
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=CycleUnit.objects.none(),
        required=False,
        empty_label=_("Tidak ada"),
        help_text=_("Untuk semua pegawai di unit ini dan di bawahnya."),
    )
    unit_code = forms.CharField(
        label=_("Kode unit lain"),
        required=False,
        max_length=64,
        help_text=_("Untuk unit yang lebih dalam: kode UNOR."),
    )
    until = DeadlineField(label=_("Diperpanjang sampai"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dicatat dalam jejak audit setiap pegawai yang bersangkutan."),
        error_messages={"required": _("Tulis alasan perpanjangan.")},
    )

    def __init__(
        self, *args: Any, cycle: Cycle, units: Sequence[UnitChoice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        field: Any = self.fields["unit"]
        field.queryset = CycleUnit.objects.filter(cycle=cycle)
        field.choices = [("", field.empty_label), *((unit.pk, unit.label) for unit in units)]

    def clean_until(self) -> Any:
        """Later than the end for everybody, and still to come."""
        until = self.cleaned_data["until"]
        if until <= self.cycle.closes_at:
            raise ValidationError(_("Pilih waktu sesudah penutupan periode bagi semua pegawai."))
        if until <= timezone.now():
            raise ValidationError(_("Pilih waktu yang belum lewat."))
        return until

    def clean(self) -> dict[str, Any]:
        """Exactly one of person, unit and unit code, and somebody there who may still hand in."""
        data: dict[str, Any] = super().clean() or {}
        chosen = [name for name in self.TARGETS if data.get(name)]
        if len(chosen) != 1:
            if not any(name in self.errors for name in self.TARGETS):
                self.add_error(chosen[1] if chosen else "nip", self._one_of(chosen))
            return data
        found = getattr(self, f"_of_{chosen[0]}")(data[chosen[0]])
        if not found.exists():
            self.add_error(
                chosen[0], _("Tidak ada pegawai periode ini yang masih dapat diperpanjang di sini.")
            )
        data["assessments"] = found
        return data

    def _one_of(self, chosen: list[str]) -> str:
        if not chosen:
            return gettext("Isi salah satu: NIP pegawai, unit, atau kode unit lain.")
        filled = [str(self.fields[name].label) for name in chosen]
        return gettext("Isi salah satu saja. Sekarang terisi: %(fields)s.") % {
            "fields": ", ".join(filled)
        }

    def _of_nip(self, typed: str) -> Any:
        people = User.objects.filter(nip=normalize_nip(typed))
        return self._undecided().filter(person__in=people)

    def _of_unit(self, unit: CycleUnit) -> Any:
        return self._undecided().filter(pk__in=assessments_below(unit).values("pk"))

    def _of_unit_code(self, code: str) -> Any:
        unit = CycleUnit.objects.filter(cycle=self.cycle, unit__code=code.strip()).first()
        return self._of_unit(unit) if unit else Assessment.objects.none()

    def _undecided(self) -> Any:
        return Assessment.objects.filter(cycle=self.cycle).exclude(status__in=DECIDED)
