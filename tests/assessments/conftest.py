"""Ani's assessment on its way: handed in, under Budi's review, rated in full."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from assessments.models import Assessment, Review
from assessments.operations import (
    AnswerInput,
    RatingInput,
    open_review,
    save_answers,
    save_ratings,
    submit,
)

ANSWERS = {
    "ALF-01": AnswerInput(
        value=Decimal(4), evidence=("SK 800/12/2026", "https://contoh.invalid/a")
    ),
    "ALF-02": AnswerInput(not_applicable=True, reason="Tidak melayani warga"),
    "BET-01": AnswerInput(value=Decimal(3), note="Lihat laporan Mei"),
    "BET-02": AnswerInput(value=Decimal(2)),
}
# Agrees twice, disagrees by one level once, and once about what is relevant.
RATINGS = {
    "ALF-01": RatingInput(value=Decimal(4)),
    "ALF-02": RatingInput(value=Decimal(2), note="Ikut piket loket"),
    "BET-01": RatingInput(value=Decimal(3)),
    "BET-02": RatingInput(value=Decimal(3)),
}


@pytest.fixture
def handed_in(assessment: Assessment, ani: User) -> Assessment:
    """Handed in, nobody has begun to review."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    submit(assessment=assessment, by=ani)
    assessment.refresh_from_db()
    return assessment


@pytest.fixture
def review(handed_in: Assessment, budi: User) -> Review:
    """Budi began, without a level yet."""
    return open_review(assessment=handed_in, by=budi)


@pytest.fixture
def rated(handed_in: Assessment, review: Review, budi: User) -> Review:
    """Every indicator has Budi's level."""
    save_ratings(assessment=handed_in, ratings=RATINGS, by=budi)
    return review


@pytest.fixture
def as_budi(client: Client, budi: User) -> Client:
    """A browser in which Budi is signed in."""
    client.force_login(budi)
    return client
