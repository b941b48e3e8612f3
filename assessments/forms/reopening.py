"""Forms with which an established result is opened again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.validators import normalize_nip
from assessments.enums import Status
from assessments.forms.moments import DeadlineField
from assessments.models import Assessment, Cycle
from assessments.models.assessment import REASON_LENGTH

APPROVE, REJECT = "approve", "reject"


class ReopeningForm(forms.Form):
    """Whose result, why, and until when it is to be mended."""

    use_required_attribute = False

    nip = forms.CharField(
        label=_("NIP pegawai"),
        max_length=40,
        help_text=_("Hasilnya harus sudah ditetapkan pada periode ini."),
        error_messages={"required": _("Tulis NIP pegawai.")},
    )
    until = DeadlineField(label=_("Batas waktu perbaikan"))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca oleh yang menyetujui, oleh pegawai, dan dicatat dalam jejak audit."),
        error_messages={"required": _("Tulis alasan hasil ini dibuka kembali.")},
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle

    def clean_nip(self) -> str:
        """Somebody whose result of this cycle is established."""
        people = User.objects.filter(nip=normalize_nip(self.cleaned_data["nip"]))
        found = Assessment.objects.filter(cycle=self.cycle, person__in=people)
        established = found.filter(status=Status.FINAL).first()
        if established is None:
            raise ValidationError(
                _("Tidak ada hasil yang sudah ditetapkan dengan NIP ini pada periode ini.")
            )
        self.assessment = established
        return str(self.cleaned_data["nip"])

    def clean_until(self) -> Any:
        """A moment that is still to come."""
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError(_("Pilih waktu yang belum lewat."))
        return until


class DecisionForm(forms.Form):
    """What the second person says; saying nothing decides nothing."""

    decision = forms.ChoiceField(
        choices=[(APPROVE, APPROVE), (REJECT, REJECT)],
        error_messages={"required": _("Belum ada yang diputuskan. Setujui atau tolak usulan ini.")},
    )
