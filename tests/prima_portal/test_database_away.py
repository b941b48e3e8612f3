"""A database that is away: "coba lagi" for people, 503 for the proxy, and nothing to repair after."""

import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from assessments.models import Answer


def refuse(*args, **kwargs):
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def database_away(db):
    """Called, it makes every further statement fail, as it does while PostgreSQL restarts."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(connection.execute_wrapper(refuse))


def test_a_page_says_try_again(client, assessment, ani, database_away):
    client.force_login(ani)
    database_away()

    answer = client.get(reverse("assessments:tasks", args=(assessment.pk,)))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Coba lagi" in answer.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whichever_statement_is_the_first_to_fail_the_page_says_try_again(
    client, settings, assessment, ani, budi, method
):
    """Those of the gate too, and the session that is written after the answer."""
    settings.MFA_REQUIRED, settings.SESSION_SAVE_EVERY_REQUEST = True, True
    client.raise_request_exception = False
    client.force_login(ani)
    place = reverse("assessments:submit", args=(assessment.pk,))
    statuses = [503]
    while statuses[-1] in (500, 503):
        left = iter(range(len(statuses)))

        def fail_in_the_end(execute, sql, *more, left=left):
            if next(left, None) is None:
                raise OperationalError("server closed the connection unexpectedly")
            return execute(sql, *more)

        with connection.execute_wrapper(fail_in_the_end):
            statuses.append(getattr(client, method)(place).status_code)
    assert len(statuses) > 5
    assert set(statuses[:-1]) == {503}
    assert statuses[-1] == getattr(client, method)(place).status_code != 400


def test_the_sign_in_page_says_try_again(client, db, database_away):
    database_away()
    answer = client.post(reverse("account_login"), {"login": "198609262015051001", "password": "2"})
    assert answer.status_code == 503


def test_the_probes_tell_the_proxy(client, db, database_away):
    database_away()
    assert client.get("/livez").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unavailable", "down": ["database"]},
    )


def test_what_was_sent_is_said_not_to_be_sent(client, assessment, ani, database_away):
    client.force_login(ani)
    database_away()

    answer = client.post(reverse("assessments:submit", args=(assessment.pk,)), {"declared": "on"})
    assert answer.status_code == 503
    assert "Belum terkirim" in answer.text
    assert "Coba lagi" in answer.text


@pytest.fixture
def said(db):
    """What a program prints that knows a server which takes connections and says nothing, as a stopped one does."""
    return ask_a_silent_server


def ask_a_silent_server(program, **settings):
    name = connection.settings_dict["NAME"]
    with socket.create_server(("127.0.0.1", 0)) as hung:
        asking = subprocess.run(
            [sys.executable, "-c", CONNECTS + program, str(hung.getsockname()[1]), name],
            env={**os.environ, "DATABASE_TIMEOUT_SECONDS": "1", **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert asking.returncode == 0, asking.stderr
    return asking.stdout.splitlines()


CONNECTS = """
import socket, sys, threading, time
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from prima_portal import patience, wsgi
from prima_portal import views
own = connection.settings_dict | {"NAME": sys.argv[2]}
hung = {"HOST": "127.0.0.1", "PORT": sys.argv[1]}
connection.settings_dict |= own | hung
def ask():
    from django.db import connection
    try:
        connection.cursor().execute("SELECT 1")
        print("there")
    except OperationalError as error:
        print(error)
"""


def test_a_database_that_hangs_is_given_up(said):
    program = "patience.CONNECT_SECONDS = 1\nask()"
    assert said(program) == ["the database has not answered for 1 seconds"]


def test_while_it_hangs_one_thread_at_a_time_asks_it_and_the_others_go_on(said):
    """Or all threads of a process would wait, and none be left to say "coba lagi"."""
    assert said(ONE_AT_A_TIME) == [
        "the database has not answered for 2 seconds",
        "the database did not answer others a moment ago",
        "a pause later",
        "the database did not answer others a moment ago",
        "the database has not answered for 2 seconds",
        "it is back, and a pause later",
        "there",
        "there",
    ]


ONE_AT_A_TIME = """
patience.CONNECT_SECONDS, patience.PAUSE_SECONDS = 2, 1
ask()
ask()
time.sleep(patience.PAUSE_SECONDS)
print("a pause later")
def elsewhere():
    from django.db import connection
    connection.settings_dict |= own | hung
    ask()
