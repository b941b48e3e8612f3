"""One line for each refusal, and nothing in any line that names a person or opens a door."""

import io
import json
import logging
import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.enums import LinkPurpose, Role
from accounts.models import RoleGrant
from accounts.operations import deliver_letters, make_link
from assessments.models import Assessment
from assessments.operations import evidence
from pillars.operations import keep_upload, read_upload
from prima_portal import views
from prima_portal.logs import configure_structlog, logging_config
from tests.assessments import papers
from tests.factories import PASSWORD, make_user

NIP = re.compile(r"\d{8}[ .]?\d{6}[ .]?\d[ .]?\d{3}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@pytest.fixture
def lines():
    """What the portal writes in production, as text: one JSON object a line."""
    configuration = logging_config(level="DEBUG", readable=False)["formatters"]["structured"]
    make = configuration.pop("()")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(make(**configuration))
    configure_structlog()
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.fixture
def denied(lines):
    """The lines of refusals, each as rule and the facts asked for."""

    def found(*facts):
        return [
            (line["rule"], *(line.get(fact) for fact in facts))
            for line in lines()
            if line["event"] == "denied"
        ]

    return found


@pytest.fixture
def ani(ani):
    ani.set_password(PASSWORD)
    ani.email = "ani@contoh.invalid"
    ani.save()
    return ani


def test_a_page_that_is_not_ones_own_is_one_line(client, denied, lines, ani, dewi, cycle):
    client.force_login(ani)
    theirs = Assessment.objects.get(person=dewi)
    client.get(reverse("assessments:result", args=(theirs.pk,)))
    assert denied("actor", "view", "object", "status", "method") == [
        ("object", ani.pk, "assessments:result", theirs.pk, 404, "GET")
    ]
    (line,) = (each for each in lines() if each["event"] == "denied")
    assert line["request_id"]
    assert line["level"] == "warning"
    assert line["logger"] == "security"


def test_the_gate_says_which_rule_refused(client, denied, ani):
    client.force_login(ani)
    client.post(reverse("pillars:index"))
    client.get("/operator/")
    assert denied("actor", "view", "status") == [
        ("curator", ani.pk, "pillars:index", 404),
        ("operator", ani.pk, "admin:index", 404),
    ]


def test_whoever_is_not_signed_in_is_one_line_without_an_account(client, denied, db):
    client.get(reverse("assessments:index"))
    assert denied("actor", "status") == [("signed_in", None, 302)]


def test_an_address_that_does_not_exist_is_no_refusal(client, denied, ani):
    client.force_login(ani)
    client.get("/wp-login.php")
    assert denied() == []


def test_an_act_in_the_admin_that_is_not_allowed(client, denied, ani):
    operator = make_user("Operator", serial=90, is_staff=True, is_superuser=True)
    client.force_login(operator)
    client.post(reverse("admin:accounts_user_delete", args=(ani.pk,)), {"post": "yes"})
    assert denied("actor", "view") == [("permission", operator.pk, "admin:accounts_user_delete")]


def test_a_form_without_its_token(denied, ani):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ani)
    browser.post(reverse("accounts:choose_zone"), {"time_zone": "Asia/Makassar"})
    assert denied("actor", "view", "status") == [("csrf", ani.pk, "accounts:choose_zone", 403)]


def test_refused_sign_ins_and_the_lock(client, denied, ani):
    for _try in range(settings.AXES_FAILURE_LIMIT):
        client.post(reverse("account_login"), {"login": ani.nip, "password": "salah-salah-salah"})
    found = denied("account")
    assert [rule for rule, _account in found].count("sign_in") >= settings.AXES_FAILURE_LIMIT - 1
    assert ("lockout", found[0][1]) in found
    assert {len(account) for _rule, account in found} == {16}


def test_a_session_that_begins_is_one_line_with_its_proofs(client, lines, ani):
    TOTP.activate(ani, generate_totp_secret())
    client.post(reverse("account_login"), {"login": ani.nip, "password": PASSWORD})
    assert [line for line in lines() if line["event"] == "signed_in"] == []
    (code, *_rest) = RecoveryCodes.activate(ani).get_unused_codes()
    client.post(reverse("mfa_authenticate"), {"code": code})
    (line,) = (each for each in lines() if each["event"] == "signed_in")
    assert (line["actor"], line["proofs"]) == (ani.pk, ["password", "recovery_codes"])


def test_asking_too_often_is_a_throttle(client, denied, ani):
    for _try in range(4):
        client.post(reverse("account_reset_password"), {"email": ani.nip})
    assert denied() == [("throttle.reset-account",)]


