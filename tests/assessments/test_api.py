"""One's own assessment and cycles, for other programs: the same facts and refusals as on the pages."""

import datetime
import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Cycle, Review, ScoringJob, Submission
from assessments.operations import (
    RatingInput,
    return_assessment,
    save_ratings,
    score_jobs,
    verify,
)
from tests.dashboards.worlds import make_cycle


@pytest.fixture
def ask(client: Client, ani: User):
    """Ani's program; a POST where something is sent."""
    client.force_login(ani)

    def send(name, *arguments, status=200, **sent):
        path = reverse(f"api:{name}", args=arguments)
        response = (
            client.post(path, json.dumps(sent), "application/json") if sent else client.get(path)
        )
        assert response.status_code == status, response.content
        return response.json()

    return send


def answer(ask, assessment, code, *, status=200, **sent):
    return ask("save_answer", assessment.pk, code, status=status, **{"revision": 0, **sent})


def fill(ask, assessment):
    answer(ask, assessment, "ALF-01", value="4", evidence=["SK 800/12/2026"])
    answer(ask, assessment, "ALF-02", not_applicable=True, reason="Tidak melayani warga")
    answer(ask, assessment, "BET-01", value="3", note="Lihat laporan Mei")
    answer(ask, assessment, "BET-02", value="2")


def test_list_says_where_each_assessment_stands(ask, assessment: Assessment) -> None:
    (line,) = ask("own_list")["items"]
    assert (line["id"], line["cycle"], line["unit"]) == (
        assessment.pk,
        "2026-S2",
        "Bidang Pelayanan",
    )
    assert (line["status"], line["phase"], line["may_fill"]) == ("INVITED", "OPEN", True)
    assert (line["answered"], line["total"], line["receipt"]) == (0, 4, None)


@pytest.mark.parametrize("cycles", [1, 3])
def test_list_costs_the_same_with_one_and_three(ask, assessment: Assessment, cycles: int) -> None:
    for number in range(1, cycles):
        make_cycle(assessment.cycle.instrument, code=f"lain-{number}")
    ask("own_list")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert ask("own_list")["count"] == cycles
    assert len(asked) == 4


def test_list_is_cut_as_asked(client: Client, ask, assessment: Assessment) -> None:
    later = make_cycle(assessment.cycle.instrument, code="lain", days_ago=0)
    part = client.get(reverse("api:own_list"), {"limit": 1, "offset": 1}).json()
    assert [each["cycle"] for each in part["items"]] == ["2026-S2"]
    assert part["count"] == 2
    assert ask("own_list")["items"][0]["cycle"] == later.code


def test_whole_assessment_shows_questions_answers_and_what_is_missing(
    ask, assessment: Assessment
) -> None:
    answer(ask, assessment, "ALF-01", value="4")
    whole = ask("own_assessment", assessment.pk)
    alfa, beta = whole["pillars"]
    first, second = alfa["indicators"]
    assert first["levels"][3] == {
        "value": "4",
        "label": "Menjadi rujukan",
        "descriptor": "Perilaku tingkat 4.",
        "asks_evidence": True,
    }
    assert first["answer"] == {
        "value": "4", "not_applicable": False, "reason": "", "note": "", "evidence": [], "revision": 1,
    }  # fmt: skip
    assert (first["lacks"], second["lacks"], second["answer"]) == ("evidence", "answer", None)
    assert [each["not_applicable"] for each in beta["indicators"]] == [False, True]
    assert (whole["status"], whole["answered"], whole["instrument"]) == ("DRAFT", 1, "TOY")


def test_answers_are_stored_as_by_the_page(ask, assessment: Assessment) -> None:
    fill(ask, assessment)
    stored = {each.indicator.code: each for each in assessment.answers.all()}
    assert stored["ALF-01"].value == Decimal(4)
    assert stored["ALF-01"].evidence == ["SK 800/12/2026"]
    assert (stored["ALF-02"].not_applicable, stored["ALF-02"].reason) == (
        True,
        "Tidak melayani warga",
    )
    assert stored["BET-01"].note == "Lihat laporan Mei"


