"""The second step: who must, how it is set up, and that nothing leads around it."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.operations import renew_recovery_codes, reset_second_factor
from accounts.queries import lacks_second_factor
from audit.models import Event
from organization.models import HrMandate
from tests.factories import LONG_AGO, PASSWORD, post
from tests.pages import text_of

SIGN_IN = "/akun/masuk/"
SECOND_STEP = "/akun/masuk/kode/"
SET_UP = "/akun/verifikasi/pasang/"
CODES = "/akun/verifikasi/kode-cadangan/"
STEP = timedelta(seconds=30)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED = True


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user):
    return client.post(SIGN_IN, {"login": user.username, "password": PASSWORD})


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


def set_up(client):
    """Set it up on the pages, and return the secret that the phone holds."""
    page = client.get(SET_UP)
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text).group(1).replace(" ", "")
    assert client.post(SET_UP, {"code": code_of(secret)})["Location"] == CODES
    return secret


def recovery_codes(client):
    return re.findall(r"<code>(\d{8})</code>", client.get(CODES).text)


def test_whoever_sets_it_up_is_asked_at_the_next_sign_in(client, ani, clock):
    sign_in(client, with_password(ani))
    secret = set_up(client)
    assert len(recovery_codes(client)) == 10
    client.logout()
    assert sign_in(client, ani)["Location"] == SECOND_STEP
    clock.shift(STEP)
    assert client.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Event.objects.filter(verb="second_factor.set_up").count() == 1


@pytest.mark.parametrize("path", ["/", "/penilaian/", "/akun/", "/akun/verifikasi/lepas/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_between_the_steps_nobody_is_signed_in(client, ani, clock, path, method):
    sign_in(client, with_password(ani))
    set_up(client)
    client.logout()
    sign_in(client, ani)
    answer = getattr(client, method)(path)
    unsent = "&unsaved=1" if method == "post" else ""
    assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next={path}{unsent}")


def test_between_the_steps_another_account_may_sign_in(client, ani, budi, clock):
    """Whoever typed a password on a shared device and has no code must not hold up the next person."""
    sign_in(client, with_password(ani))
    secret = set_up(client)
    client.logout()
    sign_in(client, ani)
    assert client.get(SIGN_IN)["Location"] == SECOND_STEP
    assert reverse("accounts:start_over") in client.get(SECOND_STEP).text
    given_up = client.post(reverse("accounts:start_over"))
    assert (given_up.status_code, given_up["Location"]) == (303, SIGN_IN)
    clock.shift(STEP)
    assert client.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == SIGN_IN
    assert sign_in(client, with_password(budi))["Location"] == "/"
    assert client.post(reverse("accounts:start_over"))["Location"] == SIGN_IN
    assert client.get("/").context["user"] == budi


def test_a_code_counts_once_also_the_one_of_the_set_up(client, ani, clock):
    sign_in(client, with_password(ani))
    secret = set_up(client)
    first = code_of(secret)
    client.logout()
    sign_in(client, ani)
    assert "Kode tidak cocok atau sudah dipakai" in text_of(
        client.post(SECOND_STEP, {"code": first})
    )
    clock.shift(STEP)
    second = code_of(secret)
    assert client.post(SECOND_STEP, {"code": second}).status_code == 302
    other = Client()
    sign_in(other, ani)
    assert other.post(SECOND_STEP, {"code": second}).status_code == 200
    assert other.post(SECOND_STEP, {"code": first}).status_code == 200


def test_a_code_of_paper_counts_once(client, ani, clock):
    sign_in(client, with_password(ani))
    set_up(client)
    paper = recovery_codes(client)[3]
    client.logout()
    sign_in(client, ani)
    assert client.post(SECOND_STEP, {"code": paper})["Location"] == "/"
    other = Client()
    sign_in(other, ani)
    assert other.post(SECOND_STEP, {"code": paper}).status_code == 200


def test_codes_work_and_are_limited_while_redis_is_away(client, ani, clock, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    sign_in(client, with_password(ani))
    secret = set_up(client)
    client.logout()
    sign_in(client, ani)
    clock.shift(STEP)
    assert client.post(SECOND_STEP, {"code": code_of(secret)}).status_code == 302


def test_the_sixth_guess_is_refused_even_if_it_is_right(client, ani, clock):
    sign_in(client, with_password(ani))
    secret = set_up(client)
    client.logout()
    sign_in(client, ani)
    clock.shift(STEP)
    right = code_of(secret)
    wrong = f"{(int(right) + 500_000) % 1_000_000:06d}"
    for _ in range(5):
        assert "Kode tidak cocok" in text_of(client.post(SECOND_STEP, {"code": wrong}))
    assert "Tunggu 15 menit" in text_of(client.post(SECOND_STEP, {"code": right}))
    clock.shift(timedelta(minutes=15))
    assert client.post(SECOND_STEP, {"code": code_of(secret)}).status_code == 302


def test_the_picture_holds_the_secret_and_is_an_image_of_its_own(client, ani):
    sign_in(client, with_password(ani))
    page = client.get(SET_UP)
    assert 'src="/akun/verifikasi/pasang/kode.svg"' in page.text
    picture = client.get(f"{SET_UP}kode.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "style=" not in picture.text
    assert picture["Cache-Control"] == "no-store"


def test_the_secret_is_unreadable_in_the_database(client, ani, clock):
    sign_in(client, with_password(ani))
    secret = set_up(client)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_the_secret_is_unreadable_there_before_it_is_set_up_too(client, ani):
    sign_in(client, with_password(ani))
    secret = client.get(SET_UP).context["secret"].replace(" ", "")
    assert client.get(SET_UP).context["secret"].replace(" ", "") == secret
    assert secret not in str([each.get_decoded() for each in Session.objects.all()])


def test_setting_it_up_ends_the_other_sessions(client, ani, clock):
    other = Client()
    sign_in(other, with_password(ani))
    sign_in(client, ani)
    set_up(client)
    assert other.get("/")["Location"] == f"{SIGN_IN}?next=/"
    assert client.get("/").status_code == 200


# --- Who must


@pytest.fixture
def hesti(citra, units):
    HrMandate.objects.create(user=citra, unit=units.root, valid=DateRange(LONG_AGO, None))
    citra.postings.all().delete()
    return citra


@pytest.fixture
def opera(db):
    return User.objects.create_superuser(username="opera")


@pytest.mark.parametrize("who", ["budi", "dewi", "eko", "hesti", "opera"])
@pytest.mark.parametrize("path", ["/", "/penilaian/", "/akun/", "/akun/sesi/"])
def test_duties_are_led_to_the_set_up_wherever_they_go(request, client, required, who, path):
    client.force_login(request.getfixturevalue(who))
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)


def test_what_was_sent_when_a_duty_began_is_kept_until_the_second_step_is_set_up(
    client, ani, units, required, clock
):
    sign_in(client, with_password(ani))
    form = client.get("/akun/").content.decode()
    post(ani, units.ani, head=True, kind="PLT")
    sent = {
        "csrfmiddlewaretoken": field_of(form, "csrfmiddlewaretoken"),
        "time_zone": "Asia/Makassar",
    }
    kept = client.post(
        "/akun/zona-waktu/", urlencode(sent), content_type="application/x-www-form-urlencoded"
    )
    assert kept.status_code == 409
    assert "belum tersimpan" in text_of(kept)
    set_up(client)
    page = kept.content.decode()
    again = {name: field_of(page, name) for name in sent}
    assert client.post("/akun/zona-waktu/", again).status_code == 303
    ani.refresh_from_db()
    assert ani.time_zone == "Asia/Makassar"


def field_of(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def test_whoever_must_can_set_it_up_and_leave(client, budi, required, clock):
    sign_in(client, with_password(budi))
    assert "Tugas Anda membuka data orang lain" in text_of(client.get(SET_UP))
    set_up(client)
    assert client.get("/").status_code == 200
    assert client.post("/akun/keluar/").status_code == 302


def test_whoever_must_can_leave_before(client, budi, required):
    client.force_login(budi)
    assert client.post("/akun/keluar/")["Location"] == SIGN_IN


def test_an_employee_need_not_but_may(client, ani, required, clock):
    sign_in(client, with_password(ani))
    assert client.get("/").status_code == 200
    set_up(client)
    assert client.post("/akun/verifikasi/lepas/").status_code == 303
    assert Authenticator.objects.count() == 0


def test_a_post_that_begins_asks_at_the_next_request(client, ani, budi, required):
    client.force_login(ani)
    assert client.get("/").status_code == 200
    ani.postings.all().delete()
    budi.postings.update(user=ani)
    assert client.get("/")["Location"] == SET_UP


def test_whoever_must_cannot_take_it_off(client, budi, required, clock):
    sign_in(client, with_password(budi))
    set_up(client)
    refused = client.post("/akun/verifikasi/lepas/")
    assert refused.status_code == 409
    assert "tidak dapat dilepas" in text_of(refused)
    assert Authenticator.objects.filter(user=budi).count() == 2


def test_who_must_is_found_in_one_query(ani, required, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not lacks_second_factor(ani, timezone.localdate())


# --- Operators, and proofs that are old


def test_an_operator_resets_a_lost_phone_and_the_sessions_end(client, ani, opera, clock):
    sign_in(client, with_password(ani))
    set_up(client)
    admin = Client()
    admin.force_login(opera)
    action = {"action": "reset_second_factors", "_selected_action": str(ani.pk)}
    answer = admin.post("/operator/accounts/user/", action, follow=True)
    assert "diatur ulang untuk 1 orang" in text_of(answer)
    assert client.get("/").status_code == 302
    assert sign_in(client, ani)["Location"] == "/"
    event = Event.objects.get(verb="second_factor.reset")
    assert (event.actor_id, event.subject_id) == (opera.pk, str(ani.pk))
    assert reset_second_factor(user=ani, by=opera) is False


@pytest.mark.django_db(transaction=True)
def test_an_operator_waits_for_the_account_before_taking_its_phone(ani, opera, eventually):
    """Whoever renews the codes holds the account first, too: in another order each would wait for the other."""
    Authenticator.objects.create(user=ani, type="totp", data={})

    def reset():
        with closing(connection):
            return reset_second_factor(user=ani, by=opera)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=ani.pk)
            waits = pool.submit(reset)
            eventually(somebody_waits)
            phone = Authenticator.objects.select_for_update(nowait=True).get(user=ani)
        assert phone.type == "totp"
        assert waits.result() is True


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > 0 FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


def test_codes_are_not_renewed_for_whoever_took_the_app_off_meanwhile(ani):
    renew_recovery_codes(user=ani)
    assert not Authenticator.objects.filter(user=ani).exists()
    assert not Event.objects.filter(verb="second_factor.codes_renewed").exists()


def test_an_old_proof_is_asked_for_again(client, ani, clock):
    sign_in(client, with_password(ani))
    clock.shift(timedelta(minutes=16))
    answer = client.get(SET_UP)
    assert answer["Location"] == f"/akun/konfirmasi/?next={SET_UP}"
    back = client.post(answer["Location"], {"password": PASSWORD, "next": SET_UP})
    assert back["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_without_a_password_the_way_to_confirm_is_said(client, budi):
    client.force_login(budi)
    answer = client.get("/akun/konfirmasi/")
    assert answer.status_code == 200
    assert "Keluar, masuk lagi seperti biasa" in text_of(answer)
