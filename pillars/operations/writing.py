"""The single writer of what an instrument asks: whole documents, in a fixed number of statements."""

from pillars.files import IndicatorDocument, InstrumentDocument, PillarDocument
from pillars.models import Band, Indicator, Instrument, Level, Pillar, ScalePoint


def write(instrument: Instrument, document: InstrumentDocument) -> None:
    """Make the stored draft say what the document says; its code and version stay as they are.

    The caller holds the lock on the instrument's row. The rows below it are written anew: nothing
    refers to the rows of a draft, and one way of writing cannot disagree with another.
    """
    instrument.title = document.title
    instrument.language = document.language
    instrument.conversion = document.conversion
    instrument.minimum_coverage = document.minimum_coverage
    instrument.decimals = document.decimals
    instrument.save()
    Level.objects.filter(indicator__instrument=instrument).delete()
    instrument.indicators.all().delete()
    instrument.pillars.all().delete()
    instrument.scale.all().delete()
    instrument.bands.all().delete()
    ScalePoint.objects.bulk_create(
        ScalePoint(instrument=instrument, value=point.value, label=point.label)
        for point in document.scale
    )
    Band.objects.bulk_create(
        Band(instrument=instrument, code=band.code, label=band.label, lower=band.lower)
        for band in document.bands
    )
    pillars = Pillar.objects.bulk_create(
        _pillar_row(instrument, pillar, order) for order, pillar in enumerate(document.pillars)
    )
    asked = [
        (row, order, indicator)
        for row, pillar in zip(pillars, document.pillars, strict=True)
        for order, indicator in enumerate(pillar.indicators)
    ]
    indicators = Indicator.objects.bulk_create(
        _indicator_row(instrument, pillar, indicator, order) for pillar, order, indicator in asked
    )
    Level.objects.bulk_create(
        level
        for row, (_pillar, _order, indicator) in zip(indicators, asked, strict=True)
        for level in _level_rows(row, document, indicator)
    )


def _pillar_row(instrument: Instrument, pillar: PillarDocument, order: int) -> Pillar:
    return Pillar(
        instrument=instrument,
        code=pillar.code,
        name=pillar.name,
        description=pillar.description,
        weight=pillar.weight,
        order=order,
    )


def _indicator_row(
    instrument: Instrument, pillar: Pillar, indicator: IndicatorDocument, order: int
) -> Indicator:
    return Indicator(
        instrument=instrument,
        pillar=pillar,
        code=indicator.code,
        statement=indicator.statement,
        weight=indicator.weight,
        reversed=indicator.reversed,
        not_applicable=indicator.not_applicable,
        evidence_from=indicator.evidence_from,
        own_scale=bool(indicator.scale),
        why=indicator.why.to_data() if indicator.why else "",
        order=order,
    )


def _level_rows(
    row: Indicator, document: InstrumentDocument, indicator: IndicatorDocument
) -> list[Level]:
    """One level a point of the scale; a text beyond the scale has no place and is dropped."""
    return [
        Level(
            indicator=row,
            value=point.value,
            label=point.label,
            descriptor=indicator.levels[number] if number < len(indicator.levels) else "",
        )
        for number, point in enumerate(document.scale_of(indicator))
    ]
