"""Documents as the plain data of an instrument file: for the validator, and for the audit trail."""

from decimal import Decimal
from typing import Any

from pillars.files import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
)
from pillars.files.document import plain


def tree_of(document: InstrumentDocument) -> dict[str, Any]:
    """The document as the plain data of a file: what is empty is left out, as in a file."""
    tree = {
        "instrument": head_tree(document),
        "scale": scale_tree(document.scale),
        "bands": bands_tree(document.bands),
        "pillars": [pillar_tree(pillar) for pillar in document.pillars],
    }
    return _without_empty(tree, ("scale", "bands", "pillars"))


def head_tree(document: InstrumentDocument) -> dict[str, Any]:
    """What a version says about itself as a whole."""
    return {
        "code": document.code,
        "version": document.version,
        "title": document.title,
        "language": document.language,
        "conversion": document.conversion,
        "minimum_coverage": document.minimum_coverage,
        "decimals": document.decimals,
    }


def pillar_tree(pillar: PillarDocument) -> dict[str, Any]:
    """A pillar with its indicators."""
    table = {
        "code": pillar.code,
        "name": pillar.name,
        "description": pillar.description,
        "weight": pillar.weight,
        "indicators": [indicator_tree(indicator) for indicator in pillar.indicators],
    }
    return _without_empty(table, ("description", "indicators"))


def indicator_tree(indicator: IndicatorDocument) -> dict[str, Any]:
    """An indicator with its levels, reason and own scale."""
    table = {
        "code": indicator.code,
        "statement": indicator.statement,
        "weight": indicator.weight,
        "levels": list(indicator.levels),
        "reversed": indicator.reversed,
        "not_applicable": indicator.not_applicable,
        "evidence_from": indicator.evidence_from,
        "why": indicator.why.to_data() if indicator.why else None,
        "scale": scale_tree(indicator.scale),
    }
    return _without_empty(table, ("levels", "why", "scale"))


def scale_tree(scale: tuple[ScalePoint, ...]) -> list[dict[str, Any]]:
    """A scale, lowest first."""
    return [{"value": point.value, "label": point.label} for point in scale]


def bands_tree(bands: tuple[BandDocument, ...]) -> list[dict[str, Any]]:
    """Bands, highest first."""
    return [{"code": band.code, "label": band.label, "lower": band.lower} for band in bands]


def jsonable(value: Any) -> Any:
    """The same data for a JSON column: decimals as their shortest text, never as binary floats."""
    match value:
        case Decimal():
            return plain(value)
        case dict():
            return {key: jsonable(item) for key, item in value.items()}
        case list():
            return [jsonable(item) for item in value]
        case _:
            return value


def _without_empty(table: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value or key not in keys}
