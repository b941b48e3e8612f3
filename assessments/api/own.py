"""One's own assessments: read, answer, hand in. Writing goes through the form and the operations of the pages."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from accounts.access import PersonRequest, access, signed_in
from accounts.api import Listing, Slice, Trouble, listed
from assessments import operations
from assessments.api.shapes import (
    AnswerSent,
    Declaration,
    OwnAssessment,
    OwnLine,
    OwnResult,
    Receipt,
    StoredAnswer,
)
from assessments.api.showing import (
    shown_answer,
    shown_lines,
    shown_receipt,
    shown_result,
    shown_whole,
)
from assessments.errors import Incomplete
from assessments.forms.filling import (
    EVIDENCE,
    NOT_APPLICABLE,
    NOTE,
    PROBLEM_OF,
    REASON,
    REVISION,
    SectionForm,
)
from assessments.models import Assessment
from assessments.operations import AnswerInput
from assessments.operations.locking import Held, hold
from assessments.queries import GapKind, answers_of, questionnaire_of
from assessments.queries.results import result_of
from assessments.queries.standing import own_assessments, with_answered

router = Router(tags=["assessments"])

FIELDS = {"": "value", REASON: "reason", NOTE: "note", EVIDENCE: "evidence", REVISION: "revision"}


@router.get("/assessments", response=Listing[OwnLine], url_name="own_list")
@access(signed_in)
def own_list(request: PersonRequest, part: Query[Slice]) -> dict[str, Any]:
    """The person's own assessments, latest cycle first."""
    return listed(with_answered(own_assessments(request.user)), part, shown_lines)


@router.get("/assessments/{int:pk}", response=OwnAssessment, url_name="own_assessment")
@access(signed_in)
def own_assessment(request: PersonRequest, pk: int) -> OwnAssessment:
    """One of them with its questionnaire, the answers, and what is missing."""
    found = with_answered(own_assessments(request.user))
    return shown_whole(get_object_or_404(found, pk=pk))


@router.get("/assessments/{int:pk}/result", response=OwnResult, url_name="own_result")
@access(signed_in)
def own_result(request: PersonRequest, pk: int) -> OwnResult:
    """Its scores, each with the explanation that the page gives."""
    return shown_result(result_of(_own(request, pk)))


@router.post("/assessments/{int:pk}/answers/{code}", response=StoredAnswer, url_name="save_answer")
@access(signed_in)
@transaction.atomic
def save_answer(request: PersonRequest, pk: int, code: str, sent: AnswerSent) -> StoredAnswer:
    """Store one answer: the form and the operation of the page.

    409 `answer-changed` where a newer answer is stored: it is told in `stored`, and nothing is changed.
    """
    held = _held(request, pk)
    given = _checked(held.assessment, code, sent)
    result = operations.save_held(held=held, answers={code: given}, by=request.user)
    if code in result.conflicts:
        raise Trouble(
            409,
            "answer-changed",
            _("Jawaban ini sudah diganti di tempat lain. Baca yang tersimpan, lalu pilih lagi."),
            stored=shown_answer(result.conflicts[code]).model_dump(),
        )
    return shown_answer(result.saved[code])


@router.post("/assessments/{int:pk}/submission", response=Receipt, url_name="hand_in")
@access(signed_in)
def hand_in(request: PersonRequest, pk: int, sent: Declaration) -> Receipt:
    """Hand in; asked again, the same receipt. 409 `incomplete` lists in `gaps` what is missing."""
    try:
        submission = operations.submit(assessment=_own(request, pk), by=request.user)
    except Incomplete as refusal:
        gaps = [{"code": gap.code, "lacks": str(gap.kind)} for gap in refusal.gaps]
        raise Trouble(409, "incomplete", str(refusal), gaps=gaps) from refusal
    return shown_receipt(submission)


def _own(request: PersonRequest, pk: int) -> Assessment:
    return get_object_or_404(own_assessments(request.user), pk=pk)


def _held(request: PersonRequest, pk: int) -> Held:
    try:
        return hold(pk, of=request.user)
    except Assessment.DoesNotExist:
        raise Http404 from None


def _checked(assessment: Assessment, code: str, sent: AnswerSent) -> AnswerInput:
    """What the page's form makes of an answer; raises what is wrong with it, field by field."""
    item = questionnaire_of(assessment).indicators.get(code)
    if item is None:
        raise Http404
    form = SectionForm(
        _as_form(code, sent), items=[item], stored=lambda: answers_of(assessment, among=[code])
    )
    faults = list(_faults(form, code)) if not form.is_valid() else []
    if sent.not_applicable and sent.value is not None:
        faults.append(("value", _("Pilih satu tingkat, atau “tidak relevan”, jangan keduanya.")))
    given = {} if faults else form.inputs()
    if not given:
        faults = faults or [("value", str(PROBLEM_OF[GapKind.ANSWER].text))]
        raise Trouble(
            422,
            "invalid",
            _("Jawaban ini belum tersimpan. Perbaiki yang disebutkan, lalu kirim lagi."),
            errors=[{"pointer": f"#/{name}", "detail": text} for name, text in faults],
        )
    return given[code]


def _as_form(code: str, sent: AnswerSent) -> QueryDict:
    """The answer as a browser would send it; a field that is not sent leaves what is stored."""
    fields = QueryDict(mutable=True)
    choice = NOT_APPLICABLE if sent.not_applicable else sent.value
    evidence = None if sent.evidence is None else "\n".join(sent.evidence)
    texts = {"": choice, REASON: sent.reason or None, NOTE: sent.note, EVIDENCE: evidence}
    for suffix, text in texts.items():
        if text is not None:
            fields[code + suffix] = text
    fields[code + REVISION] = str(sent.revision)
    if sent.token:
        fields["token"] = str(sent.token)
    return fields


def _faults(form: SectionForm, code: str) -> Iterator[tuple[str, str]]:
    for name, texts in form.errors.items():
        field = FIELDS.get(name.removeprefix(code), "reason" if name == "__all__" else name)
        yield from ((field, text) for text in map(str, texts))