def test_what_is_not_sent_stays(ask, assessment: Assessment) -> None:
    answer(ask, assessment, "BET-01", value="3", note="Catatan", evidence=["SK 1"])
    kept = answer(ask, assessment, "BET-01", value="2", revision=1)
    assert (kept["value"], kept["note"], kept["evidence"], kept["revision"]) == (
        "2",
        "Catatan",
        ["SK 1"],
        2,
    )
    kept = answer(ask, assessment, "BET-01", note="", revision=2)
    assert (kept["value"], kept["note"], kept["evidence"]) == ("2", "", ["SK 1"])


def test_an_older_revision_overwrites_nothing_and_is_shown_what_is_stored(
    ask, assessment: Assessment
) -> None:
    answer(ask, assessment, "BET-01", value="3", note="Yang pertama")
    problem = answer(ask, assessment, "BET-01", value="1", note="Yang lain", status=409)
    assert problem["type"] == "urn:prima:problem:answer-changed"
    assert problem["stored"] == {
        "value": "3",
        "not_applicable": False,
        "reason": "",
        "note": "Yang pertama",
        "evidence": [],
        "revision": 1,
    }
    assert assessment.answers.get().value == Decimal(3)


def test_a_request_sent_again_changes_nothing(ask, assessment: Assessment) -> None:
    sent = {"value": "3", "token": str(uuid4())}
    first = answer(ask, assessment, "BET-01", **sent)
    assert answer(ask, assessment, "BET-01", **sent) == first


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        ({"value": "5"}, ["#/value"]),
        ({"value": "3.0"}, ["#/value"]),
        ({"value": "３"}, ["#/value"]),
        ({"value": "NA"}, ["#/value"]),
        ({"value": ""}, ["#/value"]),
        ({"value": 3}, ["#/value"]),
        ({"value": "3", "not_applicable": 1}, ["#/not_applicable"]),
        ({"not_applicable": True}, ["#/value"]),
        ({"value": "3", "reason": "Alasan"}, ["#/reason"]),
        ({"value": "3", "note": "x" * 10_000}, ["#/note"]),
        ({"value": "3", "note": "a\x00b"}, ["#/note"]),
        ({"value": "3", "evidence": ["a\nb"]}, ["#/evidence/0"]),
        ({"value": "3", "evidence": ["x"] * 100}, ["#/evidence"]),
        ({"value": "3", "revision": -1}, ["#/revision"]),
        ({"value": "3", "revision": "0"}, ["#/revision"]),
        ({"value": "3", "revision": 2**31}, ["#/revision"]),
        ({"value": "3", "token": "bukan"}, ["#/token"]),
        ({"value": "3", "person": 7}, ["#/person"]),
        ({}, ["#/value"]),
    ],
)
def test_what_cannot_be_an_answer_is_named_and_not_stored(
    ask, assessment: Assessment, sent, pointers
) -> None:
    problem = answer(ask, assessment, "BET-01", status=422, **sent)
    assert [each["pointer"] for each in problem["errors"]] == pointers
    assert not assessment.answers.exists()


def test_not_relevant_and_a_level_at_once_are_refused(ask, assessment: Assessment) -> None:
    problem = answer(ask, assessment, "BET-02", status=422, value="3", not_applicable=True)
    assert [each["pointer"] for each in problem["errors"]] == ["#/value"]


def test_an_unknown_statement_is_not_there(ask, assessment: Assessment) -> None:
    answer(ask, assessment, "LAIN-01", value="3", status=404)


def test_handing_in_gives_a_receipt_and_the_same_again(ask, assessment: Assessment) -> None:
    fill(ask, assessment)
    receipt = ask("hand_in", assessment.pk, declared=True)
    submission = Submission.objects.get()
    assert receipt["number"] == submission.number
    assert receipt["answers_hash"] == submission.answers_hash
    assert ask("hand_in", assessment.pk, declared=True) == receipt
    whole = ask("own_assessment", assessment.pk)
    assert (whole["status"], whole["receipt"], whole["may_withdraw"]) == (
        "SUBMITTED",
        receipt,
        True,
    )
    assert whole["pillars"][1]["indicators"][0]["answer"]["value"] == "3"
    assert answer(ask, assessment, "BET-01", value="1", revision=1, status=409)["type"] == (
        "urn:prima:problem:not-editable"
    )


