"""One person's answers: what is there, what is missing, how far along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from assessments.models import Answer, Assessment, Evidence
from assessments.queries.documents import thawed
from assessments.queries.rows import columns
from pillars.queries import IndicatorItem, PillarItem, Questionnaire, questionnaire


class GapKind(StrEnum):
    """What is missing at an indicator."""

    ANSWER = "answer"
    REASON = "reason"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to fill in before handing in."""

    indicator: IndicatorItem
    pillar: PillarItem
    kind: GapKind

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class PillarProgress:
    """How far a pillar is filled in."""

    pillar: PillarItem
    answered: int
    total: int
    gaps: tuple[Gap, ...]

    @property
    def is_started(self) -> bool:
        """Whether anything was answered."""
        return self.answered > 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, reasons and evidence included."""
        return not self.gaps


def questionnaire_of(assessment: Assessment) -> Questionnaire:
    """The questionnaire that the assessment's cycle pins."""
    return questionnaire(assessment.cycle.instrument_id)


def answers_of(assessment: Assessment, among: Iterable[str] | None = None) -> dict[str, Answer]:
    """Answers by indicator code, all or those named: working ones, and once handed in the frozen ones."""
    questions = questionnaire_of(assessment)
    if not assessment.is_editable:
        found = thawed(assessment.submission, questions)
        return found if among is None else {code: found[code] for code in among if code in found}
    working = columns(Answer, "answer")
    ids = None if among is None else [questions.indicators[code].id for code in among]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {working.sql} FROM assessments_answer answer WHERE assessment_id = %s"  # noqa: S608  # nosec B608
            " AND (%s::bigint[] IS NULL OR indicator_id = ANY(%s))",
            [assessment.pk, ids, ids],
        )
        answers = [working.instance(row) for row in cursor.fetchall()]
    return {questions.codes_by_id[answer.indicator_id]: answer for answer in answers}


def gap_of(indicator: IndicatorItem, answer: Answer | None) -> GapKind | None:
    """What an indicator still lacks, most important first; None where it is complete."""
    if answer is None or not answer.is_answered:
        return GapKind.ANSWER
    if answer.not_applicable and not answer.reason:
        return GapKind.REASON
    if indicator.asks_evidence(answer.value) and not answer.evidence:
        return GapKind.EVIDENCE
    return None


def gaps_at(
    assessment: Assessment, indicators: Iterable[IndicatorItem], answers: Mapping[str, Answer]
) -> dict[str, GapKind]:
    """What these indicators still lack, by code. A file is evidence as good as a reference."""
    found = {
        item.code: kind for item in indicators if (kind := gap_of(item, answers.get(item.code)))
    }
    if GapKind.EVIDENCE in found.values():
        codes = questionnaire_of(assessment).codes_by_id
        files = Evidence.objects.current().filter(assessment=assessment).order_by()
        filed = {codes[pk] for pk in files.values_list("indicator_id", flat=True)}
        found = {
            code: kind
            for code, kind in found.items()
            if kind is not GapKind.EVIDENCE or code not in filed
        }
    return found


def progress(
    assessment: Assessment, answers: dict[str, Answer] | None = None
) -> list[PillarProgress]:
    """Progress of each pillar, in order; reads the answers unless they are given."""
    answers = answers_of(assessment) if answers is None else answers
    questions = questionnaire_of(assessment)
    lacking = gaps_at(assessment, questions.indicators.values(), answers)
    result = []
    for pillar in questions.pillars:
        gaps = tuple(
            Gap(indicator, pillar, kind)
            for indicator in pillar.indicators
            if (kind := lacking.get(indicator.code))
        )
        unanswered = sum(gap.kind is GapKind.ANSWER for gap in gaps)
        total = len(pillar.indicators)
        result.append(PillarProgress(pillar, total - unanswered, total, gaps))
    return result


def gaps(assessment: Assessment, answers: dict[str, Answer] | None = None) -> list[Gap]:
    """Everything that is missing, in the order of the questionnaire."""
    return [gap for part in progress(assessment, answers) for gap in part.gaps]
