"""A duty that ends amid an act of several pages: the next request is refused and says why, and nothing is half done."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from allauth.mfa.models import Authenticator
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from accounts.clock import portal_today
from accounts.models import Letter, User
from accounts.operations import end_other_sessions
from assessments.models import Cycle, Review
from organization.operations import end_posting
from pillars.enums import InstrumentStatus
from pillars.models import Instrument, Upload
from pillars.operations import read_upload
from tests.accounts.views.test_second_factor import code_of
from tests.factories import LONG_AGO, PASSWORD
from tests.pages import text_of
from tests.security.asking import form_of
from tests.security.cast import APP_SECRET, AUDITOR, CURATOR, OPERATOR
from tests.security.checking import nothing_there, without_traces
from tests.security.matrix import MATRIX
from tests.security.targets import targets

WHY = "tugas atau jabatan Anda mungkin sudah berakhir"
SECOND_STEP = "/akun/masuk/kode/"


def grant_ends(world: Any, who: str) -> None:
    world.people[who].role_grants.update(valid=DateRange(LONG_AGO, portal_today()))


def mandate_ends(world: Any, who: str) -> None:
    world.people[who].hr_mandates.update(valid=DateRange(LONG_AGO, portal_today()))


def post_ends(world: Any, who: str) -> None:
    posting = world.people[who].postings.get()
    posting.valid = DateRange(LONG_AGO, None)
    world.people["farid"].postings.filter(is_head=True).delete()
    posting.save()
    end_posting(posting=posting, on=portal_today(), by=None)


def operating_ends(world: Any, who: str) -> None:
    User.objects.filter(pk=world.people[who].pk).update(is_staff=False)


class Flow(NamedTuple):
    """Who opens a page of an object, how the duty ends, and what is sent from the open page then."""

    who: str
    opened: str
    objects: str
    ends: Callable[[Any, str], None]
    sent: tuple[str, ...]


FLOWS = {
    "editing a draft": Flow(
        CURATOR, "pillars:edit", "draft", grant_ends, ("pillars:edit", "pillars:publish")
    ),
    "editing a statement": Flow(
        CURATOR, "pillars:edit_indicator", "draft", grant_ends, ("pillars:edit_indicator",)
    ),
    "moving a pillar": Flow(
        CURATOR, "pillars:edit_pillar", "draft", grant_ends, ("pillars:move_pillar",)
    ),
    "sending a file of an instrument": Flow(
        CURATOR, "pillars:upload", "", grant_ends, ("pillars:upload",)
    ),
    "retiring an instrument": Flow(
        CURATOR, "pillars:retire", "published", grant_ends, ("pillars:retire",)
    ),
    "moving a deadline": Flow(
        *(CURATOR, "assessments:cycle_reschedule", "now", grant_ends),
        ("assessments:cycle_reschedule", "assessments:cycle_extend"),
    ),
    "establishing results": Flow(
        *(CURATOR, "assessments:cycle_establish", "earlier", grant_ends),
        ("assessments:cycle_establish", "assessments:cycle_reopen"),
    ),
    "agreeing to open a result again": Flow(
        CURATOR, "assessments:reopening", "ani-lama", grant_ends, ("assessments:reopening",)
    ),
    "reviewing": Flow(
        *("budi", "assessments:review_pillar", "ani", post_ends),
        (
            *("assessments:review_pillar", "assessments:review_agree", "assessments:review_open"),
            *("assessments:review_return", "assessments:review_verify"),
        ),
    ),
    "answering a report on a supervisor": Flow(
        *("hesti", "assessments:supervisor_report", "ani", mandate_ends),
        ("assessments:supervisor_report",),
    ),
    "answering a request to correct data": Flow(
        *("hesti", "organization:correction_request", "ani", mandate_ends),
        ("organization:correction_request",),
    ),
    "inviting": Flow(
        *("hesti", "organization:invitations", "", mandate_ends),
        ("organization:send_invitations",),
    ),
}


def the_one(world: Any, name: str, objects: str) -> str:
    """The address of an object of the world."""
    found = targets(world, MATRIX[name].kind)
    named = [each for each in found if each.name == objects] or found
    return reverse(name, kwargs=named[0].arguments)


@pytest.mark.parametrize("name", FLOWS)
def test_what_is_sent_from_a_page_that_was_opened_in_time(portal, world, written, name):
    flow = FLOWS[name]
    paths = {each: the_one(world, each, flow.objects) for each in (flow.opened, *flow.sent)}
    browser = portal.be(flow.who)
    page = browser.get(paths[flow.opened])
    assert page.status_code == 200
    flow.ends(world, flow.who)
    written.clear()
    for each in flow.sent:
        body = {**form_of(page, paths[each]), **MATRIX[each].body_of(world)}
        refused = portal.be(flow.who).post(paths[each], body)
        assert refused.status_code == 404, each
        assert WHY in text_of(refused), each
        nothing = nothing_there(portal, flow.who, paths[each])
        assert without_traces(refused, paths[each]) == nothing, each
    assert written == []


FILES = {
    "a file of evidence": ("budi", "assessments:evidence_file", "ani", post_ends),
    "figures of a unit": ("budi", "dashboards:export", "anicsv", post_ends),
    "a result": ("budi", "assessments:result", "ani", post_ends),
    "a list of people": ("hesti", "assessments:personnel_file", "csv", mandate_ends),
    "the record of acts": (AUDITOR, "audit:export_events", "", grant_ends),
    "figures for an auditor": (AUDITOR, "dashboards:export", "anixlsx", grant_ends),
    "an instrument": (CURATOR, "pillars:download", "published", grant_ends),
}


@pytest.mark.parametrize("name", FILES)
def test_a_link_that_was_opened_in_time(portal, world, name):
    who, address, objects, ends = FILES[name]
    path = the_one(world, address, objects)
    assert portal.ask(who, "GET", path).status_code == 200
    ends(world, who)
    refused = portal.ask(who, "GET", path)
    assert refused.status_code == 404
    assert WHY in text_of(refused)


def test_a_cycle_that_was_looked_at_is_not_opened(portal, world):
    path, body = "/periode/buka/", MATRIX["assessments:cycle_open"].body_of(world)
    before = Cycle.objects.count()
    assert portal.be(CURATOR).post(path, {**body, "step": "preview"}).status_code == 200
    grant_ends(world, CURATOR)
    assert portal.be(CURATOR).post(path, body).status_code == 404
    assert Cycle.objects.count() == before


@pytest.mark.parametrize("switched_off", [False, True])
def test_a_file_that_was_sent_in_time_is_not_read_into_a_draft(portal, world, switched_off):
    before = Instrument.objects.count()
    sent = portal.be(CURATOR).post("/instrumen/unggah/", MATRIX["pillars:upload"].body_of(world))
    assert sent.status_code == 303
    upload = Upload.objects.get(uploaded_by=world.people[CURATOR])
    if switched_off:
        User.objects.filter(pk=world.people[CURATOR].pk).update(is_active=False)
    else:
        grant_ends(world, CURATOR)
    assert read_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.problem == "Tugas Anda sebagai pengelola instrumen sudah berakhir."
    assert (bytes(upload.content), upload.instrument) == (b"", None)
    assert Instrument.objects.count() == before
    assert portal.ask(CURATOR, "GET", sent["Location"]).status_code == (
        302 if switched_off else 404
    )


def test_whoever_reviews_next_finds_what_was_saved_and_goes_on(portal, world):
    ani = world.assessment("ani")
    post_ends(world, "budi")
    review = Review.objects.get(submission=ani.submission)
    before = list(review.working_ratings.order_by("pk").values())
    assert portal.be("gunawan").post(f"/tinjauan/{ani.pk}/mulai/").status_code == 303
    review.refresh_from_db()
    assert review.reviewer == world.people["gunawan"]
    assert list(review.working_ratings.order_by("pk").values()) == before
    assert world.draft.status == InstrumentStatus.DRAFT


def test_an_act_of_the_admin_that_was_chosen_in_time(portal, world):
    path = reverse("admin:accounts_user_changelist")
    assert portal.ask(OPERATOR, "GET", path).status_code == 200
    operating_ends(world, OPERATOR)
    chosen = {"_selected_action": str(world.people["bayu"].pk)}
    for action in ("reset_second_factors", "send_invitations"):
        refused = portal.be(OPERATOR).post(path, {"action": action, **chosen})
        assert refused.status_code == 404
    assert Authenticator.objects.filter(user=world.people["bayu"]).count() == 2
    assert Letter.objects.count() == 0


# --- Setting up a second factor, and signing in with one

SET_UP = "/akun/verifikasi/pasang/"


def test_setting_up_a_factor_ends_with_the_session(portal, world):
    sari = world.people["sari"]
    browser = portal.be("sari")
    assert browser.get(SET_UP).status_code == 200
    end_other_sessions(user=sari, session_key=None)
    refused = browser.post(SET_UP, {"code": code_of(APP_SECRET)})
    assert refused.status_code == 302
    assert refused["Location"].startswith(f"/akun/masuk/?next={SET_UP}")
    assert not Authenticator.objects.filter(user=sari).exists()


def test_a_duty_that_ends_does_not_hinder_setting_up_a_factor(portal, world, settings):
    settings.MFA_REQUIRED = True
    browser = portal.be(CURATOR)
    assert browser.get("/instrumen/")["Location"] == SET_UP
    grant_ends(world, CURATOR)
    assert browser.get("/instrumen/").status_code == 404
    assert portal.be(CURATOR).post(SET_UP, {"code": code_of(APP_SECRET)}).status_code == 303


@pytest.mark.parametrize("change", ["is_active", "password"])
def test_an_account_that_changes_between_the_two_steps(client, world, change):
    bayu = world.people["bayu"]
    bayu.set_password(PASSWORD)
    bayu.save()
    first = client.post("/akun/masuk/", {"login": bayu.username, "password": PASSWORD})
    assert first["Location"] == SECOND_STEP
    if change == "is_active":
        User.objects.filter(pk=bayu.pk).update(is_active=False)
    else:
        bayu.set_password("kunci-lain-yang-panjang-2")
        bayu.save()
    client.post(SECOND_STEP, {"code": code_of(APP_SECRET, steps=1)})
    assert client.get("/").status_code == 302, "signed in by a first step that no longer counts"
