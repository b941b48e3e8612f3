"""What the auditor asks for."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clock import portal_moment
from accounts.queries import account_called
from assessments.queries.reviewed import Span
from prima_portal.auditing.queries import Search
from prima_portal.auditing.readings import Readings

MAX_TYPED = 64


def _start_of(day: datetime.date) -> datetime.datetime:
    return portal_moment(day, datetime.time.min)


def _end_of(day: datetime.date) -> datetime.datetime:
    """The first moment after it."""
    return _start_of(day + datetime.timedelta(days=1))


class _PersonField(forms.CharField):
    """A person by NIP, an earlier one too, or by sign-in name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TYPED, **kwargs)

    def clean(self, value: Any) -> Any:
        """The account, or None where nothing was typed."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = account_called(typed)
        if found is None:
            raise forms.ValidationError(
                _("Tidak ada akun dengan NIP atau nama masuk ini. Periksa tulisannya.")
            )
        return found


class _PeriodForm(forms.Form):
    since = forms.DateField(
        label=_("Dari tanggal"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=_("Sampai tanggal"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("Tanggal akhir harus sama dengan atau sesudah tanggal awal."))
        return data

    def period(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """From the first moment of the first day to the first moment after the last."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (_start_of(since) if since else None), (_end_of(until) if until else None)


class SearchForm(_PeriodForm):
    """Search events; what is left empty does not narrow."""

    verb = forms.CharField(
        label=_("Peristiwa"),
        required=False,
        max_length=MAX_TYPED,
        widget=forms.TextInput({"list": "kode-peristiwa", "autocomplete": "off"}),
        help_text=_("Kode atau awal kode, misalnya assessment. atau person.read"),
    )
    actor = _PersonField(label=_("Pelaku (NIP)"), required=False)
    person = _PersonField(label=_("Tentang pegawai (NIP)"), required=False)
    request_id = forms.CharField(
        label=_("Nomor permintaan"), required=False, max_length=MAX_TYPED, strip=True
    )
    field_order = ("verb", "actor", "person", "since", "until", "request_id")

    def search(self) -> Search:
        """What is asked, after `is_valid`."""
        since, until = self.period()
        data = self.cleaned_data
        return Search(
            verb=data["verb"].strip(),
            actor=data["actor"],
            person=data["person"],
            since=since,
            until=until,
            request_id=data["request_id"],
        )


class BreachForm(_PeriodForm):
    """Whose data did this account read: the account, and a period of days."""

    actor = _PersonField(label=_("Akun yang diperiksa (NIP)"))
    field_order = ("actor", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].error_messages["required"] = _("Tulis NIP akun yang diperiksa.")
        for name in ("since", "until"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Pilih tanggalnya.")

    def readings(self) -> Readings:
        """The report, after `is_valid`: both days whole."""
        data = self.cleaned_data
        span = Span(_start_of(data["since"]), _end_of(data["until"]))
        return Readings(data["actor"], span)
