"""The list of instruments: one entry a code, its versions newest first."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, QuerySet

from pillars.models import Instrument


@dataclass(frozen=True, slots=True)
class CodeVersions:
    """All versions of one instrument code, newest first; `title` is that of the newest."""

    code: str
    title: str
    versions: tuple[Instrument, ...]


def versions_by_code() -> list[CodeVersions]:
    """Every instrument, in one query; each version carries `pillar_count` and `indicator_count`."""
    versions: QuerySet[Instrument] = (
        Instrument.objects.select_related("based_on", "published_by")
        .annotate(
            pillar_count=Count("pillars", distinct=True),
            indicator_count=Count("indicators", distinct=True),
        )
        .order_by("code", "-created_at", "-id")
    )
    return [
        CodeVersions(code=code, title=group[0].title, versions=group)
        for code, group in (
            (code, tuple(rows)) for code, rows in groupby(versions, lambda row: row.code)
        )
    ]


def frozen_versions() -> QuerySet[Instrument]:
    """Versions that do not change any more, in use or retired, newest first."""
    return Instrument.objects.exclude(published_at=None).order_by("code", "-published_at", "-pk")


def base_of(instrument: Instrument) -> Instrument | None:
    """What a version is compared with: the one it was copied from, else the newest one published."""
    if instrument.based_on is not None:
        return instrument.based_on
    others = Instrument.objects.exclude(pk=instrument.pk).exclude(published_at=None)
    return others.filter(code=instrument.code).order_by("-published_at").first()
