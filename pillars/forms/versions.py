"""Whole versions: a file sent in, the number of the next version, and acts that are confirmed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.operations import note_denial
from pillars.files.toml import MAXIMUM_BYTES
from pillars.forms.fields import CODE_HELP, CodeField, DraftForm


class UploadForm(forms.Form):
    """An instrument file."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("Berkas instrumen"),
        help_text=_(
            "TOML atau XLSX, paling besar 5 MB. Unduh versi yang ada untuk melihat bentuknya."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,.xlsx"}),
        error_messages={
            "required": _("Pilih berkasnya dahulu."),
            "empty": _("Berkas ini kosong (0 bita). Pilih berkas lain."),
        },
    )
    replace = forms.BooleanField(
        label=_("Ganti rancangan dengan kode dan versi yang sama, bila ada"), required=False
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MAXIMUM_BYTES:
            note_denial(rule="upload.size")
            raise forms.ValidationError(_("Berkas ini lebih besar daripada 5 MB. Periksa isinya."))
        return file


class NewVersionForm(forms.Form):
    """The number of the next version."""

    use_required_attribute = False
    version = CodeField(label=_("Nomor versi baru"), help_text=CODE_HELP)


class ConfirmForm(DraftForm):
    """Nothing but the revision that was agreed to."""
