"""A portal that was lived in, a key, and a place to restore to."""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from pyrage import x25519

from assessments.models import ScoringJob
from assessments.operations import AnswerInput, save_answers, score_jobs, submit
from assessments.operations.evidence import add_evidence
from audit.operations import seal
from dashboards.operations import refresh
from tests.assessments import papers
from tests.databases import drop


@pytest.fixture
def key(settings, tmp_path) -> Path:
    """The file of a secret key, as age-keygen writes it; its public half is the portal's."""
    identity = x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    path = tmp_path / "kunci.txt"
    path.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return path


@pytest.fixture
def evidence(settings, tmp_path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    settings.EVIDENCE_DIR.mkdir()
    return settings.EVIDENCE_DIR


@pytest.fixture
def lived_in(assessment, ani, evidence, client) -> SimpleNamespace:
    """Evidence, a submission, scores, released figures, row history, seals, a session."""
    client.force_login(ani)
    add_evidence(assessment=assessment, code="ALF-01", content=papers.pdf(), name="sk.pdf", by=ani)
    answers = {"ALF-01": AnswerInput(value=Decimal(3)), "BET-01": AnswerInput(value=Decimal(2))}
    save_answers(assessment=assessment, answers=answers, by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    refresh(cycle=assessment.cycle)
    seal()
    return SimpleNamespace(cycle=assessment.cycle, evidence=evidence)


@pytest.fixture
def empty_database(transactional_db):
    """Another database on the same server; its address."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    where = connection.settings_dict
    yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(**where, name=name)
    with connection.cursor() as cursor:
        drop(cursor, name)
