"""Links that set a password: for those who forgot theirs, and for those who never had one."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import Letter, PasswordLink, User
from accounts.operations import deliver_letters, invite, make_link
from audit.models import Event
from tests.factories import PASSWORD, make_user
from tests.pages import text_of

SIGN_IN = "/akun/masuk/"
FORGOTTEN = "/akun/lupa-kata-sandi/"
SENT = f"{FORGOTTEN}terkirim/"
FRESH = "sandi-yang-lain-2"
DEAD = "Tautan tidak berlaku"


@pytest.fixture
def ani(ani):
    ani.set_password(PASSWORD)
    ani.email = "ani@contoh.invalid"
    ani.save()
    return ani


def link_in(mail):
    return re.search(r"http://localhost:\d+(/akun/kata-sandi/tautan/\S+)", mail.body).group(1)


def asked_for(client, mailoutbox, typed="ani@contoh.invalid"):
    assert client.post(FORGOTTEN, {"email": typed})["Location"] == SENT
    deliver_letters()
    return link_in(mailoutbox.pop())


def choose(client, link, password=FRESH):
    return client.post(link, {"password1": password, "password2": password})


def sign_in(client, user, password):
    return client.post(SIGN_IN, {"login": user.nip, "password": password})


@pytest.mark.parametrize(
    "typed", ["19860926 201505 1 001", "ani@contoh.invalid", "ANI@contoh.invalid"]
)
def test_a_new_password_is_made_through_the_link_in_the_mail(client, ani, mailoutbox, typed):
    link = asked_for(client, mailoutbox, typed)
    assert "Buat kata sandi" in text_of(client.get(link))
    assert choose(client, link)["Location"] == SIGN_IN
    assert sign_in(client, ani, FRESH).status_code == 302
    assert Event.objects.filter(verb="password.chosen", subject_id=str(ani.pk)).count() == 1


def test_a_link_works_once(client, ani, mailoutbox):
    link = asked_for(client, mailoutbox)
    assert choose(client, link).status_code == 303
    assert DEAD in text_of(client.get(link))
    assert DEAD in text_of(choose(client, link, "sandi-yang-ketiga-3"))
    assert sign_in(client, ani, FRESH).status_code == 302


def test_a_newer_link_ends_the_older(client, ani, mailoutbox):
    older, newer = asked_for(client, mailoutbox), asked_for(client, mailoutbox)
    assert DEAD in text_of(choose(client, older))
    assert choose(client, newer).status_code == 303


@pytest.mark.parametrize("change", ["password", "email", "is_active"])
def test_what_changes_the_account_ends_the_link(client, ani, mailoutbox, change):
    link = asked_for(client, mailoutbox)
    if change == "password":
        ani.set_password("sandi-yang-ketiga-3")
    elif change == "email":
        ani.email = "lain@contoh.invalid"
    else:
        ani.is_active = False
    ani.save()
    assert DEAD in text_of(client.get(link))
    assert DEAD in text_of(choose(client, link))


def test_a_link_for_the_forgetful_lasts_two_hours(client, ani, mailoutbox):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        link = asked_for(client, mailoutbox)
        clock.move_to(now + timedelta(hours=1, minutes=59))
        assert DEAD not in text_of(client.get(link))
        clock.move_to(now + timedelta(hours=2))
        assert DEAD in text_of(choose(client, link))


def test_an_invitation_lasts_seven_days(client, ani):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        token = make_link(user=ani, purpose=LinkPurpose.INVITATION)
        clock.move_to(now + timedelta(days=6, hours=23))
        assert DEAD not in text_of(client.get(f"/akun/kata-sandi/tautan/{token}/"))
        clock.move_to(now + timedelta(days=7))
        assert DEAD in text_of(client.get(f"/akun/kata-sandi/tautan/{token}/"))


def test_a_forged_host_changes_no_link(client, ani, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(FORGOTTEN, {"email": ani.nip}, headers={"host": "jahat.invalid"})
    deliver_letters()
    assert "jahat" not in mailoutbox[0].body
    assert link_in(mailoutbox[0])


def test_only_a_digest_of_the_token_is_stored(ani):
    token = make_link(user=ani, purpose=LinkPurpose.RESET)
    assert len(token) == 43
    assert token not in str(list(PasswordLink.objects.values_list()))


def test_the_request_sends_nothing_itself_and_writes_the_same_for_all(client, ani, mailoutbox):
    for typed in (ani.nip, "198609262015051999"):
        assert client.post(FORGOTTEN, {"email": typed})["Location"] == SENT
    assert mailoutbox == []
    assert Letter.objects.count() == 2
    deliver_letters()
    assert [mail.to for mail in mailoutbox] == [["ani@contoh.invalid"]]
    assert Letter.objects.count() == 0


def test_a_known_and_an_unknown_account_cost_the_same_statements(
    client, ani, django_assert_num_queries
):
    client.post(FORGOTTEN, {"email": "x@contoh.invalid"})
    for typed in (ani.nip, "198609262015051999", "siapa@contoh.invalid"):
        with django_assert_num_queries(5):
            client.post(FORGOTTEN, {"email": typed})


def test_asking_works_while_redis_is_away(client, ani, mailoutbox, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert choose(client, asked_for(client, mailoutbox)).status_code == 303


@pytest.mark.parametrize("typed", ["198609262015051001", "198609262015051999"])
def test_the_fourth_request_in_an_hour_is_told_to_wait(client, ani, typed):
    for _ in range(3):
        assert client.post(FORGOTTEN, {"email": typed}).status_code == 303
    refused = client.post(FORGOTTEN, {"email": typed})
    assert "Terlalu sering dicoba. Tunggu 60 menit" in text_of(refused)
    assert Letter.objects.count() == 3


def test_an_account_is_sent_three_links_an_hour_however_it_is_spelled(client, ani, mailoutbox):
    spellings = [ani.nip, "ani@contoh.invalid"]
    links = [asked_for(client, mailoutbox, typed) for typed in (*spellings, ani.nip)]
    for typed in (ani.nip.replace("2015", "2015 "), "ani@contoh.invalid", "Ani@Contoh.invalid"):
        if client.post(FORGOTTEN, {"email": typed}).status_code == 303:
            assert deliver_letters() == 1
    assert mailoutbox == []
    assert choose(client, links[-1]).status_code == 303


def test_what_is_withheld_from_one_account_is_sent_to_another_of_the_same_address(
    client, ani, mailoutbox
):
    for _ in range(3):
        asked_for(client, mailoutbox, ani.nip)
    make_user("Anto", serial=7, email="ani@contoh.invalid")
    client.post(FORGOTTEN, {"email": "ani@contoh.invalid"})
    deliver_letters()
    assert len(mailoutbox) == 1


def test_a_mail_server_that_is_away_keeps_the_letter_and_the_older_link(
    client, ani, mailoutbox, settings
):
    link = asked_for(client, mailoutbox)
    client.post(FORGOTTEN, {"email": ani.nip})
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert deliver_letters() == 0
    assert list(Letter.objects.values_list("attempts", flat=True)) == [1]
    assert DEAD not in text_of(client.get(link))
    settings.EMAIL_BACKEND = backend
    Letter.objects.update(next_at=timezone.now())
    assert deliver_letters() == 1
    assert link_in(mailoutbox[0]) != link


def test_a_letter_that_cannot_be_written_does_not_hold_up_those_behind_it(ani, mailoutbox):
    Letter.objects.create(kind="FROM_A_NEWER_VERSION", addressee=str(ani.pk))
    Letter.objects.create(kind="PASSWORD_CHANGED", addressee=str(ani.pk))
    assert deliver_letters() == 1
    assert [mail.to for mail in mailoutbox] == [[ani.email]]
    assert list(Letter.objects.values_list("kind", "attempts")) == [("FROM_A_NEWER_VERSION", 1)]


@pytest.mark.parametrize("typed", ["198609262015051002", "mati@contoh.invalid"])
def test_without_address_or_switched_off_no_link_is_sent(client, budi, mailoutbox, typed):
    make_user("Mati", serial=8, email="mati@contoh.invalid", is_active=False)
    assert client.post(FORGOTTEN, {"email": typed})["Location"] == SENT
    deliver_letters()
    assert mailoutbox == []


def test_ones_own_change_of_password_is_told_and_on_record_and_ends_a_link(client, ani, mailoutbox):
    link = asked_for(client, mailoutbox)
    sign_in(client, ani, PASSWORD)
    fields = {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    assert client.post("/akun/kata-sandi/", fields).status_code == 302
    assert client.get("/").status_code == 200
    deliver_letters()
    assert [mail.to for mail in mailoutbox] == [["ani@contoh.invalid"]]
    assert "diganti dari halaman “Akun saya”" in mailoutbox[0].body
    event = Event.objects.get(verb="password.changed")
    assert (event.actor_id, event.subject_id) == (ani.pk, str(ani.pk))
    assert DEAD in text_of(client.get(link))


# --- Invitations


def test_whoever_has_no_password_is_invited_and_signs_in(client, db, mailoutbox):
    gita = make_user("Gita", serial=9, email="gita@contoh.invalid")
    opera = User.objects.create_superuser(username="opera")
    done = invite(users=[gita], by=opera)
    assert (done.invited, done.without_address, done.with_password) == (1, 0, 0)
    deliver_letters()
    link = link_in(mailoutbox[0])
    assert "Undangan" in mailoutbox[0].subject
    assert choose(client, link).status_code == 303
    assert sign_in(client, gita, FRESH).status_code == 302
    event = Event.objects.get(verb="account.invited")
    assert (event.actor_id, event.subject_id) == (opera.pk, str(gita.pk))


def test_an_invitation_leaves_alone_whoever_can_sign_in_or_cannot_be_reached(
    client, ani, budi, mailoutbox
):
    gone = make_user("Mati", serial=8, email="mati@contoh.invalid", is_active=False)
    done = invite(users=[ani, budi, gone], by=budi)
    assert (done.invited, done.without_address, done.with_password) == (0, 1, 2)
    deliver_letters()
    assert mailoutbox == []


def test_inviting_again_ends_the_older_invitation(client, db, mailoutbox):
    gita = make_user("Gita", serial=9, email="gita@contoh.invalid")
    for _ in range(2):
        invite(users=[gita], by=gita)
        deliver_letters()
    older, newer = map(link_in, mailoutbox)
    assert DEAD in text_of(choose(client, older))
    assert choose(client, newer).status_code == 303


def test_operators_invite_from_the_admin(client, db, mailoutbox):
    gita = make_user("Gita", serial=9, email="gita@contoh.invalid")
    client.force_login(User.objects.create_superuser(username="opera"))
    action = {"action": "send_invitations", "_selected_action": str(gita.pk)}
    answer = client.post("/operator/accounts/user/", action, follow=True)
    assert "Undangan dikirim: 1. Tanpa surel dinas: 0." in text_of(answer)
    deliver_letters()
    assert mailoutbox[0].to == ["gita@contoh.invalid"]


def test_another_address_is_told_to_the_old_one(client, ani, mailoutbox):
    client.force_login(User.objects.create_superuser(username="opera"))
    fields = {
        "name": ani.name,
        "employment_type": "PNS",
        "is_active": "on",
        "email": "baru@contoh.invalid",
        "former_nips-TOTAL_FORMS": "0",
        "former_nips-INITIAL_FORMS": "0",
    }
    assert client.post(f"/operator/accounts/user/{ani.pk}/change/", fields).status_code == 302
    deliver_letters()
    assert [mail.to for mail in mailoutbox] == [["ani@contoh.invalid"]]
    assert "diganti" in mailoutbox[0].subject
    assert Event.objects.filter(verb="account.address_changed").count() == 1
