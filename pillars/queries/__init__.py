"""Instruments as they are read: as asked, as documents, compared, and checked before publishing."""

from pillars.queries.checks import Finding, advice_on, faults_of, findings_of
from pillars.queries.diff import InstrumentDiff, diff
from pillars.queries.documents import document_of
from pillars.queries.questionnaires import (
    IndicatorItem,
    LevelItem,
    PillarItem,
    Questionnaire,
    questionnaire,
)
from pillars.queries.versions import CodeVersions, base_of, frozen_versions, versions_by_code

__all__ = [
    "CodeVersions",
    "Finding",
    "IndicatorItem",
    "InstrumentDiff",
    "LevelItem",
    "PillarItem",
    "Questionnaire",
    "advice_on",
    "base_of",
    "diff",
    "document_of",
    "faults_of",
    "findings_of",
    "frozen_versions",
    "questionnaire",
    "versions_by_code",
]
