"""Too many wrong passwords hold up one account from one address, and nobody else."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD

SIGN_IN = "/akun/masuk/"
TRIES = 10


@pytest.fixture
def ani_with_password(ani):
    ani.set_password(PASSWORD)
    ani.save()
    return ani


def sign_in(client, user, password, address="10.0.0.1"):
    return client.post(SIGN_IN, {"login": user.nip, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_is_refused_after_ten_wrong_ones(client, ani_with_password):
    for _ in range(TRIES - 1):
        assert sign_in(client, ani_with_password, "salah-salah-salah").status_code == 200

    assert sign_in(client, ani_with_password, "salah-salah-salah").status_code == 429
    locked = sign_in(client, ani_with_password, PASSWORD)
    assert locked.status_code == 429
    assert "Masuk ditahan sementara" in locked.text
    assert reverse("account_reset_password") in locked.text
    assert "_auth_user_id" not in client.session


def test_another_address_and_another_colleague_sign_in_as_ever(client, ani_with_password, budi):
    budi.set_password(PASSWORD)
    budi.save()
    for _ in range(TRIES):
        sign_in(client, ani_with_password, "salah-salah-salah")

    assert sign_in(client, budi, PASSWORD).status_code == 302
    client.logout()
    assert sign_in(client, ani_with_password, PASSWORD, address="10.0.0.2").status_code == 302


def test_nine_wrong_ones_are_forgiven_by_the_right_one(client, ani_with_password):
    for _ in range(2):
        for _ in range(TRIES - 1):
            sign_in(client, ani_with_password, "salah-salah-salah")
        assert sign_in(client, ani_with_password, PASSWORD).status_code == 302
        client.logout()


def test_signing_in_works_while_redis_is_away(client, ani_with_password, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert sign_in(client, ani_with_password, PASSWORD).status_code == 302
