"""Whose assessments a person reviews: by posts on the date, or by name."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment
from assessments.operations import open_cycle
from assessments.queries import reviewable_by, reviewer_of
from organization.enums import PostingKind
from tests.factories import make_user, post


@pytest.fixture
def everybody(instrument, units, ani, budi, citra, fajar):
    """Ani and Budi in one bidang, Citra and (on the census date) Fajar in the other."""
    governor = make_user("Gubernur", serial=90, nip=None, username="gubernur")
    post(governor, units.root, head=True, kind=PostingKind.ADDITIONAL)
    cycle = open_cycle(
        code="C",
        name="C",
        instrument=instrument,
        opens_at=timezone.now(),
        closes_at=timezone.now() + datetime.timedelta(days=1),
        census_date=datetime.date(2026, 9, 1),
        by=None,
    )
    return {each.person: each for each in Assessment.objects.filter(cycle=cycle)}


def people(assessments):
    return {each.person for each in assessments}


def test_a_head_reviews_the_unit_and_the_head_above_reviews_heads(
    everybody, units, ani, budi, citra, fajar
):
    assert people(reviewable_by(budi)) == {ani}
    # Fajar moved since; the assessment stays where the census found him.
    assert people(reviewable_by(citra)) == {fajar}
    governor = units.root.positions.get(is_head=True).postings.get().user
    assert people(reviewable_by(governor)) == {budi, citra}
    assert people(reviewable_by(ani)) == set()


def test_lists_and_the_single_answer_agree(everybody):
    for assessment in everybody.values():
        reviewer = reviewer_of(assessment)
        for person in everybody:
            listed = reviewable_by(person).filter(pk=assessment.pk).exists()
            assert listed == (person == reviewer)


def test_an_acting_head_reviews_exactly_between_the_dates(everybody, units, ani, budi, citra):
    first, last = datetime.date(2026, 11, 2), datetime.date(2026, 11, 8)
    post(
        citra,
        units.ani,
        head=True,
        kind=PostingKind.PLH,
        since=first,
        until=last + datetime.timedelta(days=1),
    )

    day = datetime.timedelta(days=1)
    seen = {
        on: ani in people(reviewable_by(citra, on)) for on in (first - day, first, last, last + day)
    }
    assert list(seen.values()) == [False, True, True, False]
    assert ani not in people(reviewable_by(budi, first))


def test_whom_the_personnel_office_names_replaces_the_structure(everybody, ani, budi, citra):
    assessment = everybody[ani]
    Assessment.objects.filter(pk=assessment.pk).update(named_reviewer=citra)
    assessment.refresh_from_db()

    assert reviewer_of(assessment) == citra
    assert ani in people(reviewable_by(citra))
    assert people(reviewable_by(budi)) == set()


def test_nobody_can_be_named_for_themselves(everybody, ani):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(person=ani).update(named_reviewer=ani)


def test_one_query_lists_and_two_find_the_scope(everybody, budi, django_assert_num_queries):
    with django_assert_num_queries(3):
        list(reviewable_by(budi))
