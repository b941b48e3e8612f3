"""The instrument as a whole, a pillar, an indicator with its levels."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.files import Fault
from pillars.enums import Conversion
from pillars.files import IndicatorDocument, InstrumentDocument, PillarDocument, ScalePoint, Why
from pillars.files.validation import LABEL, NAME, PROSE, TITLE, VALUE_PLACES, WEIGHT_PLACES
from pillars.forms.fields import (
    CODE_HELP,
    CodeField,
    DraftForm,
    ExactDecimalField,
    ProseField,
    RowError,
)
from pillars.forms.rows import LevelForm, rows_of


def iso_date() -> forms.DateInput:
    """The browser's own date picker, which wants ISO dates whatever the language."""
    return forms.DateInput(
        attrs={"type": "date", "class": "form-control--medium"}, format="%Y-%m-%d"
    )


class WeightField(ExactDecimalField):
    """A weight of 0 or more."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Bobot"),
            min_value=Decimal(0),
            max_digits=18,
            decimal_places=WEIGHT_PLACES,
            help_text=_("0 berarti ditanyakan, tetapi tidak dinilai."),
        )


class InstrumentForm(DraftForm):
    """What a draft says about itself as a whole."""

    title = forms.CharField(label=_("Judul"), max_length=TITLE)
    conversion = forms.ChoiceField(label=_("Konversi ke 0-100"), choices=Conversion.choices)
    minimum_coverage = ExactDecimalField(
        label=_("Cakupan minimum"),
        min_value=Decimal(0),
        max_value=Decimal(1),
        decimal_places=WEIGHT_PLACES,
        help_text=_(
            "Bagian bobot pilar yang harus dijawab agar pilar mendapat nilai (0 sampai 1)."
        ),
    )
    decimals = forms.IntegerField(
        label=_("Angka desimal"),
        min_value=0,
        max_value=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control--short"}),
    )

    @classmethod
    def of(
        cls, document: InstrumentDocument, data: Any = None, *, revision: int | None = None
    ) -> Self:
        """The form of a stored draft, or of what was sent in its place."""
        initial = {
            "title": document.title,
            "conversion": document.conversion,
            "minimum_coverage": document.minimum_coverage,
            "decimals": document.decimals,
            "revision": revision,
        }
        return cls(data, initial=initial)

    def values(self) -> dict[str, Any]:
        """Arguments of the operation."""
        names = ("title", "conversion", "minimum_coverage", "decimals")
        return {name: self.cleaned_data[name] for name in names}


class PillarForm(DraftForm):
    """A pillar without its indicators."""

    code = CodeField(label=_("Kode"), help_text=CODE_HELP)
    name = forms.CharField(label=_("Nama"), max_length=NAME)
    description = ProseField(label=_("Penjelasan"), max_length=PROSE, required=False, rows=4)
    weight = WeightField()

    @classmethod
    def of(
        cls, pillar: PillarDocument | None, data: Any = None, *, revision: int | None = None
    ) -> Self:
        """The form of a stored pillar, or of a new one; or of what was sent in its place."""
        initial: dict[str, Any] = {"weight": Decimal(1), "revision": revision}
        if pillar is not None:
            initial |= {
                "code": pillar.code,
                "name": pillar.name,
                "description": pillar.description,
                "weight": pillar.weight,
            }
        return cls(data, initial=initial)

    def pillar(self) -> PillarDocument:
        """The pillar, without indicators."""
        data = self.cleaned_data
        return PillarDocument(
            data["code"], data["name"], data["weight"], (), description=data["description"]
        )


class IndicatorForm(DraftForm):
    """An indicator with its levels: one descriptor a point of the shared scale, or points of its own."""

    pillar = forms.ChoiceField(label=_("Pilar"))
    code = CodeField(
        label=_("Kode"),
        help_text=_("Kode tetap sama antarversi agar hasil dapat dibandingkan."),
    )
    statement = ProseField(label=_("Pernyataan"), max_length=PROSE)
    weight = WeightField()
    reversed = forms.BooleanField(label=_("Dibalik: nilai tinggi berarti buruk"), required=False)
    not_applicable = forms.BooleanField(
        label=_("Boleh dijawab “tidak relevan” dengan alasan"), required=False
    )
    evidence_from = ExactDecimalField(
        label=_("Bukti diminta mulai nilai"),
        max_digits=17,
        decimal_places=VALUE_PLACES,
        help_text=_("Salah satu nilai pada skala; 0 berarti tidak pernah diminta."),
    )
    own_scale = forms.BooleanField(
        label=_("Pakai skala sendiri, bukan skala bersama"),
        required=False,
        help_text=_(
            "Setelah disimpan, nilai dan label setiap tingkat dapat diubah di halaman ini."
        ),
    )
    why_reason = ProseField(label=_("Mengapa ini ditanyakan"), max_length=PROSE, required=False)
    why_source = forms.CharField(label=_("Sumber"), max_length=PROSE, required=False)
    why_berakhlak = forms.CharField(label=_("Nilai BerAKHLAK"), max_length=LABEL, required=False)
    why_reviewed_on = forms.DateField(
        label=_("Ditinjau pada"),
        required=False,
        widget=iso_date(),
    )
    why_next_review = forms.DateField(
        label=_("Tinjauan berikutnya"),
        required=False,
        widget=iso_date(),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        document: InstrumentDocument,
        indicator: IndicatorDocument | None,
        pillar: str,
        revision: int | None = None,
    ) -> None:
        super().__init__(
            data, initial={"revision": revision, "pillar": pillar} | _initial_of(indicator)
        )
        self.shared = document.scale
        own = indicator is not None and bool(indicator.scale)
        self.fields["pillar"].choices = [  # type: ignore[attr-defined]
            (other.code, other.name) for other in document.pillars
        ]
        self.levels = rows_of(LevelForm, extra=2 if own else 0, removable=own)(
            data, initial=_level_rows(document, indicator), prefix="level"
        )
        for row in [] if own else self.levels.forms:
            row.fields["value"].widget = forms.HiddenInput()
            row.fields["label"].widget = forms.HiddenInput()
            name = f"{row['value'].value()}. {row['label'].value()}"
            row.fields["descriptor"].label = name

    def is_valid(self) -> bool:
        """The fields and every level."""
        valid = super().is_valid()
        return self.levels.is_valid() and valid

    def clean(self) -> None:
        """A reason carries its source and dates, not the other way round."""
        data = self.cleaned_data
        given = [
            data.get(f"why_{key}") for key in ("source", "berakhlak", "reviewed_on", "next_review")
        ]
        if any(given) and not data.get("why_reason"):
            self.add_error(
                "why_reason", _("Tulis alasannya, karena sumber atau tanggalnya sudah diisi.")
            )

    def errors_of_rows(self) -> list[RowError]:
        """Faults of levels."""
        return self.levels.errors_of_rows()

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put faults such as `levels[2]` or `scale[1].value` at their level."""
        rows = self._rows()
        for fault in faults:
            place, _bracket, rest = fault.place.partition("[")
            number, _bracket, key = rest.partition("]")
            if place in {"levels", "scale"} and number.isdigit() and int(number) < len(rows):
                rows[int(number)].add_error(key.lstrip(".") or "descriptor", fault.reason)
            elif place == "why":
                self.add_error("why_reason", fault.reason)
            else:
                self.add_fault(fault)

    def _rows(self) -> list[LevelForm]:
        return sorted(self.levels.kept(), key=lambda row: row.cleaned_data["value"])

    def sides(self) -> list[tuple[str, str]]:
        """Fields, then levels."""
        return [*super().sides(), *self.levels.sides(str(_("Tingkat")))]

    def indicator(self) -> IndicatorDocument:
        """The indicator as filled in. A scale of its own starts as a copy of the shared one."""
        data = self.cleaned_data
        rows = self._rows()
        texts = tuple(row.cleaned_data["descriptor"] for row in rows)
        own: tuple[ScalePoint, ...] = ()
        if data["own_scale"]:
            own = tuple(row.point() for row in rows)
        elif len(texts) != len(self.shared):
            texts = (*texts, *[""] * len(self.shared))[: len(self.shared)]
        return IndicatorDocument(
            code=data["code"],
            statement=data["statement"],
            weight=data["weight"],
            levels=texts if any(texts) else (),
            reversed=data["reversed"],
            not_applicable=data["not_applicable"],
            evidence_from=data["evidence_from"],
            why=self._why(),
            scale=own,
        )

    def _why(self) -> Why | None:
        data = self.cleaned_data
        if not data["why_reason"]:
            return None
        return Why(
            reason=data["why_reason"],
            source=data["why_source"],
            berakhlak=data["why_berakhlak"],
            reviewed_on=data["why_reviewed_on"],
            next_review=data["why_next_review"],
        )


def _initial_of(indicator: IndicatorDocument | None) -> dict[str, Any]:
    if indicator is None:
        return {"weight": Decimal(1), "evidence_from": Decimal(0)}
    why = indicator.why
    return {
        "code": indicator.code,
        "statement": indicator.statement,
        "weight": indicator.weight,
        "reversed": indicator.reversed,
        "not_applicable": indicator.not_applicable,
        "evidence_from": indicator.evidence_from,
        "own_scale": bool(indicator.scale),
        "why_reason": why.reason if why else "",
        "why_source": why.source if why else "",
        "why_berakhlak": why.berakhlak if why else "",
        "why_reviewed_on": why.reviewed_on if why else None,
        "why_next_review": why.next_review if why else None,
    }


def _level_rows(
    document: InstrumentDocument, indicator: IndicatorDocument | None
) -> list[dict[str, Any]]:
    scale = document.scale_of(indicator) if indicator else document.scale
    texts = indicator.levels if indicator else ()
    return [
        {
            "value": point.value,
            "label": point.label,
            "descriptor": texts[number] if number < len(texts) else "",
        }
        for number, point in enumerate(scale)
    ]
