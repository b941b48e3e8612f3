"""Instruments as they are read: as asked, as documents, compared, and checked before publishing."""

from pillars.queries.checks import Advice, advice_on, faults_of
from pillars.queries.diff import InstrumentDiff, diff
from pillars.queries.documents import document_of
from pillars.queries.questionnaires import (
    IndicatorItem,
    LevelItem,
    PillarItem,
    Questionnaire,
    questionnaire,
)
from pillars.queries.versions import CodeVersions, versions_by_code

__all__ = [
    "Advice",
    "CodeVersions",
    "IndicatorItem",
    "InstrumentDiff",
    "LevelItem",
    "PillarItem",
    "Questionnaire",
    "advice_on",
    "diff",
    "document_of",
    "faults_of",
    "questionnaire",
    "versions_by_code",
]
