"""Working answers go when they are handed in, and come back as they were."""

from decimal import Decimal

import pytest

from assessments import errors
from assessments.enums import ScoreKind, Status
from assessments.models import Answer, Score, ScoringJob, Submission
from assessments.operations import (
    AnswerInput,
    RatingInput,
    hash_of,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
    score_jobs,
    submit,
    withdraw,
)
from assessments.queries import answers_of, questionnaire_of, scorable
from assessments.queries.documents import entries_of, thawed
from assessments.queries.results import result_of
from assessments.queries.schemes import ScoreNotReproduced, card_of
from assessments.scoring import UnknownMethod

# All that an answer can hold, with what text formats like to change: spaces at the ends, quotes, marks.
GIVEN = {
    "ALF-01": AnswerInput(
        value=Decimal(4),
        note="  “Lihat” <b>berkas</b> \\u0041\n\tke-2 \U0001f600 é é ",
        evidence=("SK 800/12/2026", "https://contoh.invalid/a?b=1&c=“d”", " spasi "),
    ),
    "ALF-02": AnswerInput(not_applicable=True, reason='Tidak "melayani" warga\r\nsama sekali'),
    "BET-01": AnswerInput(value=Decimal(3), reason="Alasan yang tertinggal"),
    "BET-02": AnswerInput(note="hanya catatan"),
}


def content(answers):
    return {
        code: (each.value, each.not_applicable, each.reason, each.note, each.evidence)
        for code, each in answers.items()
    }


@pytest.fixture
def before(assessment, ani):
    """What is filled in, one answer of it saved three times."""
    save_answers(assessment=assessment, answers=GIVEN, by=ani)
    for value in (1, 2, 3):
        given = AnswerInput(value=Decimal(value), reason="Alasan yang tertinggal")
        save_answers(assessment=assessment, answers={"BET-01": given}, by=ani)
    assessment.refresh_from_db()
    return answers_of(assessment)


@pytest.fixture
def frozen(assessment, before, ani):
    submit(assessment=assessment, by=ani, require_complete=False)
    assessment.refresh_from_db()
    return assessment


def test_handed_in_there_are_no_working_answers_and_pages_read_the_frozen_ones(frozen, before):
    assert not Answer.objects.exists()
    assert content(answers_of(frozen)) == content(before)
    assert list(answers_of(frozen, among=["BET-01", "ALF-02"])) == ["BET-01", "ALF-02"]


def test_a_level_alone_is_written_as_its_text(assessment, ani):
    save_answers(assessment=assessment, answers={"BET-01": AnswerInput(value=Decimal(3))}, by=ani)
    submission = submit(assessment=assessment, by=ani, require_complete=False)
    assert submission.answers == {"BET-01": "3"}


def test_taken_back_every_answer_is_as_it_was(frozen, before, ani):
    withdraw(assessment=frozen, by=ani)
    frozen.refresh_from_db()
    assert content(answers_of(frozen)) == content(before)
    assert Answer.objects.count() == len(GIVEN)


def test_handed_in_again_unchanged_the_document_and_its_hash_are_the_same(frozen, ani):
    withdraw(assessment=frozen, by=ani)
    submit(assessment=frozen, by=ani, require_complete=False)
    first, second = Submission.objects.order_by("sequence")
    assert (first.answers, first.answers_hash) == (second.answers, second.answers_hash)
    assert second.answers_hash == hash_of(second.answers)


def test_sent_back_every_answer_is_as_it_was(frozen, before, ani, budi):
    open_review(assessment=frozen, by=budi)
    marked = RatingInput(value=Decimal(3), note="Sertakan nomor surat", to_redo=True)
    save_ratings(assessment=frozen, ratings={"BET-01": marked}, by=budi)
    return_assessment(assessment=frozen, by=budi)
    frozen.refresh_from_db()
    assert content(answers_of(frozen)) == content(before)


@pytest.mark.parametrize("code", GIVEN)
def test_a_page_from_before_handing_in_conflicts_and_overwrites_nothing(frozen, before, ani, code):
    withdraw(assessment=frozen, by=ani)
    stale = AnswerInput(value=Decimal(1), note="dari tab lama", revision=before[code].revision)
    result = save_answers(assessment=frozen, answers={code: stale}, by=ani)
    assert list(result.conflicts) == [code]
    frozen.refresh_from_db()
    assert content(answers_of(frozen)) == content(before)


def test_no_revision_of_an_earlier_round_ever_comes_back(frozen, before, ani):
    seen = {answer.revision for answer in before.values()}
    for _ in range(3):
        withdraw(assessment=frozen, by=ani)
        revisions = set(Answer.objects.values_list("revision", flat=True))
        assert not revisions & seen
        seen |= revisions
        submit(assessment=frozen, by=ani, require_complete=False)


def test_a_late_save_is_refused_and_stores_nothing(frozen, ani):
    with pytest.raises(errors.NotEditable):
        save_answers(assessment=frozen, answers={"ALF-01": AnswerInput(value=Decimal(1))}, by=ani)
    assert not Answer.objects.exists()


def test_a_document_of_before_reads_the_same(assessment):
    """Levels alone were objects then; nobody rewrites what carries a hash."""
    assessment.status = Status.SUBMITTED
    documents = [
        {"ALF-01": "3", "BET-01": "2"},
        {"ALF-01": {"value": "3"}, "BET-01": {"value": "2"}},
    ]
    now, before = (Submission(assessment=assessment, answers=each) for each in documents)
    assert scorable(before.answers) == scorable(now.answers)
    assert entries_of(before.answers) == entries_of(now.answers)
    questions = questionnaire_of(assessment)
    assert content(thawed(before, questions)) == content(thawed(now, questions))


def test_a_score_explains_itself_from_what_it_was_computed_from(frozen):
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    stored = Score.objects.get(kind=ScoreKind.SELF)
    card = card_of(stored, frozen.submission.answers)
    assert (card.total.rounded, card.total.band or "") == (stored.total, stored.band)
    assert result_of(frozen).own.explanation.method == stored.method


def test_no_explanation_is_given_that_does_not_end_in_the_stored_figure(frozen):
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    stored = Score.objects.get()
    with pytest.raises(ScoreNotReproduced):
        card_of(stored, {"ALF-01": "1", "ALF-02": "1", "BET-01": "1", "BET-02": "1"})
    stored.method = "prima-score/0"
    with pytest.raises(UnknownMethod):
        card_of(stored, frozen.submission.answers)
