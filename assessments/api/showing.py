"""From assessments as queries read them to what the interface says."""

from collections.abc import Iterable, Iterator
from typing import Any

from assessments.api.shapes import (
    BandShown,
    FigureShown,
    IndicatorShown,
    ItemShown,
    LevelShown,
    OwnAssessment,
    OwnLine,
    OwnResult,
    PillarScored,
    PillarShown,
    Receipt,
    ScoreShown,
    StoredAnswer,
)
from assessments.models import Answer, Assessment, Submission
from assessments.queries import answers_of, marked_notes, progress, questionnaire_of, return_of
from assessments.queries.evidence import files_of
from assessments.queries.explaining import Explanation, FigureText, PillarText
from assessments.queries.results import Result, ScoreView
from assessments.queries.standing import OwnAssessment as Line
from assessments.queries.standing import lines_of
from pillars.files.document import plain
from pillars.queries import IndicatorItem


def shown_receipt(submission: Submission) -> Receipt:
    """What was handed in."""
    return Receipt(
        number=submission.number,
        submitted_at=submission.submitted_at,
        answers_hash=submission.answers_hash,
    )


def shown_answer(answer: Answer) -> StoredAnswer:
    """A stored answer; of one that nobody gave yet, only its revision says anything."""
    return StoredAnswer(
        value=None if answer.value is None else plain(answer.value),
        not_applicable=answer.not_applicable,
        reason=answer.reason,
        note=answer.note,
        evidence=list(answer.evidence),
        revision=answer.revision,
    )


def shown_lines(found: Iterable[Assessment]) -> Iterator[OwnLine]:
    """Lines of the person's list."""
    return (OwnLine(**_line(line)) for line in lines_of(found))


def shown_whole(assessment: Assessment) -> OwnAssessment:
    """One assessment as the pages for filling in show it, all sections at once."""
    (line,) = lines_of([assessment])
    questions = questionnaire_of(assessment)
    answers = answers_of(assessment)
    back = return_of(assessment)
    remarks = marked_notes(back)
    files = files_of(assessment)
    lacking = {gap.code: gap.kind for part in progress(assessment, answers) for gap in part.gaps}

    def indicator(item: IndicatorItem) -> IndicatorShown:
        return IndicatorShown(
            code=item.code,
            statement=item.statement,
            not_applicable=item.not_applicable,
            levels=[
                LevelShown(
                    value=plain(level.value),
                    label=level.label,
                    descriptor=level.descriptor,
                    asks_evidence=item.asks_evidence(level.value),
                )
                for level in item.levels
            ],
            answer=shown_answer(answers[item.code]) if item.code in answers else None,
            lacks=lacking.get(item.code) if assessment.is_editable else None,
            remark=remarks.get(item.code, ""),
            files=[file.name for file in files.get(item.code, ())],
        )

    return OwnAssessment(
        **_line(line),
        instrument=questions.code,
        version=questions.version,
        title=questions.title,
        return_note=back.note if back else "",
        pillars=[
            PillarShown(
                code=pillar.code,
                name=pillar.name,
                description=pillar.description,
                indicators=[indicator(item) for item in pillar.indicators],
            )
            for pillar in questions.pillars
        ],
    )


def shown_result(result: Result | None) -> OwnResult:
    """Scores with their words; before handing in there is nothing to say."""
    if result is None:
        return OwnResult(
            receipt=None,
            is_waiting=False,
            is_failed=False,
            is_verified=False,
            bands=[],
            own=None,
            verified=None,
        )
    return OwnResult(
        receipt=shown_receipt(result.submission),
        is_waiting=result.is_waiting,
        is_failed=result.is_failed,
        is_verified=result.is_verified,
        bands=[
            BandShown(code=band.code, label=band.label, lower=plain(band.lower))
            for band in result.bands
        ],
        own=_score(result.own),
        verified=_score(result.verified),
    )


def _line(line: Line) -> dict[str, Any]:
    assessment, stands = line.assessment, line.standing
    answered: int = assessment.answered  # type: ignore[attr-defined]  # annotated by with_answered
    return {
        "id": assessment.pk,
        "cycle": assessment.cycle.code,
        "cycle_name": assessment.cycle.name,
        "unit": assessment.unit.name,
        "status": assessment.status,
        "phase": stands.phase.name,
        "opens_at": assessment.cycle.opens_at,
        "deadline": assessment.deadline,
        "may_fill": stands.may_fill,
        "may_withdraw": stands.may_withdraw,
        "answered": answered if assessment.is_editable else None,
        "total": line.total,
        "receipt": shown_receipt(assessment.submission) if assessment.submission else None,
    }


def _score(view: ScoreView | None) -> ScoreShown | None:
    if view is None:
        return None
    said: Explanation = view.explanation
    return ScoreShown(
        method=said.method,
        instrument=said.instrument,
        rules=list(said.rules),
        total=_figure(said.total),
        pillars=[_pillar(pillar) for pillar in said.pillars],
    )


def _pillar(pillar: PillarText) -> PillarScored:
    return PillarScored(
        code=pillar.code,
        name=pillar.name,
        weight=pillar.weight,
        figure=_figure(pillar.figure),
        items=[
            ItemShown(code=item.code, answer=item.answer, weight=item.weight, points=item.points)
            for item in pillar.items
        ],
    )


def _figure(figure: FigureText) -> FigureShown:
    return FigureShown(
        score=None if figure.rounded is None else str(figure.rounded),
        exact=figure.exact,
        text=figure.text,
        band=figure.band.code if figure.band else None,
        formula=figure.formula,
        remarks=list(figure.remarks),
    )
