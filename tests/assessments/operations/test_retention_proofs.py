"""What is left to prove a destruction, and that the record around it still fits."""

import hashlib
import json

import pgtrigger
import pytest
from django.db import connection

from assessments.operations import destroy_expired, place_hold
from assessments.operations import retention as module
from audit.models import DestroyedLine, Destruction, Event
from audit.operations import digest_history, seal
from audit.queries import Break, first_break
from tests.aging import let_pass
from tests.assessments.destroying import destroyed, history


def test_the_proof_says_what_by_which_rule_and_when_and_nothing_of_the_content(verified):
    let_pass(6)
    destroy_expired(by=None)
    proof = Destruction.objects.get(kind="ASSESSMENTS")
    assert (proof.cycle, proof.subjects, proof.months) == ("2026-S2", 2, 60)
    assert proof.rows == sum(number for _table, number in proof.tables)
    assert dict(proof.tables)["assessments_submission"] == 2
    assert len(proof.digest) == 64
    assert "Catatan Ani" not in json.dumps(
        list(Destruction.objects.values()) + list(Event.objects.values()), default=str
    )
    event = Event.objects.get(verb="data.destroyed", data__kind="ASSESSMENTS")
    assert (event.data["digest"], event.subject_id) == (proof.digest, str(proof.pk))


def test_the_digest_can_be_made_again_from_a_copy_of_the_rows(drafted):
    let_pass(2)
    digest = ""
    for table in ("assessments_answerhistory", "assessments_answer", "assessments_evidence"):
        key = "pgh_id" if table.endswith("history") else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(row)::text FROM {table} row ORDER BY {key}")  # noqa: S608
            rows = [hashlib.sha256(text.encode()).hexdigest() for (text,) in cursor.fetchall()]
        digest = hashlib.sha256((digest + "".join(rows)).encode()).hexdigest()
    destroy_expired(by=None)
    assert Destruction.objects.get(kind="DRAFTS").digest == digest


def test_the_chain_of_seals_still_holds(verified):
    seal()
    let_pass(6)
    destroy_expired(by=None)
    seal()
    assert first_break() is None


def test_what_went_lawfully_leaves_history_that_still_fits_its_digests(verified, ani):
    """Budi's lines stay, in the same ranges: his are under new digests, and guarded like before."""
    place_hold(reason="Keberatan", person=ani, by=None)
    let_pass(6)
    digest_history()
    seal()
    before = history("Assessment").count()
    assert destroyed()[0] == ("ASSESSMENTS", "2026-S2", 1)
    assert 0 < history("Assessment").count() < before
    assert (DestroyedLine.objects.count(), first_break()) == (0, None)
    renewed = Event.objects.filter(verb="history.digested", data__destroyed__gt=0)
    assert {
        event.data["rows"] for event in renewed.filter(subject_type="assessments.Assessment")
    } == {history("Assessment").count()}
    seal()
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_assessmenthistory SET status = 'FINAL'")
    broken = first_break()
    assert broken.sequence > 0
    assert broken.reason.startswith("riwayat assessments_assessmenthistory baris ")


def test_a_killed_run_leaves_what_the_next_one_needs_for_the_digests(verified, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    let_pass(6)
    digest_history()
    destroyed_by_then = []

    class Killed(BaseException):
        pass

    def die(made):
        destroyed_by_then.append(made)
        if len(destroyed_by_then) == 2:
            raise Killed

    with pytest.raises(Killed):
        destroy_expired(by=None, progress=die)
    assert DestroyedLine.objects.exists()
    assert first_break() is None
    destroy_expired(by=None)
    assert (DestroyedLine.objects.count(), first_break()) == (0, None)


def test_what_was_bent_before_a_lawful_destruction_is_still_found_after_it(verified, ani):
    place_hold(reason="Keberatan", person=ani, by=None)
    let_pass(6)
    digest_history()
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_assessmenthistory SET status = 'FINAL' WHERE pgh_obj_id = %s",
            [verified.pk],
        )
    destroy_expired(by=None)
    assert first_break().reason.endswith("isi berubah")


@pytest.mark.parametrize(
    "bent",
    [
        "DELETE FROM audit_destruction",
        "UPDATE audit_destruction SET rows = 1",
        "UPDATE audit_destruction SET subjects = 0",
        "UPDATE audit_destruction SET months = 12",
        "UPDATE audit_destruction SET kept_since = kept_since + interval '1 day'",
        "UPDATE audit_destruction SET at = at - interval '1 day'",
        "UPDATE audit_destruction SET actor_name = 'Orang Lain'",
        "UPDATE audit_destruction SET database_role = 'lain'",
        """UPDATE audit_destruction SET tables = tables || '[["assessments_scorehistory", 9]]'""",
    ],
)
def test_a_proof_that_was_bent_is_found(verified, bent):
    let_pass(6)
    destroy_expired(by=None)
    seal()
    number = Destruction.objects.get(kind="ASSESSMENTS").pk
    with pgtrigger.ignore("audit.Destruction:immutable"), connection.cursor() as cursor:
        cursor.execute(f"{bent} WHERE id = %s", [number])
    reason = f"bukti pemusnahan {number} berbeda dari peristiwanya"
    assert first_break() == Break(0, reason)


def test_an_event_from_before_proofs_had_a_digest_still_fits(verified):
    let_pass(6)
    destroy_expired(by=None)
    with pgtrigger.ignore("audit.Event:immutable"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET data = data - 'proof' WHERE verb = 'data.destroyed'")
    seal()
    assert first_break() is None
