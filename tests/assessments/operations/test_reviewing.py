"""Beginning a review, giving levels, agreeing with the rest; and who may."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from assessments import errors
from assessments.enums import ReviewStatus, Status
from assessments.models import Assessment, Rating, Review
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations import (
    AnswerInput,
    RatingInput,
    agree_with_rest,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
    submit,
    verify,
    withdraw,
)
from assessments.permissions import reviews
from assessments.queries import (
    Entry,
    RatingGapKind,
    questionnaire_of,
    ratings_of,
    return_notes,
    review_of,
    sheet_of,
)
from audit.models import Event

THREE = RatingInput(value=Decimal(3))


def rate(assessment, by, **ratings):
    return save_ratings(
        assessment=assessment,
        ratings={code.replace("_", "-"): given for code, given in ratings.items()},
        by=by,
    )


def stored(review):
    return {rating.indicator.code: Entry.from_rating(rating) for rating in Rating.objects.all()}


# --- Beginning


def test_beginning_opens_a_review_of_the_current_submission(handed_in, budi):
    review = open_review(assessment=handed_in, by=budi)

    assert (review.submission, review.reviewer) == (handed_in.submission, budi)
    assert review.status == ReviewStatus.OPEN
    assert Event.objects.get(verb="review.opened").data == {"carried": 0}


def test_beginning_again_gives_the_same_review(handed_in, review, budi):
    assert open_review(assessment=handed_in, by=budi) == review
    assert Event.objects.filter(verb__startswith="review.").count() == 1


@pytest.mark.parametrize("who", ["ani", "citra", "dewi", "eko"])
def test_only_the_supervisor_begins(who, handed_in, request):
    with pytest.raises(errors.NotReviewer):
        open_review(assessment=handed_in, by=request.getfixturevalue(who))
    assert not Review.objects.exists()


def test_nobody_reviews_themselves(handed_in, ani):
    assert not reviews(ani, handed_in)
    with pytest.raises(errors.NotReviewer):
        open_review(assessment=handed_in, by=ani)


def test_the_database_itself_refuses_a_review_of_oneself(handed_in, ani, review):
    with pytest.raises(IntegrityError, match="nobody reviews themselves"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(reviewer=ani)


def test_whom_the_personnel_office_named_reviews_instead_of_the_head(handed_in, budi, citra):
    Assessment.objects.filter(pk=handed_in.pk).update(named_reviewer=citra)

    assert open_review(assessment=handed_in, by=citra).reviewer == citra
    with pytest.raises(errors.NotReviewer):
        open_review(assessment=handed_in, by=budi)


@pytest.mark.parametrize("status", [Status.INVITED, Status.DRAFT])
def test_there_is_nothing_to_review_before_handing_in(status, assessment, budi):
    if status == Status.DRAFT:
        Assessment.objects.update(status=Status.DRAFT)
    with pytest.raises(errors.NothingToReview):
        open_review(assessment=assessment, by=budi)


def test_there_is_nothing_to_review_once_taken_back(handed_in, ani, budi):
    withdraw(assessment=handed_in, by=ani)
    with pytest.raises(errors.NothingToReview):
        open_review(assessment=handed_in, by=budi)


def test_a_verified_assessment_is_not_begun_again(handed_in, rated, budi):
    verify(assessment=handed_in, by=budi)
    with pytest.raises(errors.NothingToReview):
        open_review(assessment=handed_in, by=budi)


# --- Giving levels


def test_levels_are_stored_with_note_and_mark(handed_in, review, budi):
    result = rate(
        handed_in, budi, BET_01=RatingInput(value=Decimal(2), note="Kurang lengkap", to_redo=True)
    )

    assert stored(review) == {
        "BET-01": Entry(value=Decimal(2), note="Kurang lengkap", to_redo=True, revision=1)
    }
    assert result.saved["BET-01"].revision == 1


def test_a_note_alone_keeps_the_chosen_level(handed_in, review, budi):
    rate(handed_in, budi, BET_01=THREE)
    rate(handed_in, budi, BET_01=RatingInput(note="Baik", revision=1))
    assert stored(review) == {"BET-01": Entry(value=Decimal(3), note="Baik", revision=2)}


def test_nothing_said_stores_nothing(handed_in, review, budi):
    assert rate(handed_in, budi, BET_01=RatingInput(revision=0)).saved == {}
    assert not Rating.objects.exists()


def test_the_same_again_changes_nothing(handed_in, review, budi):
    rate(handed_in, budi, BET_01=THREE)
    result = rate(handed_in, budi, BET_01=RatingInput(value=Decimal(3), revision=0))
    assert (result.saved["BET-01"].revision, result.conflicts) == (1, {})


def test_a_stale_form_is_shown_what_is_stored_and_overwrites_nothing(handed_in, review, budi):
    rate(handed_in, budi, BET_01=THREE)
    result = rate(
        handed_in,
        budi,
        BET_01=RatingInput(value=Decimal(1), revision=0),
        BET_02=RatingInput(value=Decimal(2), revision=0),
    )

    assert result.conflicts["BET-01"].value == Decimal(3)
    assert {code: entry.value for code, entry in stored(review).items()} == {
        "BET-01": Decimal(3),
        "BET-02": Decimal(2),
    }


def test_a_form_that_saw_a_rating_conflicts_where_there_is_none(handed_in, review, budi):
    result = rate(handed_in, budi, BET_01=RatingInput(value=Decimal(1), revision=4))
    assert result.conflicts["BET-01"].revision == 0


@pytest.mark.parametrize(
    ("code", "given", "error"),
    [
        ("GAM-01", THREE, errors.UnknownIndicator),
        ("BET-01", RatingInput(value=Decimal(5)), errors.ValueOutsideScale),
        ("BET-01", RatingInput(not_applicable=True), errors.NotApplicableRefused),
        ("BET-02", RatingInput(value=Decimal(1), not_applicable=True), errors.ValueOutsideScale),
        ("BET-01", RatingInput(note="a" * (NOTE_LENGTH + 1)), errors.AnswerTooLong),
    ],
)
def test_a_rating_that_does_not_fit_is_refused_with_its_place(
    code, given, error, handed_in, review, budi
):
    with pytest.raises(error) as refused:
        save_ratings(assessment=handed_in, ratings={"ALF-01": THREE, code: given}, by=budi)
    assert refused.value.code == code
    assert not Rating.objects.exists()


def test_levels_need_a_review_that_was_begun(handed_in, budi):
    with pytest.raises(errors.ReviewNotStarted):
        rate(handed_in, budi, BET_01=THREE)


def test_ratings_of_a_completed_review_are_frozen_in_the_database(handed_in, rated, budi):
    verify(assessment=handed_in, by=budi)

    with pytest.raises(errors.NothingToReview):
        rate(handed_in, budi, BET_01=THREE)
    for act in (lambda: Rating.objects.update(value=1), lambda: Rating.objects.all().delete()):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            act()


# --- Agreeing with the rest


def test_agreeing_copies_the_persons_choice_where_nothing_was_given(handed_in, review, budi):
    rate(handed_in, budi, BET_01=RatingInput(value=Decimal(1), note="Dua laporan terlambat"))
    agree_with_rest(assessment=handed_in, by=budi)

    assert {code: (e.value, e.not_applicable, e.note) for code, e in stored(review).items()} == {
        "ALF-01": (Decimal(4), False, ""),
        "ALF-02": (None, True, ""),
        "BET-01": (Decimal(1), False, "Dua laporan terlambat"),
        "BET-02": (Decimal(2), False, ""),
    }
    agreed = Event.objects.get(verb="review.agreed").data["indicators"]
    assert agreed == ["ALF-01", "ALF-02", "BET-02"]


def test_agreeing_in_one_pillar_saves_what_was_typed_first(handed_in, review, budi):
    result = agree_with_rest(
        assessment=handed_in,
        by=budi,
        pillar_code="BETA",
        ratings={"BET-01": RatingInput(value=Decimal(4)), "BET-02": RatingInput(note="Baik")},
    )

    assert set(result.saved) == {"BET-01", "BET-02"}
    assert {code: (entry.value, entry.note) for code, entry in stored(review).items()} == {
        "BET-01": (Decimal(4), ""),
        "BET-02": (Decimal(2), "Baik"),
    }


def test_what_the_person_left_out_stays_without_a_level(assessment, ani, budi):
    submit(assessment=assessment, by=ani, require_complete=False)
    open_review(assessment=assessment, by=budi)
    assert agree_with_rest(assessment=assessment, by=budi).saved == {}


# --- After a return


def test_earlier_levels_stand_again_where_nothing_changed(handed_in, review, ani, budi):
    rate(
        handed_in,
        budi,
        ALF_01=RatingInput(value=Decimal(3), note="SK lama"),
        BET_01=RatingInput(value=Decimal(2)),
        BET_02=RatingInput(value=Decimal(1), note="Sertakan contoh", to_redo=True),
    )
    return_assessment(assessment=handed_in, by=budi)
    assert return_notes(handed_in) == {"BET-02": "Sertakan contoh"}
    save_answers(
        assessment=handed_in,
        answers={"BET-01": AnswerInput(value=Decimal(4), evidence=("Laporan",))},
        by=ani,
    )
    submit(assessment=handed_in, by=ani)

    again = open_review(assessment=handed_in, by=budi)

    assert {
        code: (rating.value, rating.note)
        for code, rating in ratings_of(again, questionnaire_of(handed_in)).items()
    } == {"ALF-01": (Decimal(3), "SK lama")}


def test_another_supervisor_begins_with_nothing(handed_in, review, ani, budi, citra):
    rate(handed_in, budi, ALF_01=THREE, BET_01=RatingInput(note="Mohon dicek", to_redo=True))
    return_assessment(assessment=handed_in, by=budi)
    submit(assessment=handed_in, by=ani)
    Assessment.objects.filter(pk=handed_in.pk).update(named_reviewer=citra)

    again = open_review(assessment=handed_in, by=citra)
    assert not Rating.objects.filter(review=again).exists()


def test_nothing_was_returned_before_the_first_return(handed_in, review):
    assert return_notes(handed_in) == {}


# --- Side by side


def test_before_handing_in_there_is_no_review_and_no_answer(assessment):
    assert review_of(assessment) is None
    sheet = sheet_of(assessment, None)
    assert (sheet.rated, sheet.unrated, sheet.different) == (0, 4, ())


def test_the_sheet_says_what_differs_and_what_is_missing(handed_in, review, budi):
    rate(
        handed_in,
        budi,
        ALF_01=RatingInput(value=Decimal(2)),
        ALF_02=RatingInput(value=Decimal(2)),
        BET_02=RatingInput(value=Decimal(3), to_redo=True),
    )
    sheet = sheet_of(handed_in, review)

    assert (sheet.rated, sheet.total) == (3, 4)
    assert [(each.code, each.difference) for each in sheet.different] == [
        ("ALF-01", Decimal(-2)),
        ("ALF-02", None),
        ("BET-02", Decimal(1)),
    ]
    assert [(gap.code, gap.kind) for gap in sheet.gaps] == [
        ("ALF-01", RatingGapKind.REASON),
        ("ALF-02", RatingGapKind.REASON),
        ("BET-01", RatingGapKind.RATING),
        ("BET-02", RatingGapKind.MARKED),
    ]
    beta = sheet.pillar("BETA")
    assert (beta.rated, beta.total, beta.marked) == (1, 2, 1)
    assert beta.comparisons[1].own_level.label == "Sesuai tata kerja"
    assert beta.comparisons[1].rated_level.label == "Mandiri"
    assert sheet.pillar("GAMMA") is None


# --- At the same moment


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_beginning_one_wins_and_the_other_is_told(handed_in, ani, budi):
    def attempt(act, by):
        try:
            act(assessment=handed_in, by=by)
        except errors.Refused as refusal:
            return type(refusal)
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(2) as pool:
        began = pool.submit(attempt, open_review, budi)
        taken_back = pool.submit(attempt, withdraw, ani)
    handed_in.refresh_from_db()
    outcome = (began.result(), taken_back.result(), handed_in.status, Review.objects.count())
    assert outcome in [
        (None, errors.ReviewStarted, Status.SUBMITTED, 1),
        (errors.NothingToReview, None, Status.DRAFT, 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_on_begin_give_one_review(handed_in, budi):
    def once(_):
        try:
            return open_review(assessment=handed_in, by=budi).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(once, range(10))) == {Review.objects.get().pk}
