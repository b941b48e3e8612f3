"""Data saya: everything that is held about oneself, for oneself alone, readable and as a file."""

import io
import json
import re
import time
import zipfile
from decimal import Decimal

import pghistory.models
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from accounts.enums import LetterKind, LinkPurpose, Role
from accounts.models import FormerNip, Letter, PasswordLink, RoleGrant, User
from accounts.operations import note_reading, set_up_second_factor
from assessments.enums import ScanState
from assessments.files import vault
from assessments.models import Assessment, Evidence, Reopening, Review, ScoringJob, Tombstone
from assessments.operations import (
    AnswerInput,
    agree_with_rest,
    open_review,
    place_hold,
    report_supervisor,
    save_answers,
    score_jobs,
    submit,
    verify,
)
from assessments.operations.evidence import add_evidence
from audit.models import Event
from audit.operations import record
from organization.enums import CorrectionItem
from organization.models import HrMandate, Unit
from organization.operations import ask_for_correction
from prima_portal.personal_data import ABOUT, FORMAT, LABELS, json_chunks, personal_data_of
from prima_portal.personal_data.reading import SHOWN
from tests.assessments import papers
from tests.factories import LONG_AGO
from tests.pages import text_of
from tests.prima_portal.held import HELD, LEFT_OUT, NAMES_OF_PEOPLE

PAGE = "/akun/data/"
FILE = "/akun/data/berkas/"


@pytest.fixture
def handed_in(assessment, ani, budi):
    """Ani's assessment, handed in, scored and being reviewed."""
    answers = {
        code: AnswerInput(value=Decimal(3), note="Catatan Ani")
        for code in ("ALF-01", "ALF-02", "BET-01", "BET-02")
    }
    save_answers(assessment=assessment, answers=answers, by=ani)
    report_supervisor(assessment=assessment, message="Atasan saya lain.", by=ani)
    submit(assessment=assessment, by=ani, require_complete=False, urgent=False)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    assessment.refresh_from_db()
    open_review(assessment=assessment, by=budi)
    FormerNip.objects.create(user=ani, nip="198609262015051999")
    return assessment


def archive_of(client, user):
    client.force_login(user)
    response = client.post(FILE)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="data-saya.zip"'
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert archive.testzip() is None
    return archive


def file_of(client, user):
    return json.loads(archive_of(client, user).read("data-saya.json"))


def document_of(user):
    return json.loads("".join(json_chunks(personal_data_of(user))))


def test_the_file_holds_account_posts_answers_receipt_score_and_report(client, handed_in, ani):
    data = file_of(client, ani)
    assert data["format"] == FORMAT
    assert data["account"]["nip"] == ani.nip
    assert [each["nip"] for each in data["former_nips"]] == ["198609262015051999"]
    assert [each["unit"] for each in data["postings"]] == ["Bidang Pelayanan"]
    (assessment,) = data["assessments"]
    (submission,) = assessment["submissions"]
    assert submission["receipt"] == handed_in.submission.number
    assert submission["answers"]["ALF-01"] == {"note": "Catatan Ani", "value": "3"}
    assert [each["kind"] for each in submission["scores"]] == ["SELF"]
    assert submission["scores"][0]["instrument"] == "TOY 1"
    assert submission["scores"][0]["trace"] == {"total": "75", "ALFA": "75", "BETA": "75"}
    assert [each["message"] for each in assessment["supervisor_reports"]] == ["Atasan saya lain."]


def test_levels_of_an_open_review_are_not_in_it(client, handed_in, ani):
    review = file_of(client, ani)["assessments"][0]["submissions"][0]["review"]
    assert sorted(review) == [
        *("completed_at", "opened_at", "reviewer", "status", "status_label"),
    ]


def test_acts_of_oneself_and_of_others_stand_apart(client, handed_in, ani):
    data = file_of(client, ani)
    assert "assessment.submitted" in [each["verb"] for each in data["acts"]]
    assert "review.opened" in [each["verb"] for each in data["acts_of_others"]]


def test_taking_the_file_is_recorded_and_reading_the_page_is_not(client, ani):
    client.force_login(ani)
    client.get(PAGE)
    assert not Event.objects.filter(verb="personal_data.exported").exists()
    client.post(FILE).getvalue()
    event = Event.objects.get(verb="personal_data.exported")
    assert (event.actor_id, event.subject_type, event.subject_id) == (
        ani.pk,
        "accounts.User",
        str(ani.pk),
    )