def test_a_refused_file(client, denied, ani, assessment):
    client.force_login(ani)
    page = reverse("assessments:evidence", args=(assessment.pk, "ALF-01"))
    client.post(page, {"file": SimpleUploadedFile("sk.pdf", b"<html><script>1</script>")})
    assert denied("assessment") == [("upload.type", assessment.pk)]


def test_a_file_for_which_there_is_no_room(client, denied, monkeypatch, ani, assessment):
    monkeypatch.setattr(evidence, "QUOTA_BYTES", len(papers.pdf()))
    monkeypatch.setattr(evidence, "MAXIMUM_FILES", 1)
    client.force_login(ani)
    for code, name in (("ALF-01", "sk.pdf"), ("ALF-01", "lain.pdf"), ("BET-01", "sk.pdf")):
        page = reverse("assessments:evidence", args=(assessment.pk, code))
        client.post(page, {"file": SimpleUploadedFile(name, papers.pdf())})
    assert denied("assessment") == [
        ("upload.too_many", assessment.pk),
        ("upload.quota", assessment.pk),
    ]


def test_a_file_of_more_than_five_megabytes(client, denied, ani, dewi, assessment):
    large = b"%PDF-1.7\n" + b"0" * (5 * 1024 * 1024)
    client.force_login(ani)
    page = reverse("assessments:evidence", args=(assessment.pk, "ALF-01"))
    refused = client.post(page, {"file": SimpleUploadedFile("sk.pdf", large)})
    assert "lebih besar daripada 5 MB" in refused.text
    client.force_login(dewi)
    refused = client.post(
        reverse("pillars:upload"), {"file": SimpleUploadedFile("uji.toml", large)}
    )
    assert "lebih besar daripada 5 MB" in refused.text
    assert denied() == [("upload.size",), ("upload.size",)]


def test_an_instrument_file_that_a_worker_refuses(denied, dewi):
    upload = keep_upload(content=b"bukan toml [", name="uji.toml", replace=False, by=dewi)
    assert read_upload(upload.pk)
    assert denied("upload", "actor") == [("upload.instrument", upload.pk, dewi.pk)]


@pytest.mark.parametrize("kind", ["roster", "units", "acting"])
def test_an_import_that_is_refused(denied, tmp_path, units, kind):
    file = tmp_path / "berkas.csv"
    file.write_text("KOLOM\nisi\n")
    with pytest.raises(CommandError):
        call_command(f"import_{kind}", file)
    (line,) = denied("faults")
    assert line[0] == f"upload.{kind}"
    assert line[1] >= 1


def test_a_body_that_is_too_large(client, denied, ani):
    client.force_login(ani)
    client.post("/", b"x", content_type="text/plain", CONTENT_LENGTH=str(10**8))
    assert denied("status") == [("body_limit", 413)]


def test_no_line_of_a_day_names_a_person_or_opens_a_door(
    client, lines, monkeypatch, ani, budi, cycle, django_capture_on_commit_callbacks
):
    """Signing in and failing to, links, searching for a number, a failure that quotes one, a bad address."""
    wrong = "kata-sandi-yang-salah-7"
    client.raise_request_exception = False
    client.post(reverse("account_login"), {"login": ani.nip, "password": wrong})
    client.post(reverse("account_login"), {"login": ani.nip, "password": PASSWORD})
    session = client.session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": ani.email})
    deliver_letters()
    token = make_link(user=ani, purpose=LinkPurpose.RESET)
    client.get(reverse("accounts:password_by_link", args=(token,)))
    client.get(f"/tidak-ada/{ani.nip}/{ani.email}/", {"nip": budi.nip})
    RoleGrant.objects.create(user=budi, role=Role.AUDITOR, valid=("2020-01-01", None))
    client.force_login(budi)
    client.get(reverse("audit:events"), {"person": ani.nip})
    client.get(reverse("audit:breach"), {"actor": ani.nip})
    client.force_login(make_user("Operator", serial=90, is_staff=True, is_superuser=True))
    client.get(reverse("admin:accounts_user_changelist"), {"q": ani.nip})

    def fail(*args):
        raise ZeroDivisionError(f"Key (nip)=({ani.nip}) of {ani.email}")

    monkeypatch.setattr(views, "home_of", fail)
    client.get("/")
    text = json.dumps(lines())
    assert len(lines()) > 20
    assert "ZeroDivisionError" in text  # the failure is there, without the number
    for secret in (ani.nip, budi.nip, PASSWORD, wrong, session, token, client.session.session_key):
        assert secret not in text
    assert NIP.findall(text) == []
    assert ADDRESS.findall(text) == []
