"""Who reviews whom, on which day: posts, acting heads, former heads, heads of parents."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from assessments import errors
from assessments.models import Assessment, Rating
from assessments.operations import RatingInput, open_review, save_ratings
from assessments.permissions import owns, reviews
from assessments.queries import reviewable_by
from audit.models import Event
from organization.enums import PostingKind
from organization.models import Posting
from tests.factories import make_user, post

THREE = RatingInput(value=Decimal(3))


def rate(assessment, by, **ratings):
    return save_ratings(
        assessment=assessment,
        ratings={code.replace("_", "-"): given for code, given in ratings.items()},
        by=by,
    )


@pytest.fixture
def gita(units):
    """Heads the province."""
    user = make_user("Gita Maharani", serial=7)
    post(user, units.root, head=True)
    return user


@pytest.fixture
def hadi(units, budi):
    """Acts for Budi from 10 to 12 December 2026."""
    user = make_user("Hadi Wijaya", serial=8)
    post(user, units.citra)
    post(
        user,
        units.ani,
        head=True,
        kind=PostingKind.PLH,
        since=datetime.date(2026, 12, 10),
        until=datetime.date(2026, 12, 13),
    )
    return user


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("2026-12-09 23:59:59+07:00", "budi"),
        ("2026-12-10 00:00:00+07:00", "hadi"),
        ("2026-12-12 23:59:59+07:00", "hadi"),
        ("2026-12-13 00:00:00+07:00", "budi"),
    ],
)
def test_an_acting_head_reviews_exactly_within_the_dates(moment, who, handed_in, budi, hadi):
    people = {"budi": budi, "hadi": hadi}
    reviewer = people.pop(who)
    (other,) = people.values()
    with time_machine.travel(moment, tick=False):
        assert reviews(reviewer, handed_in)
        assert not reviews(other, handed_in)
        assert list(reviewable_by(reviewer)) == [handed_in]
        assert handed_in not in reviewable_by(other)
        with pytest.raises(errors.NotReviewer):
            open_review(assessment=handed_in, by=other)
        assert open_review(assessment=handed_in, by=reviewer).reviewer == reviewer


def test_who_supervises_now_takes_an_open_review_over(handed_in, budi, hadi):
    with time_machine.travel("2026-12-12 12:00+07:00", tick=False):
        open_review(assessment=handed_in, by=hadi)
        rate(handed_in, hadi, BET_01=THREE)
    with time_machine.travel("2026-12-13 08:00+07:00", tick=False):
        with pytest.raises(errors.NotReviewer):
            rate(handed_in, hadi, BET_01=RatingInput(value=Decimal(1)))
        with pytest.raises(errors.ReviewNotStarted):
            rate(handed_in, budi, BET_01=THREE)
        review = open_review(assessment=handed_in, by=budi)
        rate(handed_in, budi, BET_02=THREE)

    assert review.reviewer == budi
    codes = set(Rating.objects.values_list("indicator__code", flat=True))
    assert codes == {"BET-01", "BET-02"}
    assert Event.objects.get(verb="review.taken_over").data == {"before": hadi.pk}


def test_a_former_head_is_refused_from_the_day_after(handed_in, budi, units):
    Posting.objects.filter(user=budi).update(valid=("2020-01-01", "2026-12-31"))
    with time_machine.travel("2026-12-30 23:00+07:00", tick=False):
        assert reviews(budi, handed_in)
    with time_machine.travel("2026-12-31 00:00+07:00", tick=False):
        assert not reviews(budi, handed_in)


def test_the_parents_head_reviews_only_where_the_unit_has_none(handed_in, budi, gita):
    assert not reviews(gita, handed_in)
    Posting.objects.filter(user=budi).delete()
    assert reviews(gita, handed_in)


def test_a_head_is_reviewed_by_the_parents_head(cycle, budi, gita):
    own = Assessment.objects.get(person=budi)
    assert owns(budi, own)
    assert not reviews(budi, own)
    assert reviews(gita, own)


def test_a_head_may_belong_to_nobody(cycle, budi):
    assert reviews(budi, Assessment.objects.get(person=budi)) is False


def test_the_anonymous_own_and_review_nothing(handed_in):
    assert not owns(AnonymousUser(), handed_in)
    assert not reviews(AnonymousUser(), handed_in)
