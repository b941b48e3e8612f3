"""What holds for every response: its id, its caching, errors without a database, the operators' door."""

import re
import uuid
from contextlib import closing

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from prima_portal import VERSION, views
from tests.factories import make_user
from tests.pages import text_of


@pytest.fixture
def operator(db):
    return make_user("Operator Portal", serial=90, is_staff=True, is_superuser=True)


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/", "/akun/masuk/", "/tidak-ada/", "/static/css/base.css"]
)
def test_every_response_carries_an_id_of_its_own(client, db, path):
    ids = set()
    for _ in range(2):
        with closing(client.get(path)) as response:
            ids.add(response["X-Request-ID"])
    assert len(ids) == 2
    assert all(uuid.UUID(each) for each in ids)


def test_an_id_that_somebody_sends_is_not_taken_over(client, db):
    response = client.get("/livez", headers={"x-request-id": "x" * 500})
    assert uuid.UUID(response["X-Request-ID"])


def test_a_redirect_to_https_carries_it_too(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/akun/masuk/")
    assert response.status_code == 301
    assert uuid.UUID(response["X-Request-ID"])


def test_a_failure_names_its_id_on_the_page(client, ani, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(views, "home_of", fail)
    client.force_login(ani)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert f"Kode permintaan: {response['X-Request-ID']}" in text_of(response)
    assert "Ada gangguan di pihak kami" in text_of(response)


def test_the_failure_page_asks_no_database(rf):
    request = rf.get("/")
    request.request_id = "abc"
    response = views.server_error(request)  # no database mark: a query would fail the test
    assert response.status_code == 500
    assert "abc" in response.text


def test_alive_asks_nobody(client, db):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/livez")
    assert (response.status_code, response.content, len(queries)) == (200, b"ok", 0)


def test_signed_in_pages_stay_out_of_caches(client, ani):
    assert "no-store" not in client.get("/livez").get("Cache-Control", "")
    client.force_login(ani)
    assert client.get("/")["Cache-Control"] == "no-store"
    assert client.get("/tidak-ada/")["Cache-Control"] == "no-store"


def test_the_navigation_costs_one_query_and_nothing_for_the_anonymous(
    client, ani, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert client.get("/akun/masuk/").context["nav_items"] == []
    client.force_login(ani)
    with django_assert_num_queries(3):  # session, person, relations
        client.get("/akun/kata-sandi/baru/")


def test_the_version_stands_in_the_footer(client, db):
    assert f"PRIMA {VERSION}" in text_of(client.get("/akun/masuk/"))


@pytest.mark.parametrize("path", ["/operator/", "/operator/login/", "/operator/audit/event/"])
def test_the_operators_door_is_the_portals(client, db, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/akun/masuk/?next=/operator/")


@pytest.mark.parametrize("who", ["ani", "budi", "dewi", "eko"])
def test_for_everybody_else_it_does_not_exist(client, request, who):
    client.force_login(request.getfixturevalue(who))
    for path in ("/operator/", "/operator/audit/event/", "/operator/login/", "/operator/x/"):
        assert client.get(path).status_code == 404


def test_operators_come_in(client, operator):
    client.force_login(operator)
    assert "Pengelolaan" in text_of(client.get("/operator/"))


def test_error_pages_need_nobody(rf):
    request: RequestFactory = rf.get("/")
    request.user = AnonymousUser()
    assert views.page_not_found(request, Exception()).status_code == 404
    assert views.permission_denied(request, Exception()).status_code == 403
    assert views.bad_request(request, Exception()).status_code == 400
    assert re.search("403", text_of(views.csrf_failure(request)))
