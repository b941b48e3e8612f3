"""What every kind of answer carries, whoever asks and whatever comes of it."""

import json
import os
import re
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from prima_portal import views
from tests.security.cast import ANONYMOUS, AUDITOR, OPERATOR
from tests.security.checking import MISSING
from tests.security.tables.assessing import LEVEL

POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
SANDBOX = {"sandbox": "", "default-src": "'none'"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def answers(portal, world, monkeypatch):
    """An answer of every kind, by what it is: who asked, and the response."""

    def fail(*args):
        raise ZeroDivisionError

    def away(*args):
        raise OperationalError

    ani, sari = world.assessment("ani").pk, world.assessment("sari").pk
    unit = world.unit_of("ani", world.now).pk
    asked = {
        "a page": ("ani", "GET", "/penilaian/", {}),
        "a page for anybody": (ANONYMOUS, "GET", "/akun/masuk/", {}),
        "the way in": (ANONYMOUS, "GET", "/penilaian/", {}),
        "a redirect": ("ani", "GET", "/akun/kata-sandi/baru/", {}),
        "see other": ("budi", "POST", f"/tinjauan/{ani}/samakan/", {}),
        "not found": ("ani", "GET", f"/penilaian/{MISSING}/", {}),
        "not there at all": (ANONYMOUS, "GET", "/tidak-ada/", {}),
        "not allowed": ("ani", "POST", "/penilaian/", {}),
        "refused": ("ani", "POST", f"/penilaian/{ani}/jawaban/", {"indicator": "X"}),
        "conflict": ("ani", "POST", f"/penilaian/{ani}/tarik/", {}),
        "forbidden": (OPERATOR, "GET", reverse("admin:accounts_user_add"), {}),
        "a file": ("budi", "GET", f"/unit/KINI/{unit}/unduh.csv", {}),
        "a workbook": ("budi", "GET", f"/unit/KINI/{unit}/unduh.xlsx", {}),
        "the admin": (OPERATOR, "GET", reverse("admin:accounts_user_changelist"), {}),
        "a style": (ANONYMOUS, "GET", "/static/css/base.css", {}),
        "alive": (ANONYMOUS, "GET", "/livez", {}),
        "ready": (ANONYMOUS, "GET", "/readyz", {}),
        "evidence": ("budi", "GET", f"/bukti/{world.assessment('ani').evidence.get().pk}/", {}),
        "a fragment": ("sari", "POST", f"/penilaian/{sari}/jawaban/", LEVEL),
        "one's own data": ("ani", "POST", "/akun/data/berkas/", {}),
        "the record of acts": (AUDITOR, "GET", "/jejak-audit/unduh/", {}),
        "for programs": ("ani", "GET", "/api/v1/me", {}),
        "not for programs": ("ani", "GET", f"/api/v1/assessments/{MISSING}", {}),
        "not signed in, for programs": (ANONYMOUS, "GET", "/api/v1/me", {}),
        "too many fields": (
            "ani",
            "POST",
            "/perbaikan-data/",
            dict.fromkeys(map(str, range(1_001)), "x"),
        ),
        "no such style": (ANONYMOUS, "GET", "/static/tidak-ada.css", {}),
    }
    found = {name: (who, portal.ask(who, *rest)) for name, (who, *rest) in asked.items()}
    strict = Client(enforce_csrf_checks=True)
    found["no token"] = (ANONYMOUS, strict.post("/akun/masuk/"))
    found["an unknown host"] = (
        ANONYMOUS,
        Client().get("/akun/masuk/", headers={"host": "jahat.invalid"}),
    )
    large = {"CONTENT_LENGTH": str(settings.MAXIMUM_BODY_BYTES + 1)}
    found["too large"] = (ANONYMOUS, Client().generic("POST", "/akun/masuk/", b"x", **large))
    tried = {"login": world.people["ani"].username, "password": "salah-salah-salah"}
    found["held"] = (ANONYMOUS, [Client().post("/akun/masuk/", tried) for _ in range(11)][-1])
    monkeypatch.setattr(views, "home_of", fail)
    found["a failure"] = ("ani", portal.ask("ani", "GET", "/"))
    monkeypatch.setattr(views, "home_of", away)
    found["the database is away"] = ("ani", portal.ask("ani", "GET", "/"))
    return found


def test_every_kind_is_what_it_is_meant_to_be(answers):
    assert {name: response.status_code for name, (_, response) in answers.items()} == {
        "a page": 200,
        "a page for anybody": 200,
        "the way in": 302,
        "a redirect": 302,
        "see other": 303,
        "not found": 404,
        "not there at all": 404,
        "not allowed": 405,
        "refused": 422,
        "conflict": 409,
        "forbidden": 403,
        "a file": 200,
        "a workbook": 200,
        "the admin": 200,
        "a style": 200,
        "alive": 200,
        "ready": 200,
        "no token": 403,
        "an unknown host": 400,
        "evidence": 200,
        "a fragment": 200,
        "one's own data": 200,
        "the record of acts": 200,
        "for programs": 200,
        "not for programs": 404,
        "not signed in, for programs": 401,
        "too many fields": 400,
        "no such style": 404,
        "too large": 413,
        "held": 429,
        "a failure": 500,
        "the database is away": 503,
    }


def test_every_answer_carries_the_headers(answers):
    wrong = []
    for name, (_who, response) in answers.items():
        wrong += [
            f"{name}: {header}: {response.get(header)}"
            for header, value in ALWAYS.items()
            if response.get(header) != value
        ]
        policy = dict(
            (*part.strip().split(" ", 1), "")[:2]
            for part in response.get("Content-Security-Policy", "x y").split(";")
            if part.strip()
        )
        wrong += [
            f"{name}: {directive} {policy.get(directive)}"
            for directive, value in (POLICY if name != "evidence" else SANDBOX).items()
            if policy.get(directive) != value
        ]
        if re.search(r"unsafe|\*|data:|https?:", response.get("Content-Security-Policy", "")):
            wrong.append(f"{name}: {response['Content-Security-Policy']}")
        for feature in ("camera", "geolocation", "microphone"):
            if f"{feature}=()" not in response.get("Permissions-Policy", ""):
                wrong.append(f"{name}: {feature} is not off")
        if not uuid.UUID(response["X-Request-ID"]):
            wrong.append(f"{name}: no id")
    assert wrong == []


def test_what_somebody_signed_in_reads_is_not_kept(answers):
    kept = [
        name
        for name, (who, response) in answers.items()
        if who != ANONYMOUS and "no-store" not in response.get("Cache-Control", "")
    ]
    assert kept == []


def test_no_page_can_be_framed(answers):
    framed = [
        name
        for name, (_, response) in answers.items()
        # A host of no portal is turned away before; the policy has `frame-ancestors` there, too.
        if name != "an unknown host"
        and response.get("Content-Type", "").startswith("text/html")
        and response.get("X-Frame-Options") != "DENY"
    ]
    assert framed == []


def test_no_page_holds_script_or_style_of_its_own(portal, answers):
    loose = re.compile(
        r"<script(?![^>]* src=)|<style|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|javascript:", re.I
    )
    found = {
        name: match[0]
        for name, (_, response) in answers.items()
        if response.get("Content-Type", "").startswith("text/html")
        and (match := loose.search(response.text))
    }
    assert found == {}


def test_what_the_portal_runs_on_is_not_told(answers):
    for _who, response in answers.values():
        assert not {"Server", "X-Powered-By"} & set(response.headers)
        if response.get("Content-Type", "").startswith("text/html"):
            assert not re.search(r"Traceback|django/|psycopg|DEBUG = True", response.text)


# --- As in production: DEBUG off, in a process of its own

SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": "k8Q" * 20,
    "ALLOWED_HOSTS": "portal.contoh.invalid",
    "DATABASE_URL": "postgres://x:y@127.0.0.1:1/z",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "LOG_LEVEL": "CRITICAL",
}
ASK = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from prima_portal.messages import HostCookieStorage
from django.test import Client
host = {"headers": {"host": "portal.contoh.invalid"}}
plain = Client().get("/akun/masuk/", **host)
page = Client().get("/akun/masuk/", secure=True, **host)
print(json.dumps({
    "plain": [plain.status_code, plain["Location"], "default-src 'none'" in plain["Content-Security-Policy"]],
    "status": page.status_code,
    "hsts": page["Strict-Transport-Security"],
    "cookies": {name: dict(each.items()) for name, each in page.cookies.items()},
    "others": [
        settings.LANGUAGE_COOKIE_NAME, HostCookieStorage.cookie_name,
        settings.LANGUAGE_COOKIE_SECURE, settings.LANGUAGE_COOKIE_DOMAIN,
    ],
    "session": [
        settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
        settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
        settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH,
    ],
    "demo": "Demo" in page.text or "demo" in page.text,
}))
"""


def start(code, **environment):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "prima_portal.settings",
            **{name: value for name, value in (SAFE | environment).items() if value is not None},
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_in_production_everything_is_secure():
    process = start(ASK)
    assert process.returncode == 0, process.stderr
    said = json.loads(process.stdout)
    assert said["plain"] == [301, "https://portal.contoh.invalid/akun/masuk/", True]
    assert said["status"] == 200
    assert said["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert said["session"] == ["__Host-sessionid", True, True, "Lax", None, "/"]
    assert said["others"] == ["__Host-language", "__Host-messages", True, None]
    token = said["cookies"]["__Host-csrftoken"]
    assert (token["secure"], token["samesite"], token["path"], token["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert not said["demo"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "django-insecure-" + "k" * 60),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portal.contoh.invalid,*"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "sqlite:///x.sqlite3"),
        ("REDIS_URL", None),
        ("MIN_GROUP", "1"),
        ("MIN_GROUP_TEXT", "4"),
    ],
)
def test_in_production_an_unsafe_value_stops_the_start_and_is_named(setting, value):
    process = start("import django; django.setup()", **{setting: value})
    assert process.returncode != 0
    assert re.search(rf"ImproperlyConfigured.*{setting}", process.stderr)
