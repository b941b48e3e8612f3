"""Files of the draft, of submissions, and on disk."""

import hashlib
import os
import socketserver
import struct
import threading
import time
from decimal import Decimal

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from assessments.enums import ScanState, Status
from assessments.errors import NotEditable, UnknownIndicator
from assessments.files import vault
from assessments.files.evidence import EvidenceRefused, Problem
from assessments.models import Evidence
from assessments.operations import (
    AnswerInput,
    hash_of,
    open_review,
    return_assessment,
    save_answers,
    save_ratings,
    submit,
    withdraw,
)
from assessments.operations import evidence as operations
from assessments.operations.evidence import (
    add_evidence,
    remove_evidence,
    scan_waiting,
    sweep_evidence,
)
from assessments.operations.reviewing import RatingInput
from assessments.queries import GapKind, gaps
from audit.models import Event
from tests.assessments import papers

CODE = "ALF-01"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    return settings.EVIDENCE_DIR


@pytest.fixture
def add(assessment, ani):
    def _add(content=None, name="sk.pdf", code=CODE, **more):
        content = papers.pdf() if content is None else content
        return add_evidence(assessment=assessment, code=code, content=content, name=name, by=ani)

    return _add


@pytest.fixture
def answered(assessment, ani):
    """Everything but the evidence that the highest level asks for."""
    answers = {code: AnswerInput(value=Decimal(3)) for code in ("ALF-02", "BET-01", "BET-02")}
    answers[CODE] = AnswerInput(value=Decimal(4))
    save_answers(assessment=assessment, answers=answers, by=ani)
    return assessment


def on_disk(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_a_random_key_and_its_row_says_what_it_is(add, folder, assessment, ani):
    file = add(name="SK 800.pdf")
    assert on_disk(folder) == [file.key]
    assert (folder / file.key[:2] / file.key[2:4] / file.key).read_bytes() == papers.pdf()
    assert (file.name, file.media_type, file.size) == (
        "SK 800.pdf",
        "application/pdf",
        len(papers.pdf()),
    )
    assert file.sha256 == hashlib.sha256(papers.pdf()).hexdigest()
    assert (file.assessment_id, file.uploaded_by, file.scan_state) == (
        assessment.pk,
        ani,
        ScanState.UNSCANNED,
    )
    assert Event.objects.filter(verb="evidence.added", actor_id=ani.pk).count() == 1
    assessment.refresh_from_db()
    assert assessment.status == Status.DRAFT


def test_a_refused_file_leaves_neither_row_nor_bytes(add, folder):
    with pytest.raises(EvidenceRefused):
        add(b"<script>")
    with pytest.raises(UnknownIndicator):
        add(code="XXX-01")
    assert (on_disk(folder), Evidence.objects.count()) == ([], 0)


def test_the_eleventh_file_is_refused_and_nothing_is_kept(add, folder):
    for number in range(10):
        add(name=f"sk {number}.pdf")
    with pytest.raises(EvidenceRefused) as refused:
        add(name="sk 10.pdf")
    assert refused.value.problem == Problem.TOO_MANY
    assert (len(on_disk(folder)), Evidence.objects.count()) == (10, 10)
    assert add(name="sk 9.pdf").name == "sk 9.pdf"  # sent again after an answer that was lost
    add(code="BET-01")


def test_the_same_file_sent_twice_is_one(add, folder):
    once, other = add(), add(name="salinan.pdf")
    assert add() == once
    assert add(code="BET-01") != once
    assert add(papers.picture("PNG"), name="a.png") == add(papers.picture("PNG"), name="a.png")
    assert (len(on_disk(folder)), Evidence.objects.count()) == (4, 4)
    assert Event.objects.filter(verb="evidence.added").count() == 4
    assert other.sha256 == once.sha256


def test_a_file_that_was_taken_out_comes_back_when_it_is_sent_again(add, ani, folder):
    once = add()
    remove_evidence(evidence=once, by=ani)
    assert add().pk != once.pk
    assert Evidence.objects.count() == 1


def test_the_quota_counts_what_lies_on_disk(add, folder, monkeypatch):
    monkeypatch.setattr(operations, "QUOTA_BYTES", 2 * len(papers.pdf()))
    add()
    add(code="BET-01")
    with pytest.raises(EvidenceRefused) as refused:
        add(code="BET-02")
    assert refused.value.problem == Problem.QUOTA
    assert len(on_disk(folder)) == 2


def test_a_folder_that_cannot_be_written_is_told_and_changes_nothing(add, folder):
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("bukan folder")
    with pytest.raises(EvidenceRefused) as refused:
        add()
    assert (refused.value.problem, Evidence.objects.count()) == (Problem.FAILED, 0)


def test_a_file_is_evidence_as_good_as_a_reference(add, answered):
    assert [(gap.code, gap.kind) for gap in gaps(answered)] == [(CODE, GapKind.EVIDENCE)]
    add()
    assert gaps(answered) == []


def test_a_submission_names_its_files_and_its_hash_covers_them(add, answered, ani):
    file = add(name="sk.pdf")
    submission = submit(assessment=answered, by=ani)
    assert submission.answers[CODE]["files"] == [
        {"id": file.pk, "name": "sk.pdf", "sha256": file.sha256}
    ]
    assert submission.answers_hash == hash_of(submission.answers)
    other = dict(submission.answers)
    other[CODE] = {**other[CODE], "files": [{"id": file.pk, "name": "sk.pdf", "sha256": "0" * 64}]}
    assert hash_of(other) != submission.answers_hash
    file.refresh_from_db()
    assert file.submission == submission


def test_once_handed_in_files_are_neither_added_nor_removed(add, answered, ani, folder):
    file = add()
    submit(assessment=answered, by=ani)
    with pytest.raises(NotEditable):
        add()
    with pytest.raises(NotEditable):
        remove_evidence(evidence=file, by=ani)
    assert on_disk(folder) == [file.key]


def test_a_file_of_the_draft_alone_is_deleted(add, ani, folder, django_capture_on_commit_callbacks):
    file = add()
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence=file, by=ani)
        remove_evidence(evidence=file, by=ani)
    assert (on_disk(folder), Evidence.objects.count()) == ([], 0)
    assert Event.objects.filter(verb="evidence.removed").count() == 1


