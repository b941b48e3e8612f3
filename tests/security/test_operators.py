"""The admin: nobody but operators, nothing deleted, nothing written where it is only read."""

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts.clock import portal_today
from accounts.models import RoleGrant, User
from assessments.models import ScoringJob
from organization.models import HrMandate, Posting
from tests.architecture.test_access import walk
from tests.factories import LONG_AGO
from tests.security.cast import ANONYMOUS, INACTIVE, OPERATOR
from tests.security.checking import MISSING, without_traces

# By the app: what operators may do in the admin. An app that is in neither set fails.
KEPT = {"accounts", "organization"}
READ_ONLY = {"assessments", "audit", "axes", "pillars"}
NO_NEW_ONES = {"user"}
OTHERS = ("ani", "budi", "gunawan", "eko", "hesti")


@pytest.fixture(autouse=True)
def _stuck(portal, world):
    """A score that could not be made: all others are, so that nothing waits. And a wrong password."""
    AccessAttempt.objects.create(username=world.people["ani"].username, failures_since_start=3)
    submission = world.assessment("bayu").submission
    ScoringJob.objects.create(
        submission=submission, kind="SELF", failed_at=timezone.now(), error="ZeroDivisionError"
    )


def models():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def pages():
    """Every address of the admin, with a real object where it asks for one."""
    for route, _pattern, spaces in walk():
        if spaces[:1] != ["admin"]:
            continue
        if "<path:object_id>" not in route and "(?P<" not in route and "<path:" not in route:
            yield "/" + route
    for model in models():
        found = model._default_manager.first()
        key = found.pk if found else MISSING
        for page in ("change", "history", "delete"):
            yield address(model, page, key)
    yield "/operator/accounts/"
    yield "/operator/x/y/z/"
    yield f"/operator/r/1/{User.objects.first().pk}/"


def test_every_model_is_of_a_known_kind():
    """Remedy: decide what operators may do with it, and add its app to a set above."""
    assert {model._meta.app_label for model in models()} == KEPT | READ_ONLY


def test_every_group_of_pages_has_a_name_in_the_operators_language():
    """Remedy: give the app of a library a name of ours, in `PortalConfig.ready`."""
    assert {str(apps.get_app_config(model._meta.app_label).verbose_name) for model in models()} == {
        *("Akun", "Instrumen", "Jejak audit", "Organisasi", "Penilaian"),
        "Percobaan masuk yang gagal",
    }


def test_for_others_there_is_no_admin(portal):
    nowhere = without_traces(
        portal.ask("dewi", "GET", "/operator/tidak-ada/"), "/operator/tidak-ada/"
    )
    for path in pages():
        for method in ("GET", "POST"):
            response = portal.ask("dewi", method, path)
            assert response.status_code == 404, (method, path)
            assert without_traces(response, path) == nowhere, (method, path)


@pytest.mark.parametrize("who", OTHERS)
def test_whatever_somebody_is_besides_there_is_no_admin(portal, who):
    for path in (
        "/operator/",
        "/operator/autocomplete/",
        *(address(m, "changelist") for m in models()),
    ):
        assert portal.ask(who, "GET", path).status_code == 404, path


@pytest.mark.parametrize("who", [ANONYMOUS, INACTIVE])
def test_whoever_is_not_signed_in_is_sent_to_the_portals_door(portal, who):
    for path in pages():
        for method in ("GET", "POST"):
            response = portal.ask(who, method, path)
            assert response.status_code == 302, (method, path)
            assert response["Location"].startswith("/akun/masuk/?next=/operator/")


def test_operators_find_and_read_everything(portal):
    for model in models():
        assert portal.ask(OPERATOR, "GET", address(model, "changelist")).status_code == 200
        found = model._default_manager.first()
        assert found is not None, f"{model._meta.label}: the world has none"
        for page in ("change", "history"):
            answer = portal.ask(OPERATOR, "GET", address(model, page, found.pk))
            assert answer.status_code == 200, (model._meta.label, page)


def test_operators_delete_nothing_of_ours(portal):
    for model in models():
        found = model._default_manager.first()
        before = set(model._default_manager.values_list("pk", flat=True))
        for method in ("GET", "POST"):
            response = portal.ask(
                OPERATOR, method, address(model, "delete", found.pk), {"post": "yes"}
            )
            assert response.status_code == 403, model._meta.label
        action = {"action": "delete_selected", "_selected_action": str(found.pk), "post": "yes"}
        portal.be(OPERATOR).post(address(model, "changelist"), action)
        # Asking is on record, so the record itself may have grown.
        assert before <= set(model._default_manager.values_list("pk", flat=True))


def test_operators_change_nothing_that_is_only_read(portal):
    for model in models():
        may_add = model._meta.app_label in KEPT and model._meta.model_name not in NO_NEW_ONES
        expected = 200 if may_add else 403
        assert portal.ask(OPERATOR, "GET", address(model, "add")).status_code == expected
        if model._meta.app_label in READ_ONLY:
            found = model._default_manager.first()
            for path in (address(model, "add"), address(model, "change", found.pk)):
                assert portal.ask(OPERATOR, "POST", path, {"name": "x"}).status_code == 403, path