def test_it_is_about_oneself_alone(client, handed_in, budi):
    client.force_login(budi)
    page, file = client.get(PAGE).content.decode(), json.dumps(file_of(client, budi))
    assert "Catatan Ani" not in page + file
    assert file_of(client, budi)["reviews_written"][0]["receipt"] == handed_in.submission.number


def test_the_page_reads_in_indonesian(client, handed_in, ani):
    client.force_login(ani)
    text = text_of(client.get(PAGE))
    assert f"Nomor tanda terima {handed_in.submission.number}" in text
    assert "Catatan Catatan Ani" in text


def test_the_page_says_codes_in_words_and_names_what_opens(client, handed_in, ani):
    client.force_login(ani)
    page = client.get(PAGE)
    text = text_of(page)
    assert "Status Diajukan (SUBMITTED)" in text
    assert "Jenis Definitif" in text
    assert f"1: {handed_in.cycle.name}" in re.findall(r"<summary>([^<]+)</summary>", page.text)
    assert file_of(client, ani)["assessments"][0]["status"] == "SUBMITTED"


def test_whoever_was_never_asked_reads_that_there_is_nothing(client, dewi):
    client.force_login(dewi)
    text = text_of(client.get(PAGE))
    assert "Anda belum pernah diundang mengisi penilaian." in text
    assert "Belum ada yang tercatat membaca data Anda." in text


def test_the_number_of_queries_does_not_grow_with_the_past(handed_in, ani, budi):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            document_of(User.objects.get(pk=ani.pk))
        return len(asked)

    before = queries()
    answers = {"ALF-01": AnswerInput(value=Decimal(2))}
    other = Assessment.objects.get(person=budi, cycle=handed_in.cycle)
    save_answers(assessment=other, answers=answers, by=budi)
    FormerNip.objects.create(user=ani, nip="198609262015051998")
    assert queries() == before


# --- Everything


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def everything(handed_in, ani, budi, dewi, eko, settings, tmp_path):
    """Ani with something of every kind that is held about people."""
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    cycle, root = handed_in.cycle, Unit.objects.get(parent=None)
    theirs = Assessment.objects.get(person=budi, cycle=cycle)
    save_answers(assessment=theirs, answers={"ALF-01": AnswerInput(value=Decimal(2))}, by=budi)
    submit(assessment=theirs, by=budi, require_complete=False, urgent=False)
    theirs.refresh_from_db()
    Review.objects.create(submission=theirs.submission, reviewer=ani)
    agree_with_rest(assessment=handed_in, by=budi)
    verify(assessment=handed_in, note="Baik", by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    Reopening.objects.create(
        assessment=handed_in,
        submission=handed_in.submission,
        reason="Salah pilih",
        until=cycle.closes_at,
        proposed_by=eko,
    )
    Unit.objects.filter(pk=root.pk).update(head_nip=ani.nip)
    RoleGrant.objects.create(user=ani, role=Role.AUDITOR, valid=DateRange(LONG_AGO, None))
    HrMandate.objects.create(user=ani, unit=root, valid=DateRange(LONG_AGO, None))
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 - 1))
    set_up_second_factor(user=ani, secret=SECRET, code=code, session_key=None)
    Letter.objects.create(kind=LetterKind.RESET, addressee=ani.nip)
    Letter.objects.create(kind=LetterKind.RESET, addressee=budi.nip)
    PasswordLink.objects.create(
        user=ani, purpose=LinkPurpose.RESET, digest="d", state="s", expires_at=cycle.closes_at
    )
    ask_for_correction(item=CorrectionItem.RANK, requested="IV/a", reference="SK 1", by=ani)
    place_hold(reason="Keberatan rahasia", person=ani, by=None)
    Tombstone.objects.create(
        assessment_id=9, kind="ASSESSMENTS", person=ani, cycle=cycle, destruction_id=1
    )
    note_reading(by=eko, people=[ani.pk, dewi.pk], where="audit:events")
    note_reading(by=ani, people=[budi.pk, dewi.pk], where="organization:invitations")
    return handed_in


