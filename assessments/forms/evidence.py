"""Choosing one file as evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.files.evidence import EvidenceRefused, Problem


class EvidenceForm(forms.Form):
    """One file; what it is, is found out when it is read."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Berkas bukti"),
        help_text=_("PDF, JPEG, atau PNG, paling besar 5 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = str(EvidenceRefused(Problem.NONE))
