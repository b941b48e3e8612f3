"""Fields and the base form that every edit of a draft shares."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from exchange.files import Fault
from pillars.files.document import canonical, plain
from pillars.files.tables import CODE

CODE_HELP = _("Huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi.")


class ExactDecimalField(forms.DecimalField):
    """A number written with a comma or a point; no thousands separator, so nothing is misread."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control--short"}
        self.error_messages["invalid"] = _("Tulis angka biasa, misalnya 20 atau 1,5.")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number without trailing zeros, or None for an empty field."""
        number = super().to_python(
            value.strip().replace(",", ".") if isinstance(value, str) else value
        )
        return None if number is None else canonical(number)

    def prepare_value(self, value: Any) -> Any:
        """The number as people write it here."""
        if isinstance(value, Decimal):
            return plain(value).replace(".", get_format("DECIMAL_SEPARATOR"))
        return value


class ProseField(forms.CharField):
    """A longer text, one length for browser and server: a line break counts as one character."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """The text with line breaks as `\\n`, as instrument files have it."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class CodeField(forms.RegexField):
    """A code that stays the same from version to version."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rf"^(?:{CODE.pattern})\Z", max_length=40, **kwargs)
        self.error_messages["invalid"] = _(
            "Kode ini tidak dapat dipakai. Gunakan huruf, angka, titik, garis bawah, atau tanda hubung."
        )
        self.widget.attrs |= {"class": "form-control--medium", "spellcheck": "false"}


@dataclass(frozen=True, slots=True)
class RowError:
    """A fault outside the form's own fields: where its link leads, and what it says."""

    anchor: str
    text: str


class DraftForm(forms.Form):
    """A form built on a revision of a draft; faults found by the operation return to its fields."""

    use_required_attribute = False
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def shown_fields(self) -> Iterator[BoundField]:
        """The fields a person sees, in order."""
        return (field for field in self if not field.is_hidden)

    def errors_of_rows(self) -> list[RowError]:
        """Faults of the rows below the fields, for the summary."""
        return []

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put each fault at its field; what has no field of its own stands above them all."""
        for fault in faults:
            self.add_fault(fault)

    def add_fault(self, fault: Fault) -> None:
        """Put one fault at its field."""
        field = fault.place.replace(".", "_")
        self.add_error(field if field in self.fields else None, fault.reason)

    def sides(self) -> list[tuple[str, str]]:
        """Label and text of everything filled in, for comparing two states of one form."""
        return [(str(field.label), shown(field)) for field in self.shown_fields()]


def shown(field: BoundField) -> str:
    """What a field holds, in words."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return str(_("ya") if value and value != "False" else _("tidak"))
    if isinstance(field.field, forms.ChoiceField):
        choices = dict(field.field.choices)  # type: ignore[arg-type]
        return str(choices.get(value, value))
    return "" if value is None else str(value)