@pytest.fixture
def with_files(client, assessment, ani, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "bukti"
    names = ("SK 800 «akhir».pdf", "SK 800 «akhir».pdf", "CON.pdf")
    return [
        add_evidence(
            assessment=assessment,
            code="ALF-01",
            content=papers.pdf(name.encode()),
            name=name,
            by=ani,
        )
        for name in names
    ]


def test_the_archive_holds_the_files_byte_by_byte(client, with_files, ani):
    archive = archive_of(client, ani)
    document = json.loads(archive.read("data-saya.json"))
    (assessment,) = document["assessments"]
    for file, told in zip(with_files, assessment["evidence_files"], strict=True):
        with vault.opened(file.key) as kept:
            assert archive.read(told["path"]) == kept.read()
    assert len(set(archive.namelist())) == 5
    assert archive.namelist()[:2] == ["BACA-SAYA.txt", "data-saya.json"]
    for name in archive.namelist()[2:]:
        folder, _cycle, indicator, leaf = name.split("/")
        assert (folder, indicator, leaf[0].isdigit()) == ("bukti", "alf-01", True)
        assert not {*leaf} & {*' :*?"<>|\\'}


def test_a_file_without_bytes_is_told_and_not_there(client, with_files, ani):
    infected, lost, kept = with_files
    Evidence.objects.filter(pk=infected.pk).update(scan_state=ScanState.INFECTED)
    vault.discard(lost.key)
    archive = archive_of(client, ani)
    (assessment,) = json.loads(archive.read("data-saya.json"))["assessments"]
    paths = [each["path"] for each in assessment["evidence_files"]]
    assert paths[:2] == ["", ""]
    assert archive.namelist()[2:] == [paths[2]]
    assert assessment["evidence_files"][0]["scan_state_label"] == "Terinfeksi"
    assert kept.name == "CON.pdf"


def test_files_of_others_are_not_in_it(client, with_files, budi):
    assert archive_of(client, budi).namelist() == ["BACA-SAYA.txt", "data-saya.json"]


def test_sessions_second_factor_and_letters_are_told_without_a_secret(client, everything, ani):
    browser = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    client.force_login(ani)
    key = client.session.session_key
    UserSession.objects.create(
        user=ani, session_key=key, ip="10.1.2.3", user_agent=browser["HTTP_USER_AGENT"]
    )
    AccessAttempt.objects.create(username=ani.nip, failures_since_start=2, user_agent="Lain/1")
    archive = zipfile.ZipFile(io.BytesIO(client.post(FILE, **browser).getvalue()))
    text = archive.read("data-saya.json").decode()
    data = json.loads(text)
    (session,) = data["sessions"]
    assert (session["program"], session["system"], session["ip"]) == (
        "Firefox",
        "Linux",
        "10.1.2.3",
    )
    assert data["second_factor"]["is_on"] is True
    assert data["second_factor"]["recovery_codes_left"] == 10
    assert [each["kind_label"] for each in data["letters"]] == [
        "Verifikasi dua langkah berubah",
        "Lupa kata sandi",
    ]
    assert [each["times"] for each in data["failed_sign_ins"]] == [2]
    for secret in (key, SECRET, ani.password, "Keberatan rahasia"):
        assert secret not in text


def test_readings_say_when_where_and_which_office(client, everything, ani, eko):
    data = file_of(client, ani)
    (reading,) = data["readings"]
    assert (reading["who"], reading["where"], reading["where_label"]) == (
        "Auditor",
        "audit:events",
        "Pencarian jejak audit",
    )
    assert eko.name not in json.dumps(data["readings"])


def test_of_people_whom_one_read_the_file_has_the_number(client, everything, ani):
    (act,) = [each for each in file_of(client, ani)["acts"] if each["verb"] == "person.read"]
    assert act["data"] == {"people": 2, "where": "organization:invitations"}


def test_words_stand_beside_codes(client, everything, ani):
    User.objects.filter(pk=ani.pk).update(rank="III/d", time_zone="Asia/Makassar")
    data = file_of(client, ani)
    assert (data["account"]["rank"], data["account"]["rank_label"]) == (
        "III/d",
        "Penata Tingkat I",
    )
    (assessment,) = data["assessments"]
    (submission,) = assessment["submissions"]
    assert (assessment["status"], assessment["status_label"]) == ("VERIFIED", "Diverifikasi")
    assert submission["answers_in_words"][0]["value_label"] == "Mandiri: Perilaku tingkat 3."
    text = text_of(client.get(PAGE))
    assert "Golongan Penata Tingkat I (III/d)" in text
    assert "Status Diverifikasi (VERIFIED)" in text
    assert "Zona waktu WITA" in text


def test_the_page_shows_the_latest_of_many_and_says_how_many_more(client, ani):
    for number in range(SHOWN + 7):
        record(f"uji.ke{number}", by=ani, subject=ani)
    client.force_login(ani)
    text = text_of(client.get(PAGE))
    assert "Yang terbaru di atas; 7 lainnya ada di berkas ZIP." in text
    assert "uji.ke36" in text
    assert "uji.ke6 " not in text
    acts = [each["verb"] for each in file_of(client, ani)["acts"]]
    assert [verb for verb in acts if verb.startswith("uji.")] == [
        f"uji.ke{number}" for number in range(SHOWN + 7)
    ]


# --- Nothing is forgotten


def keys_of(value):
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from keys_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each)


