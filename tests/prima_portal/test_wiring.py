"""What holds for every response: its id, its caching, errors without a database, the operators' door."""

import re
import subprocess
import sys
import uuid
from contextlib import closing

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.sessions.backends import db as db_sessions
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.addresses import address_of
from accounts.models import User
from prima_portal import VERSION, views
from prima_portal.sessions import SessionStore
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


@pytest.mark.parametrize(
    "path", ["/static/", "/static/css/", "/static/css", "/staticfiles/", "/bukti/"]
)
def test_no_folder_is_listed(client, db, path):
    assert client.get(path).status_code == 404


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


def test_an_address_that_only_takes_forms_says_so_instead_of_staying_blank(client, ani):
    client.force_login(ani)
    response = client.get("/akun/zona-waktu/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Alamat ini hanya menerima kiriman dari formulir." in text_of(response)
    assert 'href="/"' in response.text


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


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_the_address_in_the_logs_is_what_our_proxies_saw_and_not_what_a_visitor_claims(
    settings, proxies, forwarded, address
):
    settings.PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    assert address_of(request) == address


def test_a_session_reads_what_djangos_own_store_wrote_until_it_is_over(db):
    written = db_sessions.SessionStore()
    written["unit"] = "Dinas"
    written.create()
    assert SessionStore(written.session_key)["unit"] == "Dinas"
    Session.objects.update(expire_date=timezone.now())
    read = SessionStore(written.session_key)
    assert (read.get("unit"), read.session_key) == (None, None)


def test_a_person_asked_for_by_key_is_the_same_as_by_any_other_way(db):
    ani = make_user("Ani Lestari", serial=1)
    by_key = User.objects.get(pk=ani.pk)
    assert by_key.__dict__.keys() == User.objects.get(nip=ani.nip).__dict__.keys()
    assert (by_key, by_key.name, by_key.date_joined) == (ani, ani.name, ani.date_joined)
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=ani.pk + 1)


def test_relations_look_for_a_person_by_key_among_their_own(db):
    ani = make_user("Ani Lestari", serial=1)
    with pytest.raises(User.DoesNotExist):
        Group.objects.create(name="Uji").user_set.get(pk=ani.pk)


def test_a_web_process_does_not_hold_what_only_a_rare_page_needs():
    """Each is loaded by the first upload, export or picture (docs/performance.md)."""
    rare = {
        "PIL",
        "authlib",
        "lxml",
        "numpy",
        "pandas",
        "puremagic",
        "pyrage",
        "qrcode",
        "requests",
        "xlsxwriter",
    }
    load = (
        "import sys, prima_portal.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", load], check=True, capture_output=True, text=True)
    assert rare & set(done.stdout.split()) == set()
