"""Fields for a moment in the zone in which the reader is shown moments; it is named beside them."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.clock import shown_zone


class MomentField(forms.DateTimeField):
    """Day and time to the minute, by the browser's own picker."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {  # noqa: RUF012  Django's declaration
        "required": _("Isi hari dan jamnya."),
        "invalid": _("Isi hari dan jam yang ada, misalnya 24 November 2026 pukul 08.00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", format_lazy("{} {}.", _("Waktu"), lazy(shown_zone, str)()))
        super().__init__(**kwargs)


class DeadlineField(MomentField):
    """The last moment: the whole of the minute that is written is still in time."""

    def clean(self, value: Any) -> Any:
        """The end of the minute."""
        moment: datetime.datetime | None = super().clean(value)
        return moment.replace(second=59) if moment else moment


class ComingDeadlineField(DeadlineField):
    """A last moment that is still to come."""

    def clean(self, value: Any) -> Any:
        """Not in the past."""
        moment = super().clean(value)
        if moment and moment <= timezone.now():
            raise ValidationError(_("Pilih waktu yang belum lewat."))
        return moment


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {  # noqa: RUF012  Django's declaration
        "required": _("Isi tanggalnya."),
        "invalid": _("Isi tanggal yang ada, misalnya 24 November 2026."),
    }
