"""Ani's assessment before it is handed in: filled in, or begun with a file."""

from decimal import Decimal

import pytest

from assessments.operations import AnswerInput, save_answers
from assessments.operations.evidence import add_evidence
from tests.assessments import papers

ANSWERS = {
    "ALF-01": AnswerInput(value=Decimal(4), evidence=("SK 800/12/2026",)),
    "ALF-02": AnswerInput(not_applicable=True, reason="Tidak melayani warga"),
    "BET-01": AnswerInput(value=Decimal(3), note="Lihat laporan"),
    "BET-02": AnswerInput(value=Decimal(2)),
}


@pytest.fixture
def filled(assessment, ani):
    """Every answer that handing in asks for."""
    save_answers(assessment=assessment, answers=ANSWERS, by=ani)
    return assessment


@pytest.fixture
def drafted(assessment, ani):
    """One answer and one file that were never handed in."""
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=Decimal(3))}, by=ani)
    add_evidence(assessment=assessment, code="ALF-01", content=papers.pdf(), name="sk.pdf", by=ani)
    return assessment
