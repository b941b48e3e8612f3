"""What a reader may choose on a dashboard; the choice stands in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.enums import ScoreKind, Status


class BoardFilter(forms.Form):
    """Whose levels the figures come from, and which of one's own people are listed."""

    nilai = forms.ChoiceField(
        label=_("Nilai"),
        choices=ScoreKind.choices,
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )
    status = forms.ChoiceField(
        label=_("Status pegawai"),
        choices=[("", _("Semua status")), *Status.choices],
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )

    @property
    def source(self) -> str:
        """The chosen source; people's own levels unless asked otherwise."""
        return self._chosen("nilai") or ScoreKind.SELF

    @property
    def chosen_status(self) -> str:
        """The chosen status; empty for all."""
        return self._chosen("status")

    def _chosen(self, name: str) -> str:
        """A valid choice; an address with another value reads like one without."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
