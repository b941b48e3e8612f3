"""Data saya: everything that is held about oneself, for oneself alone, readable and as a file."""

import json
import re
from decimal import Decimal

import pghistory.models
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import FormerNip, User
from assessments.models import Assessment, ScoringJob
from assessments.operations import (
    AnswerInput,
    open_review,
    report_supervisor,
    save_answers,
    score_jobs,
    submit,
)
from audit.models import Event
from prima_portal.personal_data import FORMAT, LABELS, personal_data_of
from tests.architecture.source import PACKAGES
from tests.pages import text_of

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


def file_of(client, user):
    client.force_login(user)
    response = client.post(FILE)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="data-saya.json"'
    return json.loads(response.content)


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
    assert sorted(review) == ["completed_at", "opened_at", "reviewer", "status"]


def test_acts_of_oneself_and_of_others_stand_apart(client, handed_in, ani):
    data = file_of(client, ani)
    assert "assessment.submitted" in [each["verb"] for each in data["acts"]]
    assert "review.opened" in [each["verb"] for each in data["acts_of_others"]]


def test_taking_the_file_is_recorded_and_reading_the_page_is_not(client, ani):
    client.force_login(ani)
    client.get(PAGE)
    assert not Event.objects.filter(verb="personal_data.exported").exists()
    client.post(FILE)
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
    assert "Status Diajukan" in text
    assert "Jenis Definitif" in text
    assert "SUBMITTED" not in text
    assert f"1: {handed_in.cycle.code}" in re.findall(r"<summary>([^<]+)</summary>", page.text)
    assert file_of(client, ani)["assessments"][0]["status"] == "SUBMITTED"


def test_whoever_was_never_asked_reads_that_there_is_nothing(client, dewi):
    client.force_login(dewi)
    assert "Penilaian Tidak ada." in text_of(client.get(PAGE))


def test_the_number_of_queries_does_not_grow_with_the_past(handed_in, ani, budi):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            personal_data_of(User.objects.get(pk=ani.pk))
        return len(asked)

    before = queries()
    answers = {"ALF-01": AnswerInput(value=Decimal(2))}
    other = Assessment.objects.get(person=budi, cycle=handed_in.cycle)
    save_answers(assessment=other, answers=answers, by=budi)
    FormerNip.objects.create(user=ani, nip="198609262015051998")
    assert queries() == before


def keys_of(value):
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from keys_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each)


def test_every_key_has_words(handed_in, ani):
    codes = {"ALF-01", "ALF-02", "BET-01", "BET-02"}
    shown = personal_data_of(ani)
    for submission in shown["assessments"][0]["submissions"]:
        for score in submission["scores"]:
            score.pop("trace")
    for each in shown["acts"]:
        each.pop("data")
    assert set(keys_of(shown)) - set(LABELS) - codes == set()


# What leads to a person and is in the file.
EXPORTED = {
    "accounts.FormerNip.user",
    "accounts.RoleGrant.user",
    "assessments.Assessment.person",
    "assessments.Assessment.named_reviewer",
    "assessments.Evidence.uploaded_by",
    "assessments.LegalHold.person",
    "assessments.Review.reviewer",
    "assessments.SupervisorReport.shown_supervisor",
    "assessments.Tombstone.person",
    "organization.CorrectionRequest.person",
    "organization.HrMandate.user",
    "organization.Posting.user",
}

# What leads to a person and is not in their file, with the reason.
LEFT_OUT = {
    "accounts.RoleGrant.granted_by": "an act of office; the event of it is among one's acts",
    "assessments.Cycle.opened_by": "an act of office; the event of it is among one's acts",
    "pillars.Upload.uploaded_by": "an act of office; the event of what it made is among one's acts",
    "pillars.Instrument.created_by": "an act of office; the event of it is among one's acts",
    "pillars.Instrument.published_by": "an act of office; the event of it is among one's acts",
    "organization.CorrectionRequest.decided_by": "an act of office; the event is among one's acts",
    "assessments.Reopening.decided_by": "an act of office; the event is among one's acts",
    "assessments.Reopening.proposed_by": "an act of office; the event is among one's acts",
    "assessments.SupervisorReport.resolved_by": "an act of office; the event is among one's acts",
}


def test_every_path_to_a_person_is_exported_or_left_out_for_a_reason():
    """Remedy: add it to the app's `personal_data_of` and to EXPORTED, or to LEFT_OUT with the reason."""
    paths = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        # Row history repeats what its model held before; the export shows what is held.
        if model._meta.app_label in PACKAGES and not issubclass(model, pghistory.models.Event)
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model is User
    }
    assert sorted(paths) == sorted(EXPORTED | LEFT_OUT.keys())
