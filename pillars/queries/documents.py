"""A stored version as the document it was loaded from: load, then read, is the identity."""

from pillars.files import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    Why,
)
from pillars.files.document import canonical
from pillars.models import Indicator, Instrument, Level, Pillar


def document_of(instrument: Instrument) -> InstrumentDocument:
    """The whole version, in six queries whatever its size. A draft need not be valid."""
    stored = Instrument.objects.prefetch_related(
        "scale", "bands", "pillars__indicators__levels"
    ).get(pk=instrument.pk)
    return InstrumentDocument(
        code=stored.code,
        version=stored.version,
        title=stored.title,
        language=stored.language,
        conversion=stored.conversion,
        minimum_coverage=canonical(stored.minimum_coverage),
        decimals=stored.decimals,
        scale=tuple(
            ScalePoint(canonical(point.value), point.label) for point in stored.scale.all()
        ),
        bands=tuple(
            BandDocument(band.code, band.label, canonical(band.lower))
            for band in stored.bands.all()
        ),
        pillars=tuple(_pillar(pillar) for pillar in stored.pillars.all()),
    )


def _pillar(pillar: Pillar) -> PillarDocument:
    return PillarDocument(
        code=pillar.code,
        name=pillar.name,
        description=pillar.description,
        weight=canonical(pillar.weight),
        indicators=tuple(_indicator(indicator) for indicator in pillar.indicators.all()),
    )


def _indicator(indicator: Indicator) -> IndicatorDocument:
    levels: list[Level] = list(indicator.levels.all())
    return IndicatorDocument(
        code=indicator.code,
        statement=indicator.statement,
        weight=canonical(indicator.weight),
        # No texts at all means that the labels of the scale say it all.
        levels=tuple(level.descriptor for level in levels)
        if any(level.descriptor for level in levels)
        else (),
        reversed=indicator.reversed,
        not_applicable=indicator.not_applicable,
        evidence_from=canonical(indicator.evidence_from),
        why=Why.from_data(indicator.why),
        scale=tuple(ScalePoint(canonical(level.value), level.label) for level in levels)
        if indicator.own_scale
        else (),
    )
