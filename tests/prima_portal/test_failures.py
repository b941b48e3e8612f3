"""Unforeseen failures reach the Sentry server that is named, and nobody's data with them."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from django.conf import settings

DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}
NIP = "198609262015051001"
# A portal in a process of its own, one page of which fails the way PostgreSQL and people do.
SCRIPT = f"""
import sys, types
import django
django.setup()
import sentry_sdk
from django.conf import settings
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from accounts.access import access, public
from prima_portal import urls
from prima_portal.wsgi import application

@csrf_exempt
@access(public)
def fail(request):
    answer = "Saya menolong warga"
    raise ValueError("no room for {NIP} of ani@contoh.invalid\\nDETAIL: row contains Saya menolong warga")

pages = types.ModuleType("pages")
pages.urlpatterns = [path("gagal/", fail), *urls.urlpatterns]
sys.modules["pages"] = pages
settings.ROOT_URLCONF = "pages"
browser = RequestFactory(headers={{"host": "localhost", "cookie": "sessionid=rahasia"}})
request = browser.post("/gagal/?nip={NIP}", {{"catatan": "Saya menolong warga"}}, secure=True)
application(request.environ, lambda status, headers: print(status[:3], dict(headers)["X-Request-ID"]))
sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    """A server that takes what it is told; yields its address and the events."""
    events = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            opened = DECODERS[self.headers["Content-Encoding"]](body)
            parts = [json.loads(line) for line in opened.splitlines()]
            events.extend(
                content
                for head, content in zip(parts[1::2], parts[2::2], strict=True)
                if head["type"] == "event"
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", events
    server.shutdown()
    server.server_close()


def run(script, **environment):
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "prima_portal.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failure_is_told_once_with_its_place_and_without_anybody(sentry):
    address, events = sentry
    done = run(SCRIPT, SENTRY_DSN=address)
    assert done.returncode == 0, done.stderr
    status, request_id = done.stdout.split()
    assert status == "500"
    (event,) = events
    (failure,) = event["exception"]["values"]
    assert (failure["type"], failure["value"]) == ("ValueError", "no room for [NIP] of [address]")
    assert failure["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["request"] == {"method": "POST", "url": "https://localhost/gagal/"}
    assert event["tags"]["request_id"] == request_id
    text = json.dumps(event)
    assert [word for word in (NIP, "menolong", "rahasia", "contoh.invalid") if word in text] == []


def test_without_an_address_nothing_is_loaded():
    done = run(
        "import sys, django; django.setup(); print('sentry_sdk' in sys.modules)", SENTRY_DSN=""
    )
    assert done.stdout.split() == ["False"], done.stderr


def test_an_address_that_is_none_stops_the_start_and_says_which_setting():
    done = run("import django; django.setup()", SENTRY_DSN="sentry.example.go.id")
    assert done.returncode == 1
    assert "SENTRY_DSN: " in done.stderr.splitlines()[-1]
