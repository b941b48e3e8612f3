"""Signing in through an identity provider that speaks OpenID Connect, honestly and otherwise."""

import secrets
import socket

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from joserfc.jwk import RSAKey
from oidc_provider_mock import User as Known

from accounts.models import User
from audit.models import Event
from tests.accounts.provider import parameters, running
from tests.accounts.views.test_second_factor import SET_UP, code_of, set_up, sign_in, with_password
from tests.pages import text_of

LEAVE = "/akun/sso/"
BACK = "/akun/sso/kembali/"
SIGN_IN = "/akun/masuk/"
SECOND_STEP = "/akun/masuk/kode/"
ANI = "198609262015051001"


@pytest.fixture(scope="module")
def listening():
    with running(
        Known(sub="ani", claims={"nip": "19860926 201505 1 001"}),
        Known(sub="renamed", claims={"nip": ANI, "email": "lain@contoh.invalid", "name": "Lain"}),
        Known(sub="stranger", claims={"nip": "198609262015051999", "email": "ani@contoh.invalid"}),
        Known(sub="no-nip", claims={"email": "ani@contoh.invalid", "email_verified": True}),
        Known(sub="wrong-nip", claims={"nip": "12345"}),
        Known(sub="list", claims={"nip": [ANI]}),
        Known(sub="budi", claims={"nip": "198609262015051002"}),
    ) as provider:
        yield provider


@pytest.fixture
def provider(listening, settings):
    """Set in the portal, honest until a test says otherwise."""
    settings.OIDC_ISSUER = listening.issuer
    settings.OIDC_CLIENT_ID = f"prima-{secrets.token_hex(4)}"
    settings.OIDC_CLIENT_SECRET = "not-secret-in-a-test"
    settings.PORTAL_URL = "http://testserver"
    listening.forge = listening.published = None
    listening.says_of_itself = {}
    return listening


@pytest.fixture
def ani(ani):
    """Ani, whose account has an address."""
    ani.email = "ani@contoh.invalid"
    ani.save()
    return ani


def go(client, provider, subject, **asked):
    """Press the button, agree at the provider, and come back."""
    return client.get(provider.agree(client.get(LEAVE, asked)["Location"], subject))


def test_the_way_out_and_back_ends_where_the_person_wanted_to_go(client, ani, provider):
    page = client.get(SIGN_IN, {"next": "/akun/sesi/"})
    assert f'href="{LEAVE}?next=/akun/sesi/"' in page.text

    response = go(client, provider, "ani", next="/akun/sesi/")

    assert (response.status_code, response["Location"]) == (302, "/akun/sesi/")
    assert client.session["_auth_user_id"] == str(ani.pk)
    assert client.get("/akun/sesi/").status_code == 200


def test_the_question_carries_state_nonce_and_a_challenge_for_the_code(client, db, provider):
    asked = parameters(client.get(LEAVE)["Location"])
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert asked["scope"] == "openid profile"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_the_session_is_another_one_after_signing_in(client, ani, provider):
    address = client.get(LEAVE)["Location"]
    before = client.session.session_key
    client.get(provider.agree(address, "ani"))
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_nothing_of_the_provider_is_kept(client, ani, provider):
    go(client, provider, "ani")
    assert not [name for name, _ in client.session.items() if "state" in name or "token" in name]
    ani.refresh_from_db()
    assert ani.email == "ani@contoh.invalid"


@pytest.mark.parametrize("next_page", ["https://jahat.invalid/", "//jahat.invalid", "javascript:1"])
def test_it_leads_to_no_other_site(client, ani, provider, next_page):
    assert go(client, provider, "ani", next=next_page)["Location"] == "/"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("stranger", "belum terdaftar di portal ini. Hubungi pengelola kepegawaian"),
        ("no-nip", "tidak membawa NIP yang sah"),
        ("wrong-nip", "tidak membawa NIP yang sah"),
        ("list", "tidak membawa NIP yang sah"),
    ],
)
def test_who_is_not_known_by_nip_is_told_what_to_do(client, ani, provider, subject, said):
    accounts = User.objects.count()
    response = go(client, provider, subject)
    assert response.status_code == 403
    assert said in text_of(response)
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == accounts


def test_a_deactivated_account_stays_outside_and_it_is_on_record(client, ani, provider):
    ani.is_active = False
    ani.save()
    response = go(client, provider, "ani")
    assert response.status_code == 403
    assert "mengaktifkannya kembali" in text_of(response)
    assert "_auth_user_id" not in client.session
    assert Event.objects.filter(verb="single_sign_on.refused", subject_id=ani.pk).count() == 1


