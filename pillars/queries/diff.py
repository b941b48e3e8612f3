"""Two versions compared: what changes the scoring, then what changes the wording, word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Final, Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from pillars.enums import Conversion
from pillars.files import (
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    structure_hash,
)

_WORD: Final = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, was added, or was removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class WordingChange:
    """A text that reads differently. `place` says which one, in words."""

    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class StructuralChange:
    """A change of what is asked or how it is scored."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class InstrumentDiff:
    """`comparable`: scores of the two versions may be compared, since their structure is one."""

    structural: tuple[StructuralChange, ...]
    wording: tuple[WordingChange, ...]
    comparable: bool


def diff(before: InstrumentDocument, after: InstrumentDocument) -> InstrumentDiff:
    """Compare two versions by their codes; an indicator found in another pillar has moved."""
    return InstrumentDiff(
        structural=tuple(_structural(before, after)),
        wording=tuple(_wording(before, after)),
        comparable=structure_hash(before) == structure_hash(after),
    )


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, word by word: removed words stand before those that replace them."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(
        None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False
    )
    pieces: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
            continue
        pieces += _marked("removed", "".join(old[old_start:old_end]))
        pieces += _marked("added", "".join(new[new_start:new_end]))
    return tuple(pieces)


def _marked(kind: Literal["added", "removed"], text: str) -> Iterator[Piece]:
    """A run without the space after it, which belongs to the line and not to the mark."""
    if marked := text.rstrip():
        yield Piece(kind, marked)
        if space := text[len(marked) :]:
            yield Piece("same", space)


# --- Structure


def _structural(
    before: InstrumentDocument, after: InstrumentDocument
) -> Iterator[StructuralChange]:
    yield from _changed(
        _("Instrumen"),
        (_("konversi"), Conversion(before.conversion).label, Conversion(after.conversion).label),
        (_("cakupan minimum"), before.minimum_coverage, after.minimum_coverage),
        (_("angka desimal"), before.decimals, after.decimals),
        (_("skala"), _values(before.scale), _values(after.scale)),
    )
    yield from _bands(before, after)
    old_pillars = {pillar.code: pillar for pillar in before.pillars}
    new_pillars = {pillar.code: pillar for pillar in after.pillars}
    yield from _membership(_("Pilar"), old_pillars, new_pillars)
    yield from _order(_("Urutan pilar"), list(old_pillars), list(new_pillars))
    for code in _common(old_pillars, new_pillars):
        old, new = old_pillars[code], new_pillars[code]
        yield from _changed(_pillar_place(new), (_("bobot"), old.weight, new.weight))
        yield from _order(
            _("Urutan indikator pilar %(pillar)s") % {"pillar": new.name},
            [indicator.code for indicator in old.indicators],
            [indicator.code for indicator in new.indicators],
        )
    yield from _indicators(before, after)


def _indicators(
    before: InstrumentDocument, after: InstrumentDocument
) -> Iterator[StructuralChange]:
    old_items, new_items = _items(before), _items(after)
    yield from _membership(_("Indikator"), old_items, new_items)
    for code in _common(old_items, new_items):
        (old_pillar, old), (new_pillar, new) = old_items[code], new_items[code]
        yield from _changed(
            _indicator_place(new),
            (_("pilar"), old_pillar.code, new_pillar.code),
            (_("bobot"), old.weight, new.weight),
            (_("dibalik"), old.reversed, new.reversed),
            (_("boleh “tidak relevan”"), old.not_applicable, new.not_applicable),
            (_("bukti diminta mulai nilai"), old.evidence_from, new.evidence_from),
            (_("skala sendiri"), _values(old.scale), _values(new.scale)),
        )


def _bands(before: InstrumentDocument, after: InstrumentDocument) -> Iterator[StructuralChange]:
    old_bands = {band.code: band for band in before.bands}
    new_bands = {band.code: band for band in after.bands}
    yield from _membership(_("Predikat"), old_bands, new_bands)
    for code in _common(old_bands, new_bands):
        yield from _changed(
            _("Predikat %(code)s") % {"code": code},
            (_("batas bawah"), old_bands[code].lower, new_bands[code].lower),
        )