def test_every_key_has_words(everything, ani):
    shown = document_of(ani)
    for submission in shown["assessments"][0]["submissions"]:
        submission.pop("answers")
        submission["review"].pop("ratings")
        for score in submission["scores"]:
            score.pop("trace")
    for each in (*shown["acts"], *shown["letters"]):
        each.pop("data", None)
        each.pop("about", None)
    keys = {key for key in keys_of(shown) if not key.endswith("_label")}
    assert keys - set(LABELS) == {"format", "made_at", "request_id"}
    assert set(personal_data_of(ani)) == set(ABOUT)


def leads_to_people():
    """Labels of every model with a foreign key to a person, near or far, or a column that names one."""
    # Row history repeats what its model held before; the export shows what is held.
    models = [each for each in apps.get_models() if not issubclass(each, pghistory.models.Event)]
    found, before = {User}, 0
    while len(found) > before:
        before = len(found)
        found |= {
            model
            for model in models
            if any(
                field.concrete and field.is_relation and field.related_model in found
                for field in model._meta.get_fields()
                if not field.auto_created
            )
        }
    found |= {
        model
        for model in models
        if any(field.name in NAMES_OF_PEOPLE for field in model._meta.concrete_fields)
    }
    return {model._meta.label for model in found}


def test_every_model_that_leads_to_a_person_is_exported_or_left_out_for_a_reason():
    """Remedy: export it and say where in HELD of `held.py`, or put it into LEFT_OUT with the reason."""
    assert sorted(leads_to_people()) == sorted(HELD.keys() | LEFT_OUT.keys())
    assert HELD.keys() & LEFT_OUT.keys() == set()


@pytest.mark.parametrize("label", HELD)
def test_every_column_is_exported_or_left_out_for_a_reason(label):
    """Remedy: add the column to the app's `personal_data_of` and to HELD, or say why not."""
    columns = {field.name for field in apps.get_model(label)._meta.concrete_fields}
    assert sorted(columns) == sorted(HELD[label])


def has(value, path):
    """Whether some part of the export has the key."""
    if not path:
        return True
    if isinstance(value, list):
        return any(has(each, path) for each in value)
    return isinstance(value, dict) and path[0] in value and has(value[path[0]], path[1:])


def test_what_is_said_to_be_exported_is(client, everything, ani):
    client.force_login(ani)
    UserSession.objects.create(
        user=ani, session_key=client.session.session_key, ip="10.1.2.3", user_agent="Lain/1"
    )
    AccessAttempt.objects.create(username=ani.nip, failures_since_start=2, user_agent="Lain/1")
    data = document_of(ani)
    paths = {path for columns in HELD.values() for path in columns.values() if path[0] != "-"}
    missing = sorted(path for path in paths if not has(data, path.split(".")))
    # Both are there while an assessment is filled in: `test_the_archive_holds_the_files_byte_by_byte`.
    assert {path.rpartition(".")[0] for path in missing} <= {
        "assessments.working_answers",
        "assessments.evidence_files",
    }


def test_drafts_and_files_have_all_their_keys(with_files, assessment, ani):
    answers = {"ALF-01": AnswerInput(value=Decimal(3), note="Catatan")}
    save_answers(assessment=assessment, answers=answers, by=ani)
    data = document_of(ani)
    for label in ("assessments.Answer", "assessments.Evidence"):
        for path in HELD[label].values():
            assert path[0] == "-" or has(data, path.split(".")), path
