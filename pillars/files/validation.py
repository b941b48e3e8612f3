"""The rules of an instrument file: plain nested data → `InstrumentDocument`, or every fault with its place.

TOML, XLSX and the curator's pages all come through here, so that no instrument is valid by one door only.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Final, TypeVar, cast

from django.utils.translation import gettext as _

from exchange.files import Fault, FileRefused
from pillars.files.document import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    Why,
    plain,
)
from pillars.files.tables import RESERVED_CODES, RESERVED_IN_ADDRESSES, Table

CONVERSIONS: Final = ("share-of-maximum", "min-max")
# The limits of what is stored: see pillars.models.
TITLE, NAME, LABEL, LANGUAGE, PROSE = 250, 150, 150, 10, 4000
MAXIMUM_WEIGHT, WEIGHT_PLACES = Decimal("999999.999999999999"), 12
MAXIMUM_VALUE, VALUE_PLACES = Decimal("99999.999999999999"), 12
MAXIMUM_POINTS: Final = 101
_Scale = tuple[ScalePoint, ...]
T = TypeVar("T")


def build_document(tree: Mapping[str, object]) -> InstrumentDocument:
    """Return the document that plain data describes.

    Raises FileRefused with every fault: unvalues, missing and mistyped keys, numbers out of range or too
    fine, repeated codes, scales that do not ascend, levels that do not match their scale, weights that are all
    zero, bands that overlap or leave a gap.
    """
    faults: list[Fault] = []
    document = _Builder(faults).instrument(Table(tree, "", faults))
    if document is None or faults:
        raise FileRefused(faults)
    return document


class _Builder:
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        self.conversion: str | None = None
        self.pillar_codes: dict[str, str] = {}
        self.indicator_codes: dict[str, str] = {}
        self.lowest_scores: list[Fraction | None] = []

    def instrument(self, root: Table) -> InstrumentDocument | None:
        head = root.table("instrument")
        if head is not None:
            code, version = head.code("code"), head.code("version")
            title = head.text("title", limit=TITLE)
            language = head.text("language", limit=LANGUAGE, required=False)
            self.conversion = head.choice("conversion", CONVERSIONS)
            coverage = head.number("minimum_coverage", low=Decimal(0), high=Decimal(1), places=12)
            decimals = head.integer("decimals", low=0, high=6)
            head.close()
        scale = self.scale(root, required=False)
        bands = root.tables("bands", required=False)
        pillars = self.pillars(root, scale)
        root.close()
        checked = None if bands is None else self.bands(bands, None if head is None else decimals)
        if head is None or self.faults:
            return None
        return InstrumentDocument(
            code=_sure(code),
            version=_sure(version),
            title=_sure(title),
            language=language or "id",
            conversion=_sure(self.conversion),
            minimum_coverage=_sure(coverage),
            decimals=_sure(decimals),
            scale=_sure(scale),
            bands=_sure(checked),
            pillars=pillars,
        )

    def scale(self, table: Table, *, required: bool) -> _Scale | None:
        """Return a scale, () where there is none, or None when it is faulty."""
        entries = table.tables("scale", required=required)
        if not entries:
            return None if entries is None else ()
        points = []
        for entry in entries:
            value = entry.number(
                "value", low=-MAXIMUM_VALUE, high=MAXIMUM_VALUE, places=VALUE_PLACES
            )
            label = entry.text("label", limit=LABEL, required=False)
            entry.close()
            points.append(
                None if value is None or label is None else ScalePoint(value, label or plain(value))
            )
        scale = tuple(point for point in points if point is not None)
        if len(scale) < len(entries):
            return None
        before = len(self.faults)
        self._check_points(table, scale)
        self._check_order(entries, scale)
        if self.conversion == "share-of-maximum":
            self._check_share_of_maximum(entries, scale)
        return scale if len(self.faults) == before else None

    def _check_points(self, table: Table, scale: _Scale) -> None:
        if not 2 <= len(scale) <= MAXIMUM_POINTS:
            table.fault(
                "scale",
                _("Skala memerlukan 2 sampai %(maximum)s titik; di sini ada %(count)s.")
                % {"maximum": MAXIMUM_POINTS, "count": len(scale)},
            )

    def _check_order(self, entries: list[Table], scale: _Scale) -> None:
        for entry, (previous, point) in zip(entries[1:], pairwise(scale), strict=True):
            if point.value <= previous.value:
                entry.fault(
                    "value",
                    _(
                        "%(value)s tidak lebih besar daripada %(previous)s di atasnya. "
                        "Urutkan skala dari nilai terendah, tanpa nilai kembar."
                    )
                    % {"value": plain(point.value), "previous": plain(previous.value)},
                )

    def _check_share_of_maximum(self, entries: list[Table], scale: _Scale) -> None:
        if scale[0].value < 0:
            entries[0].fault(
                "value",
                _(
                    "Konversi %(conversion)s tidak mengenal nilai negatif. Mulai skala dari 0 "
                    "atau lebih, atau pakai konversi %(other)s."
                )
                % {"conversion": "share-of-maximum", "other": "min-max"},
            )
        if scale[-1].value <= 0:
            entries[-1].fault(
                "value",
                _(
                    "Konversi %(conversion)s memerlukan nilai tertinggi di atas 0. Perbaiki "
                    "skalanya."
                )
                % {"conversion": "share-of-maximum"},
            )

    def pillars(self, root: Table, default: _Scale | None) -> tuple[PillarDocument, ...]:
        tables = root.tables("pillars", required=True)
        if tables is None:
            return ()
        read = [self.pillar(table, default) for table in tables]
        weights = [weight for weight, _ in read]
        if all(weight is not None and weight == 0 for weight in weights):
            root.fault(
                "pillars",
                _(
                    "Bobot semua pilar 0, sehingga tidak ada nilai total. Beri bobot pada satu "
                    "pilar."
                ),
            )
        return tuple(pillar for _, pillar in read if pillar is not None)

    def pillar(
        self, table: Table, default: _Scale | None
    ) -> tuple[Decimal | None, PillarDocument | None]:
        before = len(self.faults)
        code = table.code("code", reserved=RESERVED_IN_ADDRESSES)
        self._claim(table, code, self.pillar_codes)
        name = table.text("name", limit=NAME)
        description = table.text("description", limit=PROSE, required=False)
        weight = self._weight(table, default=None)
        entries = table.tables("indicators", required=True)
        indicators = [self.indicator(entry, default) for entry in entries or ()]
        table.close()
        weights = [indicator_weight for indicator_weight, _ in indicators]
        # A pillar of weight 0 is "asked, not scored" and so may its indicators be; any other must be able to score.
        if weight and weights and all(each is not None and each == 0 for each in weights):
            table.fault(
                "indicators",
                _(
                    "Bobot semua indikator 0, tetapi bobot pilarnya %(weight)s. Beri bobot "
                    "pada satu indikator, atau jadikan bobot pilar 0 bila hanya ditanyakan "
                    "dan tidak dinilai."
                )
                % {"weight": plain(weight)},
            )
        if len(self.faults) > before:
            return weight, None
        return weight, PillarDocument(
            code=_sure(code),
            name=_sure(name),
            description=_sure(description),
            weight=_sure(weight),
            indicators=tuple(_sure(indicator) for _, indicator in indicators),
        )

    def indicator(
        self, table: Table, default: _Scale | None
    ) -> tuple[Decimal | None, IndicatorDocument | None]:
        before = len(self.faults)
        code = table.code("code", reserved=(*RESERVED_CODES, *RESERVED_IN_ADDRESSES))
        self._claim(table, code, self.indicator_codes)
        statement = table.text("statement", limit=PROSE)
        weight = self._weight(table, default=Decimal(1))
        has_own = table.has("scale")
        own = self.scale(table, required=False)
        scale = own if has_own else default
        if scale == ():
            table.fault(
                "scale",
                _("Tidak ada skala. Tambahkan [[scale]] bersama, atau skala untuk indikator ini."),
            )
        levels = self._levels(table, scale)
        is_reversed, not_applicable = table.flag("reversed"), table.flag("not_applicable")
        evidence_from = self._evidence_from(table, scale)
        why = self._why(table)
        table.close()
        self._note_lowest_score(weight, scale)
        if len(self.faults) > before:
            return weight, None
        return weight, IndicatorDocument(
            code=_sure(code),
            statement=_sure(statement),
            weight=_sure(weight),
            levels=_sure(levels),
            reversed=_sure(is_reversed),
            not_applicable=_sure(not_applicable),
            evidence_from=_sure(evidence_from),
            why=why,
            # None only where the default scale is faulty, and then nothing is built.
            scale=own or (),
        )

    def _claim(self, table: Table, code: str | None, taken: dict[str, str]) -> None:
        if code is not None and code in taken:
            table.fault(
                "code",
                _("Kode “%(code)s” sudah dipakai di %(place)s. Setiap kode hanya boleh sekali.")
                % {"code": code, "place": taken[code]},
            )
        elif code is not None:
            taken[code] = table.at("code")

    def _weight(self, table: Table, default: Decimal | None) -> Decimal | None:
        return table.number(
            "weight", low=Decimal(0), high=MAXIMUM_WEIGHT, places=WEIGHT_PLACES, default=default
        )

    def _levels(self, table: Table, scale: _Scale | None) -> tuple[str, ...] | None:
        has_levels = table.has("levels")
        levels = table.texts("levels", limit=PROSE)
        if has_levels and levels is not None and scale and len(levels) != len(scale):
            table.fault(
                "levels",
                _(
                    "Ada %(count)s deskriptor, sedangkan skalanya %(points)s titik. Tulis "
                    "satu deskriptor untuk setiap titik, dari yang terendah."
                )
                % {"count": len(levels), "points": len(scale)},
            )
        return levels

    def _evidence_from(self, table: Table, scale: _Scale | None) -> Decimal | None:
        value = table.number(
            "evidence_from",
            low=-MAXIMUM_VALUE,
            high=MAXIMUM_VALUE,
            places=VALUE_PLACES,
            default=Decimal(0),
        )
        if value and scale and value not in {point.value for point in scale}:
            table.fault(
                "evidence_from",
                _(
                    "%(value)s bukan nilai pada skala. Isi salah satu dari %(values)s, atau 0 "
                    "bila bukti tidak pernah diminta."
                )
                % {
                    "value": plain(value),
                    "values": ", ".join(plain(point.value) for point in scale),
                },
            )
        return value

    def _why(self, table: Table) -> Why | None:
        given = table.text_or_table("why", limit=PROSE)
        if given is None:
            return None
        if isinstance(given, str):
            return Why(given)
        reason = given.text("reason", limit=PROSE)
        source = given.text("source", limit=PROSE, required=False)
        berakhlak = given.text("berakhlak", limit=LABEL, required=False)
        reviewed_on, next_review = given.day("reviewed_on"), given.day("next_review")
        given.close()
        if reviewed_on and next_review and next_review <= reviewed_on:
            given.fault(
                "next_review", _("Tinjauan berikutnya harus sesudah tanggal tinjauan terakhir.")
            )
        if reason is None or source is None or berakhlak is None:
            return None
        return Why(reason, source, berakhlak, reviewed_on, next_review)

    def _note_lowest_score(self, weight: Decimal | None, scale: _Scale | None) -> None:
        if weight == 0:
            return
        if not scale or weight is None or self.conversion is None:
            self.lowest_scores.append(None)
        elif self.conversion == "min-max":
            self.lowest_scores.append(Fraction(0))
        else:
            self.lowest_scores.append(100 * Fraction(scale[0].value) / Fraction(scale[-1].value))

    def bands(self, entries: list[Table], decimals: int | None) -> tuple[BandDocument, ...] | None:
        taken: dict[str, str] = {}
        bands: list[BandDocument | None] = []
        for entry in entries:
            code, label = entry.code("code"), entry.text("label", limit=LABEL)
            lower = entry.number("lower", low=Decimal(0), high=Decimal(100), places=6)
            entry.close()
            self._claim(entry, code, taken)
            whole = code is not None and label is not None and lower is not None
            bands.append(BandDocument(_sure(code), _sure(label), _sure(lower)) if whole else None)
        descends = True
        for entry, (above, band) in zip(entries[1:], pairwise(bands), strict=True):
            if above and band and band.lower >= above.lower:
                descends = False
                entry.fault(
                    "lower",
                    _(
                        "%(lower)s tidak lebih kecil daripada %(above)s di atasnya, sehingga "
                        "predikatnya bertumpang tindih. Urutkan dari yang tertinggi."
                    )
                    % {"lower": plain(band.lower), "above": plain(above.lower)},
                )
        if bands and bands[-1] and descends:
            self._check_gap(entries[-1], bands[-1].lower, decimals)
        return tuple(band for band in bands if band)

    def _check_gap(self, entry: Table, lower: Decimal, decimals: int | None) -> None:
        scores = [score for score in self.lowest_scores if score is not None]
        if decimals is None or not scores or len(scores) < len(self.lowest_scores):
            return
        unit = 10**decimals
        lowest = Fraction(floor(min(scores) * unit + Fraction(1, 2)), unit)
        if Fraction(lower) > lowest:
            shown = plain(Decimal(int(lowest * unit)).scaleb(-decimals))
            entry.fault(
                "lower",
                _(
                    "Nilai terendah yang mungkin adalah %(shown)s, tetapi predikat terendah "
                    "baru mulai dari %(lower)s: nilai di bawahnya tidak berpredikat. Turunkan "
                    "menjadi %(shown)s atau kurang."
                )
                % {"shown": shown, "lower": plain(lower)},
            )


def _sure(value: T | None) -> T:
    """Narrow what a reader returned where no fault was noted, and so cannot be None."""
    return cast(T, value)