def test_staff_without_powers_reads_nothing(portal, world):
    person = world.people["vina"]
    User.objects.filter(pk=person.pk).update(is_staff=True)
    assert portal.ask("vina", "GET", "/operator/").status_code == 200
    for model in models():
        assert portal.ask("vina", "GET", address(model, "changelist")).status_code == 403


def test_only_a_superuser_makes_operators(portal, world):
    vina, ani = world.people["vina"], world.people["ani"]
    User.objects.filter(pk=vina.pk).update(is_staff=True)
    vina.user_permissions.add(*Permission.objects.filter(codename__in=("change_user", "view_user")))
    path = address(User, "change", ani.pk)
    fields = {"name": ani.name, "employment_type": "PNS", "is_active": "on", "is_staff": "on"}
    fields |= {
        "is_superuser": "on",
        "former_nips-TOTAL_FORMS": "0",
        "former_nips-INITIAL_FORMS": "0",
    }
    portal.be("vina").post(path, fields)
    ani.refresh_from_db()
    assert (ani.is_staff, ani.is_superuser) == (False, False)


# --- Nobody raises themselves


def _as_staff(world, *permissions):
    """Vina as an operator who is no superuser."""
    vina = world.people["vina"]
    User.objects.filter(pk=vina.pk).update(is_staff=True)
    vina.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return vina


GIFTS = {
    RoleGrant: {"role": "AUDITOR", "reason": "SK 1"},
    HrMandate: {"reason": "SK 1"},
    Posting: {"kind": "PLT"},
}


@pytest.mark.parametrize("model", GIFTS)
def test_nobody_gives_a_duty_a_mandate_or_a_post_to_themselves(portal, world, model):
    post_of_head = world.units["seksi"].positions.get(is_head=True)
    fields = {"unit": world.units["root"].pk, "position": post_of_head.pk, **GIFTS[model]}
    fields |= {"valid_0": "2026-01-01", "valid_1": "2026-01-31"}
    path, before = address(model, "add"), model.objects.count()
    own = portal.be(OPERATOR).post(path, {**fields, "user": world.people[OPERATOR].pk})
    assert own.status_code == 200
    assert own.context["adminform"].errors["user"] == [
        "Pilih pegawai yang terdaftar, bukan diri Anda sendiri. Untuk Anda sendiri, minta operator lain."
    ]
    assert model.objects.count() == before
    given = portal.be(OPERATOR).post(path, {**fields, "user": world.people["lina"].pk})
    assert given.status_code == 302
    assert model.objects.count() == before + 1


def test_nobody_lengthens_their_own_duty(portal, world):
    valid = DateRange(LONG_AGO, portal_today())
    own = RoleGrant.objects.create(user=world.people[OPERATOR], role="AUDITOR", valid=valid)
    path = address(RoleGrant, "change", own.pk)
    assert portal.ask(OPERATOR, "GET", path).status_code == 200
    fields = {"valid_0": "2020-01-01", "valid_1": "", "reason": "x"}
    assert portal.be(OPERATOR).post(path, fields).status_code == 403
    own.refresh_from_db()
    assert own.valid == valid


def test_an_operators_account_is_changed_by_a_superuser_only(portal, world):
    """Another address, and then a link for the forgetful, would be the way into it."""
    vina = _as_staff(world, "change_user", "view_user")
    opera = world.people[OPERATOR]
    fields = {"name": "Lain", "employment_type": "OTHER", "email": "jahat@contoh.invalid"}
    fields |= {"former_nips-TOTAL_FORMS": "0", "former_nips-INITIAL_FORMS": "0"}
    for person in (opera, vina):
        path = address(User, "change", person.pk)
        assert portal.ask("vina", "GET", path).status_code == 200
        assert portal.be("vina").post(path, fields).status_code == 403
    assert User.objects.filter(email="jahat@contoh.invalid").count() == 0
    lina = address(User, "change", world.people["lina"].pk)
    assert portal.be("vina").post(lina, {**fields, "is_active": "on"}).status_code == 302


def test_a_second_factor_is_reset_by_somebody_else_and_an_operators_by_a_superuser(portal, world):
    vina, opera, bayu = (
        _as_staff(world, "change_user", "view_user"),
        *map(world.people.__getitem__, (OPERATOR, "bayu")),
    )
    for person in (vina, opera):
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})

    def reset(who, *people):
        chosen = {
            "action": "reset_second_factors",
            "_selected_action": [each.pk for each in people],
        }
        assert portal.be(who).post(address(User, "changelist"), chosen).status_code == 302
        held = Authenticator.objects.filter(type="totp").values_list("user", flat=True)
        return {person for person in people if person.pk not in held}

    assert reset("vina", opera, vina, bayu) == {bayu}
    assert reset(OPERATOR, opera, vina) == {vina}
