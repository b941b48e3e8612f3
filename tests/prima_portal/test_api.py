"""The interface as a whole: its description, its errors, its gate."""

import json
from http import HTTPStatus

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from assessments.models import Assessment
from prima_portal.api import document
from prima_portal.problems import FAULTS, fault_of

PROBLEM = "application/problem+json"
WORDED = set(map(str, FAULTS.values()))
BEGUN = {str(text).partition("%(")[0] for text in FAULTS.values() if "%(" in str(text)}


def problem_of(response, status, kind):
    """A problem of that status and kind, with the request's id and something to do next."""
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    problem = json.loads(response.content)
    assert problem["type"] == f"urn:prima:problem:{kind}"
    assert (problem["status"], problem["title"]) == (status, HTTPStatus(status).phrase)
    assert problem["request_id"] == response["X-Request-ID"]
    assert len(problem["detail"]) > 20
    return problem


def test_the_description_is_served_to_everybody(client: Client, db: None) -> None:
    response = client.get("/api/openapi.json")
    assert response.json() == document()
    assert response.json()["openapi"] == "3.1.0"


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/units", "/api/v1/cycles"])
def test_who_is_not_signed_in_is_told_and_not_led_to_a_page(
    client: Client, db: None, path: str
) -> None:
    response = client.get(path)
    problem_of(response, 401, "not-signed-in")
    assert response["WWW-Authenticate"] == 'Cookie realm="PRIMA"'
    assert "Location" not in response


@override_settings(MFA_REQUIRED=True)
def test_whoever_needs_a_second_factor_is_told_to_set_it_up(client: Client, budi: User) -> None:
    client.force_login(budi)
    problem_of(client.get(reverse("api:me")), 403, "second-factor")


def test_nothing_and_what_is_somebody_elses_answer_alike(
    client: Client, budi: User, assessment: Assessment
) -> None:
    client.force_login(budi)
    said = []
    for path in (
        "/api/",
        "/api/v1/tidak-ada",
        "/api/v1/me/",
        reverse("api:own_assessment", args=(assessment.pk,)),
        reverse("api:own_assessment", args=(999_999_999_999_999_999_999_999,)),
        reverse("api:cycle_list"),
    ):
        problem = problem_of(client.get(path), 404, "not-found")
        said.append({**problem, "request_id": ""})
    assert said == [said[0]] * len(said)


def test_another_method_is_refused_and_the_right_one_named(client: Client, ani: User) -> None:
    client.force_login(ani)
    response = client.delete(reverse("api:me"))
    problem_of(response, 405, "method-not-allowed")
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD"}


def test_what_can_be_read_answers_head_without_a_body(
    client: Client, ani: User, assessment: Assessment
) -> None:
    client.force_login(ani)
    for name, *arguments in (("me",), ("own_list",), ("own_assessment", assessment.pk)):
        path = reverse(f"api:{name}", args=arguments)
        read, asked = client.get(path), client.head(path)
        assert (asked.status_code, asked["Content-Type"], asked.content) == (
            read.status_code,
            read["Content-Type"],
            b"",
        )
    path = reverse("api:hand_in", args=(assessment.pk,))
    response = client.head(path)
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_writing_without_the_token_changes_nothing(ani: User, assessment: Assessment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ani)
    path = reverse("api:save_answer", args=(assessment.pk, "BET-01"))
    sent = json.dumps({"value": "3", "revision": 0})
    for kind in ("application/json", "text/plain"):
        problem_of(client.post(path, sent, content_type=kind), 403, "forbidden")
    assert not assessment.answers.exists()
    token = client.get(reverse("api:me")).json()["csrf_token"]
    response = client.post(path, sent, "application/json", headers={"X-CSRFToken": token})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e2", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
    ],
)
def test_a_slice_that_is_too_large_is_refused_and_named(
    client: Client, ani: User, query: str, pointer: str
) -> None:
    client.force_login(ani)
    response = client.get(f"{reverse('api:own_list')}?{query}")
    problem = problem_of(response, 422, "invalid")
    assert [each["pointer"] for each in problem["errors"]] == [pointer]


SOUND = {"value": "3", "revision": 0}