def test_a_file_that_a_submission_names_is_kept_and_leaves_only_the_draft(
    add, answered, ani, folder
):
    file = add()
    first = submit(assessment=answered, by=ani)
    withdraw(assessment=answered, by=ani)
    remove_evidence(evidence=file, by=ani)
    assert on_disk(folder) == [file.key]
    other = add(name="lain.pdf")
    second = submit(assessment=answered, by=ani)
    assert [each["id"] for each in first.answers[CODE]["files"]] == [file.pk]
    assert [each["id"] for each in second.answers[CODE]["files"]] == [other.pk]
    assert set(Evidence.objects.named()) == {other}


def test_after_a_withdrawal_or_a_return_the_files_are_still_there(add, answered, ani, budi):
    file = add()
    submit(assessment=answered, by=ani)
    withdraw(assessment=answered, by=ani)
    assert list(Evidence.objects.current()) == [file]
    submit(assessment=answered, by=ani)
    open_review(assessment=answered, by=budi)
    redo = {CODE: RatingInput(note="Mohon perjelas", to_redo=True)}
    save_ratings(assessment=answered, ratings=redo, by=budi)
    return_assessment(assessment=answered, by=budi)
    assert list(Evidence.objects.current()) == [file]
    submit(assessment=answered, by=ani)
    assert list(Evidence.objects.named()) == [file]


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"name": "lain.pdf"},
        {"key": "0" * 32},
        {"removed_at": "2026-11-24T00:00+07:00"},
        {"submission": None},
    ],
)
def test_the_database_keeps_what_was_handed_in(add, answered, ani, change):
    add()
    submit(assessment=answered, by=ani)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.update(**change)


def test_the_database_deletes_no_file_that_a_submission_names(add, answered, ani):
    add()
    submit(assessment=answered, by=ani)
    withdraw(assessment=answered, by=ani)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Evidence.objects.all().delete()


@pytest.mark.parametrize("batch", [1, 1_000])
def test_what_a_crash_left_on_disk_is_swept_after_a_day(add, folder, monkeypatch, batch):
    monkeypatch.setattr(operations, "SWEEP_BATCH", batch)
    file = add()
    orphan, young = vault.keep(b"yatim"), vault.keep(b"muda")
    long_ago = time.time() - 25 * 3600
    for key in (file.key, orphan):
        os.utime(folder / key[:2] / key[2:4] / key, (long_ago, long_ago))
    unfinished = folder / file.key[:2] / file.key[2:4] / ("0" * 32 + vault.UNFINISHED)
    unfinished.write_bytes(b"setengah")
    os.utime(unfinished, (long_ago, long_ago))
    assert len(sweep_evidence(dry_run=True)) == 2
    assert sorted(sweep_evidence()) == sorted([orphan, unfinished.name])
    assert on_disk(folder) == sorted([file.key, young])
    assert sweep_evidence() == []


