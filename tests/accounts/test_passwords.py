"""What a password may be."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import make_user

LONG = "hujan turun di atas séng ジャカルタ 🌧 sampai pagi hari benar, ya"


@pytest.fixture
def ani(db):
    return make_user("Ani Lestari", serial=1)


@pytest.mark.parametrize("password", ["kucing-belang", LONG, "x7-prima-lumbung-padi-kering"])
def test_long_ones_of_any_letters_are_taken(ani, password):
    validate_password(password, ani)


@pytest.mark.parametrize(
    "password",
    [
        "kucing-bela",
        "prima2026prima",
        "Prima-2026-2026",
        "portalprima123",
        "198609262015051001",
        "ani lestari 1",
        "password1234",
    ],
)
def test_guesses_are_refused(ani, password):
    with pytest.raises(ValidationError):
        validate_password(password, ani)


@pytest.mark.parametrize("length", [64, 72, 128, 200])
def test_no_character_is_cut_off(ani, length):
    password = ("é🌧 abcdefg" * 40)[:length]
    ani.set_password(password)
    assert ani.check_password(password)
    assert not ani.check_password(password[:-1])


def test_a_number_of_another_length_is_named_at_sign_in(client, ani):
    answer = client.post("/akun/masuk/", {"login": "19860926201505", "password": "x" * 12})
    assert "NIP terdiri dari 18 angka; yang tertulis 14 angka." in answer.text
