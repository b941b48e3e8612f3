"""Edits of a draft: the instrument as a whole, its scale and bands, its pillars, its indicators.

Each is built on a revision of the draft; see `edits.apply` for what they have in common and raise.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from accounts.models import User
from pillars.enums import Direction
from pillars.errors import PartMissing
from pillars.files import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
)
from pillars.models import Instrument
from pillars.operations.edits import Edit, apply, check_free
from pillars.queries.trees import (
    bands_tree,
    head_tree,
    indicator_tree,
    pillar_tree,
    scale_tree,
)

_PILLAR_KEYS: Final = ("code", "name", "description", "weight")

T = TypeVar("T")


def edit_instrument(
    *,
    instrument: Instrument,
    title: str,
    conversion: str,
    minimum_coverage: Decimal,
    decimals: int,
    revision: int,
    by: User | None,
) -> Instrument:
    """Change what a draft says about itself as a whole."""

    def edit(stored: InstrumentDocument) -> Edit:
        edited = replace(
            stored,
            title=title,
            conversion=conversion,
            minimum_coverage=minimum_coverage,
            decimals=decimals,
        )
        return Edit(edited, head_tree(stored), head_tree(edited), place="instrument")

    return apply(instrument, edit, verb="instrument.edited", revision=revision, by=by)


def edit_scale(
    *, instrument: Instrument, scale: Iterable[ScalePoint], revision: int, by: User | None
) -> Instrument:
    """Change the shared scale. Descriptors follow their point: by place while the number of points
    stays, else by value; those of a removed point go with it."""
    points = tuple(sorted(scale, key=lambda point: point.value))

    def edit(stored: InstrumentDocument) -> Edit:
        pillars = tuple(
            replace(
                pillar,
                indicators=tuple(
                    indicator
                    if indicator.scale
                    else replace(indicator, levels=_carried(indicator.levels, stored.scale, points))
                    for indicator in pillar.indicators
                ),
            )
            for pillar in stored.pillars
        )
        return Edit(
            replace(stored, scale=points, pillars=pillars),
            scale_tree(stored.scale),
            scale_tree(points),
            place="scale",
        )

    return apply(instrument, edit, verb="instrument.scale_edited", revision=revision, by=by)


def edit_bands(
    *, instrument: Instrument, bands: Iterable[BandDocument], revision: int, by: User | None
) -> Instrument:
    """Change the bands; their order follows from their lower bounds."""
    ordered = tuple(sorted(bands, key=lambda band: band.lower, reverse=True))

    def edit(stored: InstrumentDocument) -> Edit:
        return Edit(
            replace(stored, bands=ordered),
            bands_tree(stored.bands),
            bands_tree(ordered),
            place="bands",
        )

    return apply(instrument, edit, verb="instrument.bands_edited", revision=revision, by=by)


# --- Pillars


def add_pillar(
    *, instrument: Instrument, pillar: PillarDocument, revision: int, by: User | None
) -> Instrument:
    """Append a pillar; without indicators it keeps the draft from being published."""

    def edit(stored: InstrumentDocument) -> Edit:
        check_free(pillar.code, [other.code for other in stored.pillars])
        return Edit(
            replace(stored, pillars=(*stored.pillars, pillar)),
            after=pillar_tree(pillar),
            place=f"pillars[{len(stored.pillars)}]",
            keys=_PILLAR_KEYS,
        )

    return apply(instrument, edit, verb="pillar.added", revision=revision, by=by)


def edit_pillar(
    *, instrument: Instrument, code: str, pillar: PillarDocument, revision: int, by: User | None
) -> Instrument:
    """Change a pillar's code, name, description and weight; its indicators stay as they are."""

    def edit(stored: InstrumentDocument) -> Edit:
        number = _pillar_number(stored, code)
        check_free(pillar.code, [other.code for other in stored.pillars if other.code != code])
        old = stored.pillars[number]
        new = replace(pillar, indicators=old.indicators)
        before, after = pillar_tree(old), pillar_tree(new)
        return Edit(
            _with_pillar(stored, number, new),
            {key: before.get(key) for key in _PILLAR_KEYS},
            {key: after.get(key) for key in _PILLAR_KEYS},
            place=f"pillars[{number}]",
            keys=_PILLAR_KEYS,
        )

    return apply(instrument, edit, verb="pillar.edited", revision=revision, by=by)


def remove_pillar(
    *, instrument: Instrument, code: str, revision: int, by: User | None
) -> Instrument:
    """Remove a pillar with its indicators."""

    def edit(stored: InstrumentDocument) -> Edit:
        number = _pillar_number(stored, code)
        pillars = (*stored.pillars[:number], *stored.pillars[number + 1 :])
        return Edit(replace(stored, pillars=pillars), before=pillar_tree(stored.pillars[number]))

    return apply(instrument, edit, verb="pillar.removed", revision=revision, by=by)


def move_pillar(
    *, instrument: Instrument, code: str, direction: Direction, revision: int, by: User | None
) -> Instrument:
    """Let a pillar change places with its neighbour; at the end of the row nothing happens."""

    def edit(stored: InstrumentDocument) -> Edit:
        pillars = _moved(stored.pillars, _pillar_number(stored, code), direction)
        return Edit(
            replace(stored, pillars=pillars),
            [pillar.code for pillar in stored.pillars],
            [pillar.code for pillar in pillars],
        )

    return apply(instrument, edit, verb="pillar.moved", revision=revision, by=by)


