"""The interface to instruments for curators: what was published, as instrument files say it."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from accounts.access import PersonRequest, access
from accounts.api import Listing, Slice, listed
from pillars.access import curator
from pillars.files.document import (
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    plain,
)
from pillars.models import Instrument
from pillars.queries import document_of, frozen_versions

router = Router(tags=["instruments"])


class VersionLine(Schema):
    """One published version. Two with the same `structure_hash` score alike."""

    id: int
    code: str
    version: str
    title: str
    language: str
    status: str
    published_at: datetime.datetime
    content_hash: str
    structure_hash: str


class Point(Schema):
    """A value that may be chosen."""

    value: str
    label: str


class IndicatorOut(Schema):
    """One behaviour. `scale` is empty where the instrument's applies; `evidence_from` "0" means never."""

    code: str
    statement: str
    weight: str
    levels: list[str]
    reversed: bool
    not_applicable: bool
    evidence_from: str
    scale: list[Point]


class PillarOut(Schema):
    """One pillar, in the order it is asked."""

    code: str
    name: str
    description: str
    weight: str
    indicators: list[IndicatorOut]


class BandOut(Schema):
    """A named range of scores from `lower` on."""

    code: str
    label: str
    lower: str


class Version(VersionLine):
    """One published version as a whole. Numbers are decimal text, as in instrument files."""

    conversion: str
    minimum_coverage: str
    decimals: int
    scale: list[Point]
    bands: list[BandOut]
    pillars: list[PillarOut]


@router.get("/instruments", response=Listing[VersionLine], url_name="instrument_list")
@access(curator)
def instrument_list(request: PersonRequest, part: Query[Slice]) -> dict[str, Any]:
    """Published versions, retired ones included; drafts are on the pages alone."""
    return listed(frozen_versions(), part, _lines)


@router.get("/instruments/{int:pk}", response=Version, url_name="instrument")
@access(curator)
def instrument(request: PersonRequest, pk: int) -> Version:
    """One published version."""
    found = get_object_or_404(frozen_versions(), pk=pk)
    document: InstrumentDocument = document_of(found)
    return Version(
        **_line(found),
        conversion=document.conversion,
        minimum_coverage=plain(document.minimum_coverage),
        decimals=document.decimals,
        scale=_points(document.scale),
        bands=[
            BandOut(code=band.code, label=band.label, lower=plain(band.lower))
            for band in document.bands
        ],
        pillars=[_pillar(pillar) for pillar in document.pillars],
    )


def _lines(found: Iterable[Instrument]) -> Iterator[VersionLine]:
    return (VersionLine(**_line(each)) for each in found)


def _line(found: Instrument) -> dict[str, Any]:
    names = set(VersionLine.model_fields) - {"id"}
    return {"id": found.pk, **{name: getattr(found, name) for name in names}}


def _points(scale: Iterable[ScalePoint]) -> list[Point]:
    return [Point(value=plain(point.value), label=point.label) for point in scale]


def _pillar(pillar: PillarDocument) -> PillarOut:
    return PillarOut(
        code=pillar.code,
        name=pillar.name,
        description=pillar.description,
        weight=plain(pillar.weight),
        indicators=[_indicator(each) for each in pillar.indicators],
    )


def _indicator(indicator: IndicatorDocument) -> IndicatorOut:
    return IndicatorOut(
        code=indicator.code,
        statement=indicator.statement,
        weight=plain(indicator.weight),
        levels=list(indicator.levels),
        reversed=indicator.reversed,
        not_applicable=indicator.not_applicable,
        evidence_from=plain(indicator.evidence_from),
        scale=_points(indicator.scale),
    )
