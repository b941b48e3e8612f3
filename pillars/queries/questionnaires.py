"""Instruments as pages and the scorer need them: whole trees, read in a fixed number of queries."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pillars.models import Instrument


@dataclass(frozen=True, slots=True)
class LevelItem:
    """One choice: the value that is stored, the level's name, and the behaviour it describes."""

    value: Decimal
    label: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class IndicatorItem:
    """One indicator with its levels, lowest first."""

    id: int
    code: str
    statement: str
    weight: Decimal
    reversed: bool
    not_applicable: bool
    evidence_from: Decimal
    levels: tuple[LevelItem, ...]

    def asks_evidence(self, value: Decimal | None) -> bool:
        """Whether evidence is asked for at this value."""
        return value is not None and 0 < self.evidence_from <= value

    def level(self, value: Decimal | None) -> LevelItem | None:
        """The level of a value; None where it is none."""
        return next((level for level in self.levels if level.value == value), None)


@dataclass(frozen=True, slots=True)
class PillarItem:
    """One pillar with its indicators in order."""

    id: int
    code: str
    name: str
    description: str
    weight: Decimal
    indicators: tuple[IndicatorItem, ...]


@dataclass(frozen=True)
class Questionnaire:
    """One instrument version as it is asked."""

    instrument_id: int
    code: str
    version: str
    title: str
    pillars: tuple[PillarItem, ...]

    @cached_property
    def indicators(self) -> dict[str, IndicatorItem]:
        """Indicators of all pillars by code, in the order they are asked."""
        return {item.code: item for pillar in self.pillars for item in pillar.indicators}

    @cached_property
    def codes_by_id(self) -> dict[int, str]:
        """Indicator codes by primary key."""
        return {item.id: code for code, item in self.indicators.items()}

    def pillar(self, code: str) -> PillarItem | None:
        """The pillar of a code; None where there is none."""
        return next((pillar for pillar in self.pillars if pillar.code == code), None)


_published: dict[int, Questionnaire] = {}
"""Published versions by key, read once a process. The database lets nobody change them, so none goes stale."""


def questionnaire(instrument_id: int) -> Questionnaire:
    """The tree of a version: a draft as it is stored now, a published one from memory.

    Raises `Instrument.DoesNotExist`.
    """
    known = _published.get(instrument_id)
    if known is not None:
        return known
    versions = Instrument.objects.prefetch_related("pillars__indicators__levels")
    instrument = versions.get(pk=instrument_id)
    read = _tree_of(instrument)
    if not instrument.is_draft:
        _published[instrument_id] = read
    return read


def _tree_of(instrument: Instrument) -> Questionnaire:
    return Questionnaire(
        instrument_id=instrument.pk,
        code=instrument.code,
        version=instrument.version,
        title=instrument.title,
        pillars=tuple(
            PillarItem(
                id=pillar.pk,
                code=pillar.code,
                name=pillar.name,
                description=pillar.description,
                weight=pillar.weight,
                indicators=tuple(
                    IndicatorItem(
                        id=indicator.pk,
                        code=indicator.code,
                        statement=indicator.statement,
                        weight=indicator.weight,
                        reversed=indicator.reversed,
                        not_applicable=indicator.not_applicable,
                        evidence_from=indicator.evidence_from,
                        levels=tuple(
                            LevelItem(level.value, level.label, level.descriptor)
                            for level in indicator.levels.all()
                        ),
                    )
                    for indicator in pillar.indicators.all()
                ),
            )
            for pillar in instrument.pillars.all()
        ),
    )