def test_what_is_incomplete_stays_a_draft_and_the_gaps_are_listed(
    ask, assessment: Assessment
) -> None:
    answer(ask, assessment, "ALF-01", value="4")
    problem = ask("hand_in", assessment.pk, declared=True, status=409)
    assert problem["type"] == "urn:prima:problem:incomplete"
    assert problem["gaps"] == [
        {"code": "ALF-01", "lacks": "evidence"},
        {"code": "ALF-02", "lacks": "answer"},
        {"code": "BET-01", "lacks": "answer"},
        {"code": "BET-02", "lacks": "answer"},
    ]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("declared", [False, 1, "true", None])
def test_handing_in_takes_the_declaration(ask, assessment: Assessment, declared) -> None:
    problem = ask("hand_in", assessment.pk, declared=declared, status=422)
    assert [each["pointer"] for each in problem["errors"]] == ["#/declared"]


def test_after_the_deadline_nothing_is_taken_and_the_draft_stays(
    ask, assessment: Assessment
) -> None:
    answer(ask, assessment, "BET-01", value="3")
    Cycle.objects.update(closes_at=timezone.now() - datetime.timedelta(hours=1))
    for problem in (
        answer(ask, assessment, "BET-01", value="1", revision=1, status=409),
        ask("hand_in", assessment.pk, declared=True, status=409),
    ):
        assert problem["type"] == "urn:prima:problem:deadline-passed"
        assert "tetap ada sebagai draf" in problem["detail"]
    assert assessment.answers.get().value == Decimal(3)


def test_what_came_back_shows_the_remarks(ask, rated: Review, handed_in, budi: User) -> None:
    save_ratings(
        assessment=handed_in,
        ratings={"BET-01": RatingInput(value=Decimal(1), note="Tambah bukti", to_redo=True)},
        by=budi,
    )
    return_assessment(assessment=handed_in, note="Mohon dilengkapi", by=budi)
    whole = ask("own_assessment", handed_in.pk)
    assert (whole["status"], whole["return_note"]) == ("RETURNED", "Mohon dilengkapi")
    assert whole["pillars"][1]["indicators"][0]["remark"] == "Tambah bukti"


def test_result_is_empty_then_waits_then_says_what_the_page_says(
    ask, client: Client, rated: Review, handed_in: Assessment, budi: User
) -> None:
    assert ask("own_result", handed_in.pk)["is_waiting"] is True
    verify(assessment=handed_in, note="", by=budi)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    result = ask("own_result", handed_in.pk)
    assert (result["is_waiting"], result["is_verified"]) == (False, True)
    own, verified = result["own"], result["verified"]
    assert own["total"]["score"] == "81.25"
    assert [each["figure"]["score"] for each in own["pillars"]] == ["100.00", "62.50"]
    page = client.get(reverse("assessments:result", args=(handed_in.pk,))).content.decode()
    for figure in (own["total"], verified["total"], *(each["figure"] for each in own["pillars"])):
        assert figure["text"] in page
        assert figure["formula"] in page
    assert result["bands"][0] == {"code": "A", "label": "A", "lower": "88.31"}


def test_result_of_a_draft_says_that_there_is_none(ask, assessment: Assessment) -> None:
    result = ask("own_result", assessment.pk)
    assert (result["receipt"], result["own"], result["is_waiting"]) == (None, None, False)


def test_somebody_elses_is_not_there_even_for_the_reviewer(
    client: Client, handed_in: Assessment, budi: User, citra: User, dewi: User
) -> None:
    for person in (budi, citra, dewi):
        client.force_login(person)
        for name in ("api:own_assessment", "api:own_result"):
            path = reverse(name, args=(handed_in.pk,))
            assert client.get(path).status_code == 404


def test_cycles_are_for_curators(client: Client, cycle: Cycle, dewi: User) -> None:
    client.force_login(dewi)
    listed = client.get(reverse("api:cycle_list")).json()
    assert listed["count"] == 1
    (line,) = listed["items"]
    assert line == client.get(reverse("api:cycle", args=(cycle.pk,))).json()
    assert (line["code"], line["instrument"], line["phase"]) == ("2026-S2", "TOY", "OPEN")
    assert line["people"] == {"INVITED": cycle.assessments.count()}