@pytest.mark.django_db(transaction=True)
def test_a_line_to_the_database_that_breaks_leaves_the_file_to_the_sweep(add, folder):
    def break_at_the_record(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "audit_event"'):
            sql, params = "SELECT pg_terminate_backend(pg_backend_pid())", None
        return execute(sql, params, many, context)

    with (
        pytest.raises((OperationalError, InterfaceError)),
        connection.execute_wrapper(break_at_the_record),
    ):
        add()
    (left,) = on_disk(folder)
    assert not Evidence.objects.exists()
    os.utime(folder / left[:2] / left[2:4] / left, (0, 0))
    assert sweep_evidence() == [left]


def test_the_sweep_spares_a_file_that_comes_of_age_while_it_looks(add, folder):
    key, orphan = add().key, vault.keep(b"yatim")

    def age(name):
        long_ago = time.time() - 25 * 3600
        os.utime(folder / name[:2] / name[2:4] / name, (long_ago, long_ago))

    def come_of_age(execute, sql, params, many, context):
        age(key)
        return execute(sql, params, many, context)

    age(orphan)
    with connection.execute_wrapper(come_of_age):
        assert sweep_evidence() == [orphan]
    assert on_disk(folder) == [key]


def test_a_file_that_goes_while_the_sweep_looks_does_not_stop_it(folder):
    one_folder = folder / "ab" / "cd"
    one_folder.mkdir(parents=True)
    for key in ("abcd" + "0" * 28, "abcd" + "1" * 28):
        (one_folder / key).write_bytes(b"yatim")
        os.utime(one_folder / key, (0, 0))
    found = vault.older_than(1)
    first = next(found)
    for path in one_folder.iterdir():
        if path != first:
            path.unlink()
    assert list(found) == []


class Clamd(socketserver.ThreadingTCPServer):
    """Speaks INSTREAM as clamd does: whatever holds the test signature is infected."""

    allow_reuse_address = True
    signature = papers.EICAR

    class RequestHandlerClass(socketserver.StreamRequestHandler):
        def handle(self):
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", self.rfile.read(4))[0]:
                content += self.rfile.read(length)
            found = self.server.signature in content
            self.wfile.write(b"stream: Eicar FOUND\0" if found else b"stream: OK\0")

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.RequestHandlerClass)


@pytest.fixture
def clamd(settings):
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def test_the_scanner_lets_a_clean_file_in_and_keeps_an_infected_one_out(add, clamd, folder):
    assert add().scan_state == ScanState.CLEAN
    with pytest.raises(EvidenceRefused) as refused:
        add(papers.pdf(papers.EICAR))
    assert refused.value.problem == Problem.INFECTED
    assert (len(on_disk(folder)), Evidence.objects.count()) == (1, 1)


def test_while_the_scanner_is_away_files_wait_and_submitting_works(
    add, answered, ani, folder, settings, clamd, django_capture_on_commit_callbacks
):
    address, settings.CLAMAV_ADDRESS = settings.CLAMAV_ADDRESS, "127.0.0.1:1"
    good, bad = add(), add(papers.pdf(papers.EICAR), name="buruk.pdf")
    assert (good.scan_state, bad.scan_state) == (ScanState.WAITING, ScanState.WAITING)
    submit(assessment=answered, by=ani)
    assert scan_waiting() == 0

    settings.CLAMAV_ADDRESS = address
    with django_capture_on_commit_callbacks(execute=True):
        assert scan_waiting() == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.INFECTED)
    assert on_disk(folder) == [good.key]
    assert scan_waiting() == 0


def test_an_infected_file_that_was_thrown_away_takes_no_room(add, folder, monkeypatch):
    infected = add()
    Evidence.objects.filter(pk=infected.pk).update(scan_state=ScanState.INFECTED)
    monkeypatch.setattr(operations, "QUOTA_BYTES", len(papers.pdf()))
    add()
    assert Evidence.objects.current().count() == 1


def test_files_that_are_lost_never_keep_the_scanner_from_the_others(
    add, folder, settings, clamd, monkeypatch
):
    monkeypatch.setattr(operations, "SCAN_BATCH", 1)
    address, settings.CLAMAV_ADDRESS = settings.CLAMAV_ADDRESS, "127.0.0.1:1"
    lost = add()
    add(name="dua.pdf")
    add(name="tiga.pdf")
    vault.discard(lost.key)
    settings.CLAMAV_ADDRESS = address
    assert [scan_waiting(), scan_waiting(), scan_waiting()] == [1, 1, 0]
    states = Evidence.objects.order_by("pk").values_list("scan_state", flat=True)
    assert list(states) == [ScanState.WAITING, ScanState.CLEAN, ScanState.CLEAN]
