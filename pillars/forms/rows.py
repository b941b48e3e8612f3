"""Rows of a draft: scale points, bands, and the levels of an indicator."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Self, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from exchange.files import Fault
from pillars.files import BandDocument, InstrumentDocument, ScalePoint
from pillars.files.document import plain
from pillars.files.validation import LABEL, PROSE, VALUE_PLACES
from pillars.forms.fields import (
    CodeField,
    DraftForm,
    ExactDecimalField,
    ProseField,
    RowError,
    shown,
)

MAXIMUM_ROWS = 101


class ScalePointForm(forms.Form):
    """A point of a scale."""

    use_required_attribute = False
    value = ExactDecimalField(label=_("Nilai"), max_digits=17, decimal_places=VALUE_PLACES)
    label = forms.CharField(label=_("Label"), max_length=LABEL, required=False)

    def point(self) -> ScalePoint:
        """The point; without a label its value names it."""
        value: Decimal = self.cleaned_data["value"]
        return ScalePoint(value, self.cleaned_data["label"] or plain(value))


class LevelForm(ScalePointForm):
    """A level of an indicator: a point with its descriptor."""

    descriptor = ProseField(label=_("Deskriptor"), max_length=PROSE, required=False, rows=3)


class BandForm(forms.Form):
    """A band."""

    use_required_attribute = False
    code = CodeField(label=_("Kode"))
    label = forms.CharField(label=_("Label"), max_length=LABEL)
    lower = ExactDecimalField(
        label=_("Batas bawah"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=6
    )

    def band(self) -> BandDocument:
        """The band."""
        data = self.cleaned_data
        return BandDocument(data["code"], data["label"], data["lower"])


class Rows(BaseFormSet):
    """Rows that may be emptied or marked for removal; a row left blank is no row."""

    def kept(self) -> Iterator[Any]:
        """The valid forms that remain, in the order of the page."""
        removed = self.deleted_forms
        return (form for form in self.forms if form.cleaned_data and form not in removed)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Mark removal by a box with words."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Hapus baris ini")

    def errors_of_rows(self) -> list[RowError]:
        """Every fault with the field its link leads to."""
        return [
            RowError(field.auto_id, f"{number}. {field.label}: {error}")
            for number, form in enumerate(self.forms, start=1)
            for field in form
            for error in field.errors
        ]

    def sides(self, name: str) -> list[tuple[str, str]]:
        """Label and text of everything filled in."""
        return [
            (f"{name} {number}: {field.label}", shown(field))
            for number, form in enumerate(self.forms, start=1)
            for field in form
            if field.name != "DELETE" and not field.is_hidden
        ]


def rows_of(form: type[forms.Form], *, extra: int, removable: bool) -> type[Rows]:
    """A formset class of that row."""
    made = formset_factory(
        form,
        formset=Rows,
        extra=extra,
        can_delete=removable,
        can_delete_extra=False,
        max_num=MAXIMUM_ROWS,
        absolute_max=MAXIMUM_ROWS,
        validate_max=True,
    )
    return cast(type[Rows], made)


class RowsForm(DraftForm):
    """A revision with rows below it. Faults found by the operation return to their row."""

    row: type[forms.Form]
    row_name: Any

    def __init__(self, data: Any = None, *, rows: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rows = rows_of(self.row, extra=2, removable=True)(data, initial=rows, prefix="baris")

    def is_valid(self) -> bool:
        """The revision and every row."""
        valid = super().is_valid()
        return self.rows.is_valid() and valid

    def errors_of_rows(self) -> list[RowError]:
        """Faults of rows, and of their number."""
        return [
            *(RowError("isi", str(error)) for error in self.rows.non_form_errors()),
            *self.rows.errors_of_rows(),
        ]

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put a fault such as `[1].lower` at its row, in the order in which rows are stored."""
        ordered = self.ordered()
        for fault in faults:
            number, _bracket, key = fault.place.removeprefix("[").partition("].")
            if key and number.isdigit() and int(number) < len(ordered):
                ordered[int(number)].add_error(key, fault.reason)
            else:
                self.add_error(None, fault.reason)

    def ordered(self) -> list[Any]:
        """The rows that remain in the order the operation stores them."""
        raise NotImplementedError

    def sides(self) -> list[tuple[str, str]]:
        """Everything filled in, row by row."""
        return self.rows.sides(str(self.row_name))


class ScaleForm(RowsForm):
    """The shared scale."""

    row = ScalePointForm
    row_name = _("Titik")

    @classmethod
    def of(
        cls, document: InstrumentDocument, data: Any = None, *, revision: int | None = None
    ) -> Self:
        """The form of a stored scale, or of what was sent in its place."""
        rows = [{"value": point.value, "label": point.label} for point in document.scale]
        return cls(data, rows=rows, initial={"revision": revision})

    def ordered(self) -> list[ScalePointForm]:
        """Points by their value."""
        return sorted(self.rows.kept(), key=lambda form: form.cleaned_data["value"])

    def scale(self) -> tuple[ScalePoint, ...]:
        """The scale, lowest first."""
        return tuple(form.point() for form in self.ordered())


class BandsForm(RowsForm):
    """The bands."""

    row = BandForm
    row_name = _("Predikat")

    @classmethod
    def of(
        cls, document: InstrumentDocument, data: Any = None, *, revision: int | None = None
    ) -> Self:
        """The form of stored bands, or of what was sent in their place."""
        rows = [
            {"code": band.code, "label": band.label, "lower": band.lower} for band in document.bands
        ]
        return cls(data, rows=rows, initial={"revision": revision})

    def ordered(self) -> list[BandForm]:
        """Bands from the highest down."""
        return sorted(self.rows.kept(), key=lambda form: form.cleaned_data["lower"], reverse=True)

    def bands(self) -> tuple[BandDocument, ...]:
        """The bands, highest first."""
        return tuple(form.band() for form in self.ordered())
