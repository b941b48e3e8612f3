"""What scoring needs of an instrument document."""

from assessments.scoring import BandScheme, Conversion, ItemScheme, PillarScheme, Scheme
from pillars.files import IndicatorDocument, InstrumentDocument


def scheme_from_document(document: InstrumentDocument) -> Scheme:
    """Return the scheme of a document that passed the rules of instrument files."""
    return Scheme(
        code=document.code,
        version=document.version,
        conversion=Conversion(document.conversion),
        minimum_coverage=document.minimum_coverage,
        decimals=document.decimals,
        bands=tuple(BandScheme(band.code, band.lower) for band in document.bands),
        pillars=tuple(
            PillarScheme(
                code=pillar.code,
                weight=pillar.weight,
                items=tuple(_item(document, indicator) for indicator in pillar.indicators),
            )
            for pillar in document.pillars
        ),
    )


def _item(document: InstrumentDocument, indicator: IndicatorDocument) -> ItemScheme:
    return ItemScheme(
        code=indicator.code,
        weight=indicator.weight,
        values=tuple(point.value for point in document.scale_of(indicator)),
        reversed=indicator.reversed,
        not_applicable=indicator.not_applicable,
        evidence_from=indicator.evidence_from,
    )
