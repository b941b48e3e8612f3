"""On which days before their deadline people are reminded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

OFFERED = (14, 10, 7, 5, 3, 2, 1)


class RemindersForm(forms.Form):
    """Days to tick; none, and nobody is written to."""

    days = forms.TypedMultipleChoiceField(
        label=_("Ingatkan yang belum mengajukan"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Surat dikirim mulai pagi hari itu, dihitung dari batas waktu setiap pegawai. "
            "Tanpa pilihan, tidak ada surat yang dikirim, juga tidak undangan saat periode dibuka."
        ),
        error_messages={"invalid_choice": _("Pilih hari dari daftar.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(each, _before(each)) for each in OFFERED]


def _before(days: int) -> str:
    return ngettext(
        "%(count)d hari sebelum batas waktu", "%(count)d hari sebelum batas waktu", days
    ) % {"count": days}