asking = threading.Thread(target=elsewhere)
asking.start()
while patience._silence.until < time.monotonic():
    time.sleep(0.01)
ask()
asking.join()
time.sleep(patience.PAUSE_SECONDS)
print("it is back, and a pause later")
connection.settings_dict |= own
ask()
connection.close()
ask()
"""


def test_readiness_waits_for_a_hung_database_no_longer_than_its_own_limit(said):
    assert said(PROBES) == ["503 ['database']", "503 ['database']"]


PROBES = """
patience.CONNECT_SECONDS, views.READY_SECONDS = 600, 1
for _ in range(2):
    answer = Client().get("/readyz")
    print(answer.status_code, answer.json()["down"])
"""


def test_a_connection_that_was_left_by_the_last_request_is_given_up_sooner_than_a_statement(said):
    answers = said(KEPT, DATABASE_TIMEOUT_SECONDS="600")
    assert answers == ["there", "the database has not answered for 1 seconds"]


KEPT = """
patience.CONNECT_SECONDS = 1
it_hangs = threading.Event()
def pass_on(source, sink):
    while (chunk := source.recv(65536)) and not it_hangs.is_set():
        sink.sendall(chunk)
def relay(server, kept=[]):
    while True:
        near, far = server.accept()[0], socket.create_connection((own["HOST"], own["PORT"]))
        kept.append((near, far))
        for pair in ((near, far), (far, near)):
            threading.Thread(target=pass_on, args=pair, daemon=True).start()
relaying = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=relay, args=[relaying], daemon=True).start()
connection.settings_dict["PORT"] = str(relaying.getsockname()[1])
ask()
it_hangs.set()
close_old_connections()
ask()
"""


def send(client, place, fields):
    """As a browser sends a form without files."""
    return client.post(place, urlencode(fields), "application/x-www-form-urlencoded")


def fields_of(answer):
    """What the button sends."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def test_what_was_sent_is_kept_on_the_page_and_sent_again_by_a_button(client, assessment, ani):
    client.force_login(ani)
    place = reverse("assessments:fill", args=(assessment.pk, "ALFA"))
    note = 'Contoh "nyata" <b>saya</b>\ndua baris'
    sent = {"ALF-01": "3", "ALF-01:note": note, "ALF-01:revision": "0"}
    with connection.execute_wrapper(refuse):
        answer = send(client, place, sent)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert "Kirim ulang" in answer.text
    assert '<form method="post"' in answer.text
    assert fields_of(answer) == sent

    send(client, place, fields_of(answer))
    stored = Answer.objects.get(assessment=assessment, indicator__code="ALF-01")
    assert (stored.value, stored.note.splitlines()) == (3, note.splitlines())


@pytest.mark.parametrize("secret", ["password", "oldpassword", "code"])
def test_no_page_holds_a_password_or_a_code(client, assessment, ani, database_away, secret):
    client.force_login(ani)
    database_away()
    place = reverse("assessments:submit", args=(assessment.pk,))
    answer = send(client, place, {"declared": "on", secret: "123456"})
    assert answer.status_code == 503
    assert fields_of(answer) == {}
    assert "muat ulang halaman ini dan setujui pengiriman ulang" in answer.text


def test_the_button_sends_the_token_that_the_form_had(assessment, ani, database_away):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ani)
    place = reverse("assessments:submit", args=(assessment.pk,))
    token = "a" * 32
    strict.cookies[settings.CSRF_COOKIE_NAME] = token
    database_away()
    answer = send(strict, place, {"declared": "on", "csrfmiddlewaretoken": token})
    assert fields_of(answer) == {"csrfmiddlewaretoken": token, "declared": "on"}