@pytest.mark.parametrize(
    ("sent", "pointer", "detail"),
    [
        ({"value": "3"}, "#/revision", "Wajib ada. Tambahkan."),
        (
            SOUND | {"nilai": 1},
            "#/nilai",
            "Tidak dikenal di sini. Periksa namanya, atau hapus.",
        ),
        (SOUND | {"value": 3}, "#/value", "Isi dengan teks di antara tanda kutip."),
        (SOUND | {"value": "3" * 21}, "#/value", "Paling banyak 20 karakter. Persingkat."),
        (SOUND | {"note": "\x00"}, "#/note", None),
        (SOUND | {"not_applicable": 1}, "#/not_applicable", "Isi dengan true atau false."),
        (SOUND | {"revision": -1}, "#/revision", "Paling sedikit 0."),
        (SOUND | {"revision": 2**31}, "#/revision", "Paling banyak 2147483647."),
        (
            SOUND | {"revision": "0"},
            "#/revision",
            "Isi dengan bilangan bulat, tanpa tanda kutip.",
        ),
        (SOUND | {"revision": 0.5}, "#/revision", None),
        (SOUND | {"evidence": "satu"}, "#/evidence", "Isi dengan daftar."),
        (SOUND | {"evidence": ["x"] * 99}, "#/evidence", None),
        (SOUND | {"evidence": ["x", 1]}, "#/evidence/1", "Isi dengan teks di antara tanda kutip."),
        (SOUND | {"token": "bukan"}, "#/token", None),
        (SOUND | {"token": 5}, "#/token", None),
        ([SOUND], "#/", "Kirim satu objek JSON."),
    ],
)
def test_what_is_wrong_in_a_body_is_said_in_the_readers_language(
    client: Client,
    ani: User,
    assessment: Assessment,
    sent: object,
    pointer: str,
    detail: str | None,
) -> None:
    client.force_login(ani)
    path = reverse("api:save_answer", args=(assessment.pk, "BET-01"))
    response = client.post(path, json.dumps(sent), content_type="application/json")
    (error,) = problem_of(response, 422, "invalid")["errors"]
    assert error["pointer"] == pointer
    assert detail is None or error["detail"] == detail
    assert error["detail"] in WORDED or any(error["detail"].startswith(each) for each in BEGUN)


def test_a_declaration_is_told_what_it_must_be(
    client: Client, ani: User, assessment: Assessment
) -> None:
    client.force_login(ani)
    path = reverse("api:hand_in", args=(assessment.pk,))
    response = client.post(path, '{"declared": 1}', content_type="application/json")
    assert problem_of(response, 422, "invalid")["errors"] == [
        {"pointer": "#/declared", "detail": "Isi dengan true."}
    ]


def test_a_choice_names_what_may_be_chosen() -> None:
    chosen = fault_of("literal_error", {"expected": "'SELF' or 'VERIFIED'"})
    assert chosen == 'Isi dengan "SELF" atau "VERIFIED".'


def test_a_fault_that_nobody_foresaw_is_told_in_words_too() -> None:
    assert fault_of("finite_number", {}).startswith("Tidak sesuai uraian di /api/openapi.json.")


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"a": NaN}', "\x00", "[" * 50_000])
def test_a_body_that_is_no_request_is_refused(
    client: Client, ani: User, assessment: Assessment, body: str
) -> None:
    client.force_login(ani)
    path = reverse("api:hand_in", args=(assessment.pk,))
    response = client.post(path, body, content_type="application/json")
    assert response.status_code in (400, 422)
    problem_of(response, response.status_code, json.loads(response.content)["type"].split(":")[-1])


def test_too_large_a_body_is_refused(client: Client, ani: User, assessment: Assessment) -> None:
    client.force_login(ani)
    path = reverse("api:hand_in", args=(assessment.pk,))
    for size in (3 * 1024 * 1024 + 1, 7 * 1024 * 1024):
        body = json.dumps({"declared": "x" * size})
        problem_of(client.post(path, body, content_type="application/json"), 413, "too-large")


def test_a_database_that_is_away_is_said(client: Client, ani: User, monkeypatch) -> None:
    def fails(*args):
        raise OperationalError("gone")

    client.force_login(ani)
    monkeypatch.setattr("assessments.api.own.with_answered", fails)
    response = client.get(reverse("api:own_list"))
    problem_of(response, 503, "unavailable")
    assert response["Retry-After"] == "5"


def test_a_fault_of_ours_tells_nothing(client: Client, ani: User, monkeypatch) -> None:
    def fails(*args):
        raise ZeroDivisionError("rahasia")

    client.force_login(ani)
    client.raise_request_exception = False
    monkeypatch.setattr("assessments.api.own.with_answered", fails)
    response = client.get(reverse("api:own_list"))
    problem_of(response, 500, "failure")
    assert "rahasia" not in response.content.decode()


def test_answers_and_problems_are_kept_out_of_caches_and_guarded(client: Client, ani: User) -> None:
    client.force_login(ani)
    for path in (reverse("api:me"), "/api/v1/tidak-ada", reverse("api:unit_list")):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store", path
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response["Content-Security-Policy"]


def test_problems_are_said_in_the_language_that_was_chosen(client: Client, ani: User) -> None:
    client.force_login(ani)
    assert "Periksa alamatnya" in client.get("/api/v1/tidak-ada").json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "fields=person,password",
        "ordering=person__password",
        "person=2",
        "person__username__startswith=1",
        "unit__parent=1&expand=person",
        "limit=100&offset=0&limit=100",
    ],
)
def test_unknown_questions_widen_nothing(
    client: Client, ani: User, assessment: Assessment, query: str
) -> None:
    client.force_login(ani)
    for name, *arguments in (("own_list",), ("own_assessment", assessment.pk), ("me",)):
        path = reverse(f"api:{name}", args=arguments)
        plain, asked = client.get(path).json(), client.get(f"{path}?{query}").json()
        plain.pop("csrf_token", None), asked.pop("csrf_token", None)
        assert asked == plain
