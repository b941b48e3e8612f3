"""Choosing one file as evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.files.evidence import MAXIMUM_BYTES, EvidenceRefused, Problem


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
        field = self.fields["file"]
        field.error_messages["required"] = str(EvidenceRefused(Problem.NONE))
        # base.js says it before anything is sent: on a weak line that saves minutes.
        field.widget.attrs["data-largest"] = str(MAXIMUM_BYTES)
        field.widget.attrs["data-too-large"] = str(EvidenceRefused(Problem.SIZE))
