"""Data saya: everything that is held about oneself, for oneself alone, readable and as a file."""

import io
import json
import re
import zipfile
from decimal import Decimal

import pghistory.models
import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import FormerNip, User
from assessments.models import Assessment
from assessments.operations import AnswerInput, agree_with_rest, place_hold, save_answers, verify
from audit.operations import record
from prima_portal.personal_data import ABOUT, FORMAT, LABELS, personal_data_of
from prima_portal.personal_data.reading import SHOWN
from tests.pages import text_of
from tests.prima_portal.archives import FILE, PAGE, SECRET, document_of, file_of
from tests.prima_portal.held import HELD, LEFT_OUT, NAMES_OF_PEOPLE


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


def test_of_a_review_that_is_open_it_is_not_told_what_the_reviewer_agrees_with(
    client, handed_in, ani, budi
):
    def acts():
        return [each["verb"] for each in file_of(client, ani)["acts_of_others"]]

    agree_with_rest(assessment=handed_in, by=budi)
    client.force_login(ani)
    page = text_of(client.get(PAGE))
    assert "review.agreed" not in acts()
    assert "Nilai atasan disamakan dengan jawaban" not in page
    assert "review.opened" in acts()
    verify(assessment=handed_in, note="", by=budi)
    assert "review.agreed" in acts()


def test_a_hold_of_a_whole_cycle_is_told_to_everybody_in_it(client, handed_in, ani, dewi):
    place_hold(reason="Perkara rahasia", cycle=handed_in.cycle, by=None)
    (hold,) = file_of(client, ani)["legal_holds"]
    assert (hold["cycle"], hold["lifted_at"]) == (handed_in.cycle.code, None)
    assert file_of(client, dewi)["legal_holds"] == []
    client.force_login(ani)
    page = text_of(client.get(PAGE))
    assert "Pemusnahan data Anda tidak ditangguhkan." not in page
    assert "Perkara rahasia" not in page


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