FORGERIES = {
    "another issuer": lambda claims: claims | {"iss": "https://jahat.invalid"},
    "another client": lambda claims: claims | {"aud": "another-client"},
    "several clients, none of them named": lambda claims: claims | {"aud": ["a", "b"]},
    "another question": lambda claims: claims | {"nonce": "of another question"},
    "no nonce": lambda claims: {name: claims[name] for name in claims if name != "nonce"},
    "long over": lambda claims: claims | {"exp": claims["iat"] - 3600},
    "without an end": lambda claims: {name: claims[name] for name in claims if name != "exp"},
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_token_that_was_not_made_for_this_is_refused(client, ani, provider, forgery):
    provider.forge = forgery
    response = go(client, provider, "ani")
    assert response.status_code == 403
    assert "Mulai sekali lagi" in text_of(response)
    assert "_auth_user_id" not in client.session


def test_a_token_signed_by_another_key_is_refused(client, ani, provider):
    provider.published = RSAKey.generate_key(parameters={"kid": provider.key.kid})
    assert go(client, provider, "ani").status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_provider_that_changed_its_key_without_another_name_is_believed(client, ani, provider):
    assert go(client, provider, "ani").status_code == 302
    client.logout()
    provider.key = RSAKey.generate_key(parameters={"kid": provider.key.kid})
    assert go(client, provider, "ani").status_code == 302
    assert client.session["_auth_user_id"] == str(ani.pk)


def test_a_provider_that_calls_itself_otherwise_is_refused(client, db, provider, settings):
    settings.OIDC_ISSUER = provider.issuer.replace("localhost", "127.0.0.1") + "/"
    response = client.get(LEAVE)
    assert response.status_code in {403, 502}
    assert "kata sandi" in text_of(response)


def test_the_answer_to_a_question_of_somebody_else_is_refused(client, ani, provider):
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    client.cookies.clear()
    assert client.get(address).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?error=server_error&state=x"])
def test_an_answer_without_its_question_is_refused(client, db, provider, query):
    assert client.get(BACK + query).status_code == 403


def test_an_answer_counts_once(client, ani, provider, settings):
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    assert client.get(address).status_code == 302
    client.post("/akun/keluar/")
    assert client.get(address).status_code == 403
    assert "_auth_user_id" not in client.session


def test_whoever_changes_their_mind_is_back_at_signing_in(client, db, provider):
    response = client.get(BACK, {"error": "access_denied", "state": "x"}, follow=True)
    assert response.redirect_chain == [(SIGN_IN, 302)]
    assert "dibatalkan" in text_of(response)


def test_a_provider_that_does_not_answer_leaves_the_password(client, ani, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.OIDC_ISSUER = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        response = client.get(LEAVE)
    assert response.status_code == 502
    assert "Masuklah dengan kata sandi" in text_of(response)
    assert sign_in(client, with_password(ani)).status_code == 302


def test_the_second_step_follows_as_after_a_password(client, budi, provider, settings):
    sign_in(client, with_password(budi))
    secret = set_up(client)
    client.post("/akun/keluar/")

    assert go(client, provider, "budi")["Location"].startswith(SECOND_STEP)
    assert client.get("/").status_code == 302, "not signed in before the second step"
    assert client.post(SECOND_STEP, {"code": code_of(secret, steps=1)}).status_code == 302
    assert client.session["_auth_user_id"] == str(budi.pk)


def test_without_a_provider_there_is_neither_button_nor_address(client, db):
    assert LEAVE not in client.get(SIGN_IN).text
    assert [client.get(address).status_code for address in (LEAVE, BACK)] == [404, 404]


def test_whoever_just_came_in_that_way_need_not_confirm_by_a_password(client, ani, provider):
    ani.set_unusable_password()
    ani.save()
    go(client, provider, "ani")
    assert client.get(SET_UP).status_code == 200


def test_a_code_of_somebody_else_is_worth_nothing_with_ones_own_question(client, ani, provider):
    """Whoever slips their code into another one's way back would sign that one in as themselves."""
    stolen = parameters(provider.agree(Client().get(LEAVE)["Location"], "ani"))["code"]
    own = parameters(client.get(LEAVE)["Location"])["state"]
    answer = client.get(BACK, {"code": stolen, "state": own})
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)


def test_an_answer_that_names_another_issuer_is_refused(client, ani, provider):
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    assert client.get(f"{address}&iss=https://jahat.invalid").status_code == 403
    assert "_auth_user_id" not in client.session
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    assert client.get(f"{address}&iss={provider.issuer}").status_code == 302


def test_a_provider_that_promised_to_name_itself_must(client, ani, provider):
    provider.says_of_itself = {"authorization_response_iss_parameter_supported": True}
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    assert client.get(address).status_code == 403
    address = provider.agree(client.get(LEAVE)["Location"], "ani")
    assert client.get(f"{address}&iss={provider.issuer}").status_code == 302


def test_another_address_and_name_at_the_provider_change_nothing_here(client, ani, provider):
    before = User.objects.filter(pk=ani.pk).values("email", "name", "username", "password").get()
    assert go(client, provider, "renamed").status_code == 302
    assert client.session["_auth_user_id"] == str(ani.pk)
    after = User.objects.filter(pk=ani.pk).values("email", "name", "username", "password").get()
    assert after == before


def test_what_a_session_was_before_does_not_go_over_to_the_person(client, ani, budi, provider):
    """Somebody who is signed in already does not become half another one."""
    sign_in(client, with_password(budi))
    before = client.cookies["sessionid"].value
    go(client, provider, "ani")
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/").status_code == 302
    assert client.session["_auth_user_id"] == str(ani.pk)


def test_signing_out_says_that_the_provider_goes_on_and_ends_the_session(client, ani, provider):
    go(client, provider, "ani")
    kept = client.cookies["sessionid"].value
    left = client.post("/akun/keluar/", follow=True)
    assert "Di komputer bersama, keluar juga dari sana" in text_of(left)
    other = Client()
    other.cookies["sessionid"] = kept
    assert [each.get("/").status_code for each in (client, other)] == [302, 302]
    sign_in(client, with_password(ani))
    assert "keluar juga dari sana" not in text_of(client.post("/akun/keluar/", follow=True))
