"""Forms about some people of a cycle whose time differs: more of it, no more of it, or a result to mend."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import normalize_nip
from assessments.enums import DECIDED, Status
from assessments.forms.moments import ComingDeadlineField
from assessments.models import Assessment, Cycle, CycleUnit
from assessments.models.assessment import REASON_LENGTH
from assessments.queries.cycles import UnitChoice, assessments_below
from assessments.queries.extensions import extended_in


class CaseForm(forms.Form):
    """Whose assessment of `cycle`, by NIP, and why."""

    use_required_attribute = False

    nip = forms.CharField(
        label=_("NIP pegawai"),
        max_length=40,
        error_messages={"required": _("Tulis NIP pegawai.")},
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dicatat dalam jejak audit setiap pegawai yang bersangkutan."),
        error_messages={"required": _("Tulis alasannya.")},
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle

    def of_nip(self, typed: str) -> QuerySet[Assessment]:
        """The one assessment of the cycle with this NIP, or none."""
        people = User.objects.filter(nip=normalize_nip(typed))
        return Assessment.objects.filter(cycle=self.cycle, person__in=people)


class ReopeningForm(CaseForm):
    """Whose established result, why, and until when it is to be mended."""

    field_order = ("nip", "until", "reason")
    until = ComingDeadlineField(label=_("Batas waktu perbaikan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nip"].help_text = _("Hasilnya harus sudah ditetapkan pada periode ini.")
        self.fields["reason"].help_text = _(
            "Dibaca oleh yang menyetujui, oleh pegawai, dan dicatat dalam jejak audit."
        )

    def clean_nip(self) -> str:
        """Somebody whose result of this cycle is established."""
        typed = str(self.cleaned_data["nip"])
        established = self.of_nip(typed).filter(status=Status.FINAL).first()
        if established is None:
            raise ValidationError(
                _("Tidak ada hasil yang sudah ditetapkan dengan NIP ini pada periode ini.")
            )
        self.assessment = established
        return typed


class GroupForm(CaseForm):
    """One person, or a unit with all below it; `assessments` are those of them whom it can concern."""

    TARGETS = ("nip", "unit", "unit_code")
    nobody: Any
    """What is said where it can concern nobody of those chosen."""

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

    def __init__(self, *args: Any, units: Sequence[UnitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nip"].required = False
        self.fields["nip"].help_text = _(
            "Untuk satu orang; boleh dengan spasi. Kosongkan bila untuk satu unit."
        )
        field: Any = self.fields["unit"]
        field.queryset = CycleUnit.objects.filter(cycle=self.cycle)
        field.choices = [("", field.empty_label), *((unit.pk, unit.label) for unit in units)]

    def concerned(self) -> QuerySet[Assessment]:
        """Those of the cycle whom the form can concern."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Exactly one of person, unit and unit code, and somebody there whom it concerns."""
        data: dict[str, Any] = super().clean() or {}
        chosen = [name for name in self.TARGETS if data.get(name)]
        if len(chosen) != 1:
            if not any(name in self.errors for name in self.TARGETS):
                self.add_error(chosen[1] if chosen else "nip", self._one_of(chosen))
            return data
        found = self.concerned().filter(pk__in=self._of(chosen[0], data).values("pk"))
        if not found.exists():
            self.add_error(chosen[0], self.nobody)
        data["assessments"] = found
        return data

    def facts(self) -> dict[str, Any]:
        """What the operation takes of a valid form: whose assessments, why, and until when if that is asked."""
        names = ("assessments", "reason", "until")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def _one_of(self, chosen: list[str]) -> str:
        if not chosen:
            return gettext("Isi salah satu: NIP pegawai, unit, atau kode unit lain.")
        filled = [str(self.fields[name].label) for name in chosen]
        return gettext("Isi salah satu saja. Sekarang terisi: %(fields)s.") % {
            "fields": ", ".join(filled)
        }

    def _of(self, target: str, data: dict[str, Any]) -> QuerySet[Assessment]:
        """Those of the cycle whom one of `TARGETS` names."""
        if target == "nip":
            return self.of_nip(data["nip"])
        unit: CycleUnit | None = data.get("unit")
        if target == "unit_code":
            code = data["unit_code"].strip()
            unit = CycleUnit.objects.filter(cycle=self.cycle, unit__code=code).first()
        return assessments_below(unit) if unit else Assessment.objects.none()


class ExtensionForm(GroupForm):
    """More time."""

    field_order = (*GroupForm.TARGETS, "until", "reason")
    nobody = _("Tidak ada pegawai periode ini yang masih dapat diperpanjang di sini.")

    until = ComingDeadlineField(label=_("Diperpanjang sampai"))

    def clean_until(self) -> Any:
        """Later than the end for everybody."""
        until = self.cleaned_data["until"]
        if until <= self.cycle.closes_at:
            raise ValidationError(_("Pilih waktu sesudah penutupan periode bagi semua pegawai."))
        return until

    def concerned(self) -> QuerySet[Assessment]:
        """Whoever has not been decided about."""
        return Assessment.objects.filter(cycle=self.cycle).exclude(status__in=DECIDED)


class ExtensionEndForm(GroupForm):
    """No more time than everybody has."""

    field_order = (*GroupForm.TARGETS, "reason")
    nobody = _("Tidak ada pegawai dengan waktu tambahan yang masih berlaku di sini.")

    def concerned(self) -> QuerySet[Assessment]:
        """Whoever may go on longer than the others."""
        return extended_in(self.cycle)