# --- Indicators


def add_indicator(
    *,
    instrument: Instrument,
    pillar: str,
    indicator: IndicatorDocument,
    revision: int,
    by: User | None,
) -> Instrument:
    """Append an indicator to the pillar of a code."""

    def edit(stored: InstrumentDocument) -> Edit:
        number = _pillar_number(stored, pillar)
        check_free(indicator.code, _indicator_codes(stored))
        home = stored.pillars[number]
        return Edit(
            _with_pillar(stored, number, replace(home, indicators=(*home.indicators, indicator))),
            after=indicator_tree(indicator) | {"pillar": pillar},
            place=f"pillars[{number}].indicators[{len(home.indicators)}]",
        )

    return apply(instrument, edit, verb="indicator.added", revision=revision, by=by)


def edit_indicator(
    *,
    instrument: Instrument,
    code: str,
    indicator: IndicatorDocument,
    pillar: str,
    revision: int,
    by: User | None,
) -> Instrument:
    """Change an indicator. `pillar` is the code of the pillar it belongs to from now on; where that
    is another one than before, the indicator goes to its end."""

    def edit(stored: InstrumentDocument) -> Edit:
        home, number = _indicator_place(stored, code)
        goal = _pillar_number(stored, pillar)
        check_free(indicator.code, _indicator_codes(stored) - {code})
        old_home = stored.pillars[home]
        old = old_home.indicators[number]
        others = (*old_home.indicators[:number], *old_home.indicators[number + 1 :])
        if goal == home:
            row = (*others[:number], indicator, *others[number:])
            edited = _with_pillar(stored, home, replace(old_home, indicators=row))
        else:
            edited = _with_pillar(stored, home, replace(old_home, indicators=others))
            row = (*stored.pillars[goal].indicators, indicator)
            edited = _with_pillar(edited, goal, replace(edited.pillars[goal], indicators=row))
        return Edit(
            edited,
            indicator_tree(old) | {"pillar": old_home.code},
            indicator_tree(indicator) | {"pillar": pillar},
            place=f"pillars[{goal}].indicators[{row.index(indicator)}]",
        )

    return apply(instrument, edit, verb="indicator.edited", revision=revision, by=by)


def remove_indicator(
    *, instrument: Instrument, code: str, revision: int, by: User | None
) -> Instrument:
    """Remove an indicator."""

    def edit(stored: InstrumentDocument) -> Edit:
        home, number = _indicator_place(stored, code)
        pillar = stored.pillars[home]
        row = (*pillar.indicators[:number], *pillar.indicators[number + 1 :])
        return Edit(
            _with_pillar(stored, home, replace(pillar, indicators=row)),
            before=indicator_tree(pillar.indicators[number]) | {"pillar": pillar.code},
        )

    return apply(instrument, edit, verb="indicator.removed", revision=revision, by=by)


def move_indicator(
    *, instrument: Instrument, code: str, direction: Direction, revision: int, by: User | None
) -> Instrument:
    """Let an indicator change places with its neighbour in its pillar; at the end nothing happens."""

    def edit(stored: InstrumentDocument) -> Edit:
        home, number = _indicator_place(stored, code)
        pillar = stored.pillars[home]
        row = _moved(pillar.indicators, number, direction)
        return Edit(
            _with_pillar(stored, home, replace(pillar, indicators=row)),
            [indicator.code for indicator in pillar.indicators],
            [indicator.code for indicator in row],
        )

    return apply(instrument, edit, verb="indicator.moved", revision=revision, by=by)


# --- Places in a document


def _pillar_number(document: InstrumentDocument, code: str) -> int:
    for number, pillar in enumerate(document.pillars):
        if pillar.code == code:
            return number
    raise PartMissing(code)


def _indicator_place(document: InstrumentDocument, code: str) -> tuple[int, int]:
    for home, pillar in enumerate(document.pillars):
        for number, indicator in enumerate(pillar.indicators):
            if indicator.code == code:
                return home, number
    raise PartMissing(code)


def _indicator_codes(document: InstrumentDocument) -> set[str]:
    return {indicator.code for pillar in document.pillars for indicator in pillar.indicators}


def _with_pillar(
    document: InstrumentDocument, number: int, pillar: PillarDocument
) -> InstrumentDocument:
    pillars = (*document.pillars[:number], pillar, *document.pillars[number + 1 :])
    return replace(document, pillars=pillars)


def _moved(row: tuple[T, ...], number: int, direction: Direction) -> tuple[T, ...]:
    neighbour = number + (1 if direction is Direction.DOWN else -1)
    if not 0 <= neighbour < len(row):
        return row
    moved = list(row)
    moved[number], moved[neighbour] = moved[neighbour], moved[number]
    return tuple(moved)


def _carried(
    levels: tuple[str, ...], old: tuple[ScalePoint, ...], new: tuple[ScalePoint, ...]
) -> tuple[str, ...]:
    if not levels or len(old) == len(new):
        return levels
    texts = {point.value: text for point, text in zip(old, levels, strict=False)}
    return tuple(texts.get(point.value, "") for point in new)