def _membership(
    kind: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[StructuralChange]:
    for code in old:
        if code not in new:
            yield StructuralChange(f"{kind} {code}", _("dihapus"))
    for code in new:
        if code not in old:
            yield StructuralChange(f"{kind} {code}", _("ditambahkan"))


def _order(place: str, old: list[str], new: list[str]) -> Iterator[StructuralChange]:
    stayed = set(old) & set(new)
    was = [code for code in old if code in stayed]
    now = [code for code in new if code in stayed]
    if was != now:
        yield StructuralChange(place, _arrow(", ".join(was), ", ".join(now)))


def _changed(place: str, *facts: tuple[str, object, object]) -> Iterator[StructuralChange]:
    for name, was, now in facts:
        if was != now:
            yield StructuralChange(place, f"{name}: {_arrow(_shown(was), _shown(now))}")


# --- Wording


def _wording(before: InstrumentDocument, after: InstrumentDocument) -> Iterator[WordingChange]:
    yield from _reworded(_("Judul instrumen"), before.title, after.title)
    yield from _relabelled(_("Label skala"), before.scale, after.scale)
    old_labels = {band.code: band.label for band in before.bands}
    for band in after.bands:
        if band.code in old_labels:
            place = _("Label predikat %(code)s") % {"code": band.code}
            yield from _reworded(place, old_labels[band.code], band.label)
    old_pillars = {pillar.code: pillar for pillar in before.pillars}
    for pillar in after.pillars:
        if old := old_pillars.get(pillar.code):
            place = _pillar_place(pillar)
            yield from _reworded(f"{place}: {_('nama')}", old.name, pillar.name)
            yield from _reworded(f"{place}: {_('penjelasan')}", old.description, pillar.description)
    old_items = _items(before)
    for code, (_pillar, indicator) in _items(after).items():
        if code in old_items:
            yield from _reworded_indicator(old_items[code][1], indicator)


def _reworded_indicator(old: IndicatorDocument, new: IndicatorDocument) -> Iterator[WordingChange]:
    place = _indicator_place(new)
    yield from _reworded(f"{place}: {_('pernyataan')}", old.statement, new.statement)
    for number in range(max(len(old.levels), len(new.levels))):
        level = _("deskriptor tingkat %(number)d") % {"number": number + 1}
        yield from _reworded(f"{place}: {level}", _at(old.levels, number), _at(new.levels, number))
    yield from _relabelled(f"{place}: {_('label skala')}", old.scale, new.scale)
    yield from _reworded(
        f"{place}: {_('alasan')}",
        old.why.reason if old.why else "",
        new.why.reason if new.why else "",
    )


def _relabelled(
    place: str, old: tuple[ScalePoint, ...], new: tuple[ScalePoint, ...]
) -> Iterator[WordingChange]:
    labels = {point.value: point.label for point in old}
    for point in new:
        if point.value in labels:
            yield from _reworded(f"{place} {_shown(point.value)}", labels[point.value], point.label)


def _reworded(place: str, old: str, new: str) -> Iterator[WordingChange]:
    if old != new:
        yield WordingChange(place, words(old, new))


# --- Shared


def _items(document: InstrumentDocument) -> dict[str, tuple[PillarDocument, IndicatorDocument]]:
    return {
        indicator.code: (pillar, indicator)
        for pillar in document.pillars
        for indicator in pillar.indicators
    }


def _common(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return [code for code in new if code in old]


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _pillar_place(pillar: PillarDocument) -> str:
    return _("Pilar %(name)s") % {"name": pillar.name}


def _indicator_place(indicator: IndicatorDocument) -> str:
    return _("Indikator %(code)s") % {"code": indicator.code}


def _values(scale: tuple[ScalePoint, ...]) -> str:
    return "; ".join(_shown(point.value) for point in scale)


def _arrow(was: str, now: str) -> str:
    return _("%(was)s menjadi %(now)s") % {"was": was, "now": now}


def _shown(value: object) -> str:
    match value:
        case bool():
            return _("ya") if value else _("tidak")
        case Decimal() | int():
            return number_format(value, use_l10n=True)
        case _:
            return str(value) or _("kosong")
